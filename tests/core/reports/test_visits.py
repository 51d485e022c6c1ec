"""What the events of a ticket say, where only a few of them are needed."""

from dataclasses import replace
from datetime import date

import pytest

from prepazka.core.minutes import Minute
from prepazka.core.queue.tickets import Act, TicketState
from prepazka.core.reports.visits import (
    Ending,
    Step,
    Visit,
    ending,
    first_wait,
    is_mistake,
    queue_stretches,
    service_stretches,
    without_undone,
)


def visit(*acts: tuple[Act, int, TicketState, str], due: int | None = None) -> Visit:
    """Somebody who comes at minute 0, and what is done at which minute, with the state and the service after it."""
    steps = [Step("arrive", Minute(0), "", "waiting", 1, "ZOP", None, "kiosk")]
    for act, at, after, service in acts:
        steps.append(Step(act, Minute(at), steps[-1].after, after, 1, service, 7, "eva"))
    booked = None if due is None else Minute(due)
    return Visit(date(2026, 8, 3), "walk_in", booked, booked=due is not None, priority=False, steps=steps)


def test_a_service_that_was_corrected_counts_as_what_it_was_corrected_to() -> None:
    one = visit(
        ("call", 5, "called", "ZOP"),
        ("serve", 6, "serving", "ZOP"),
        ("correct", 9, "serving", "POP"),
        ("done", 16, "done", "POP"),
    )
    assert [(found.service, found.minutes) for found in service_stretches(one)] == [("POP", 10)]


def test_a_correction_while_waiting_begins_no_new_stretch() -> None:
    one = visit(("correct", 4, "waiting", "POP"), ("call", 5, "called", "POP"))
    assert [(found.entry, found.minutes, found.called) for found in queue_stretches(one)] == [("arrived", 5, True)]
    assert first_wait(one) == 5


@pytest.mark.parametrize(
    ("acts", "how", "mistake"),
    [
        pytest.param([("leave", 4, "withdrawn", "ZOP")], "left", False, id="went away"),
        pytest.param([("withdraw", 4, "withdrawn", "ZOP")], "withdrawn", False, id="cancelled"),
        pytest.param([("mistake", 4, "withdrawn", "ZOP")], "withdrawn", True, id="by mistake"),
        pytest.param([], "open", False, id="still waits"),
    ],
)
def test_how_a_visit_ends(acts: list[tuple[Act, int, TicketState, str]], how: Ending, mistake: bool) -> None:
    assert (ending(visit(*acts)), is_mistake(visit(*acts))) == (how, mistake)


def test_an_act_that_was_undone_counts_for_nothing() -> None:
    one = visit(
        ("call", 3, "called", "ZOP"),
        ("undo", 3, "waiting", "ZOP"),
        ("call", 8, "called", "ZOP"),
        ("serve", 9, "serving", "ZOP"),
        ("done", 10, "done", "ZOP"),
        ("undo", 10, "serving", "ZOP"),
        ("done", 20, "done", "ZOP"),
    )
    one = replace(one, steps=without_undone(one.steps))
    assert first_wait(one) == 8
    assert [found.minutes for found in queue_stretches(one)] == [8]
    assert [found.minutes for found in service_stretches(one)] == [11]


def test_who_is_called_before_the_booked_time_has_not_waited() -> None:
    assert first_wait(visit(("call", 5, "called", "ZOP"), due=15)) == 0
    [stretch] = queue_stretches(visit(("call", 5, "called", "ZOP"), due=15))
    assert stretch.minutes == 0
