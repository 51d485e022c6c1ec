"""A process killed with SIGKILL at every step of a day at the counters: acts without an answer are repeated.

Every moment before and after each statement sent to the database is a step. After each kill the press that was not
answered is made again, and those after it; the books must be those of a day without kills.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prepazka.store import models, offices
from tests.journeys import desks
from tests.journeys.conftest import forget_everything
from tests.journeys.test_queue_races import book

NOW = datetime(2026, 8, 3, 8, tzinfo=UTC)


def books(office_id: int) -> Any:
    """Return the data of the day: tickets, their events, seats, the queue's version."""
    tickets = models.Ticket.objects.order_by("number").values_list(
        "number", "state", "agenda__key", "counter__key", "booking__code", "recalls", "version", "called_at", "ended_at"
    )
    events = models.TicketEvent.objects.order_by("ticket__number", "version").values_list(
        "ticket__number", "version", "act", "before", "after", "who", "counter__key", "at"
    )
    seats = models.Staffing.objects.values_list("clerk", "counter__key")
    version = models.QueueState.objects.get(office_id=office_id).version
    return list(tickets), list(events), list(seats), version


def test_killed_at_every_step_the_day_comes_out_the_same(
    run: Callable[..., Any], office_id: int, tmp_path: Path, fatal_steps: Callable[[int], range]
) -> None:
    answered = tmp_path / "answered"
    office = offices.load(office_id)

    def begin() -> None:
        forget_everything()
        answered.write_text("0")
        book(office, NOW, "111111")
        book(office, NOW + timedelta(minutes=15), "222222")
        for one in desks.MORNING:
            one(office_id, NOW)

    begin()
    steps = run(desks.press, office_id, NOW, None, answered)["steps"]
    undisturbed = books(office_id)
    assert [(number, state) for number, state, *_ in undisturbed[0]] == [(1, "done"), (2, "closed")]
    assert steps > len(desks.PRESSES) * 2 * 4, steps
    for fatal in fatal_steps(steps):
        begin()
        assert run(desks.press, office_id, NOW, fatal, answered) is None, f"step {fatal} was not reached"
        for again in desks.PRESSES[int(answered.read_text()) :]:
            again(office_id, NOW)
        assert books(office_id) == undisturbed, f"killed at step {fatal} of {steps}"
