"""A process killed with SIGKILL at every step of handling messages: nothing lost, nothing twice.

Every moment before and after each statement sent to the database is a step. After each kill the gateway delivers
everything again, as gateways do with what was not acknowledged, and the books must be those of a day without kills.
"""

from collections.abc import Callable
from typing import Any

from prepazka.gateways.values import Inbound
from tests.journeys.conftest import NOW, books, child, forget_everything, message

# Two batches of five, with a place that two senders want, a repeated id, a repeated request, and a text without effect.
DAY = [
    message("m01", "OBJ PTP 10.8. 14:00 NOVAK"),
    message("m02", "OBJ PTP 10.8. 14:00 DVORAK", "+420602000002"),
    message("m03", "OBJ ZOP 10.8. 9:00 NOVAK"),
    message("m01", "OBJ PTP 10.8. 14:00 NOVAK"),
    message("m05", "TERMINY ZOP 10.8.", "+420602000005"),
    message("m06", "OBJ PTP 10.8. 14:00 NOVAK"),
    message("m07", "STORNO 123456 10.8.", "+420602000007"),
    message("m08", "nesmysl 123 456", "+420602000008"),
    message("m09", "OBJ ZOP SVOBODA", "+420602000009"),
    message("m10", "HLIDEJ PTP 10.8.", "INFO"),
]


def kill_at_every_step(
    day: list[Inbound],
    prepare: Callable[[], Any],
    attempt: Callable[[int | None], Any],
    recover: Callable[[], Any],
    fatal_steps: Callable[[int], range],
) -> int:
    """Compare the data after each kill and recovery with those of an undisturbed day; return the number of steps."""
    prepare()
    steps = int(attempt(None)["steps"])
    undisturbed = books()
    assert {number for number, _, _ in undisturbed["messages"]} == {message.id for message in day}
    assert all(state in {"answered", "silent"} for _, state, _ in undisturbed["messages"])
    for fatal in fatal_steps(steps):
        forget_everything()
        prepare()
        assert attempt(fatal) is None, f"step {fatal} was not reached"
        recover()
        assert books() == undisturbed, f"killed at step {fatal} of {steps}"
    return steps


def test_killed_while_the_gateway_waits_for_the_answer(
    run: Callable[..., Any], fatal_steps: Callable[[int], range]
) -> None:
    def hand_in(fatal: int | None) -> Any:
        return run(child.hand_in, DAY, NOW, fatal)

    steps = kill_at_every_step(DAY, lambda: None, hand_in, lambda: hand_in(None), fatal_steps)
    assert steps > 2 * 2 * 8, "two batches of at least eight statements, each with a step before and after it"


def test_killed_while_working_off_what_was_acknowledged(
    run: Callable[..., Any], start: Callable[..., Any], fatal_steps: Callable[[int], range]
) -> None:
    def store() -> None:
        process = start(child.store_only, DAY, NOW)
        process.join(60)
        assert process.exitcode == 0

    def work(fatal: int | None) -> Any:
        return run(child.work_off, NOW, fatal)

    steps = kill_at_every_step(DAY, store, work, lambda: work(None), fatal_steps)
    assert steps > 2 * 8
