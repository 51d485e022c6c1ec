"""The life of a ticket: one table, walked here from its beginning to each of its ends."""

from datetime import timedelta
from typing import get_args

import pytest

from prepazka.core.office.office import Settings
from prepazka.core.queue import transitions
from prepazka.core.queue.tickets import ACTIVE, ACTS, UNDOABLE, UNPERFORMED, Act, Destination, Ticket, TicketState
from tests.core.queue.tickets import at, booked, ticket
from tests.offices import EVIDENCE

SETTINGS = Settings()
WAITING = ticket()
CALLED = transitions.call(WAITING, 1, at(9, 5))
SERVING = transitions.serve(CALLED, at(9, 6))


def test_the_table_is_about_known_acts_and_states() -> None:
    acts, states = {act for act, _ in ACTS}, {state for _, state in ACTS} | set(ACTS.values())
    assert acts == set(get_args(Act)) - {"arrive", "undo"}, "an undo leads back where the table came from"
    assert acts >= UNDOABLE
    assert states == set(get_args(TicketState))


def test_an_end_is_an_end() -> None:
    assert {state for act, state in ACTS if act != "revive"} == ACTIVE
    assert {state for act, state in ACTS if act == "revive"} == {"absent", "withdrawn"}, "here after all"
    reached = {"waiting"}
    for _ in range(3):
        reached |= {after for (_, before), after in ACTS.items() if before in reached}
    assert reached == set(get_args(TicketState)), "every state can be reached"


def test_every_state_that_is_no_end_is_closed_by_the_day() -> None:
    assert {state for act, state in ACTS if act == "close"} == ACTIVE


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(CALLED, id="call"),
        pytest.param(transitions.recall(CALLED, at(9, 6)), id="recall"),
        pytest.param(SERVING, id="serve"),
        pytest.param(transitions.done(SERVING, at(9, 20)), id="done"),
        *(pytest.param(transitions.unperformed(SERVING, why, at(9, 20)), id=why) for why in UNPERFORMED),
        pytest.param(transitions.not_here(CALLED, SETTINGS, at(9, 6)), id="not here"),
        pytest.param(transitions.park(SERVING, at(10)), id="park"),
        pytest.param(transitions.transfer(SERVING, Destination()), id="transfer"),
        pytest.param(transitions.close(CALLED, at(24)), id="close"),
        pytest.param(transitions.withdraw(WAITING, at(9, 5)), id="withdraw"),
    ],
)
def test_whoever_is_or_was_at_a_counter_is_told_apart(after: Ticket) -> None:
    assert (after.counter is None) == (after.state in {"waiting", "withdrawn"})
    assert (after.label, after.arrived_at, after.booking) == (WAITING.label, WAITING.arrived_at, WAITING.booking)
    assert after.version > WAITING.version


def test_an_act_the_table_does_not_have_is_a_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        transitions.done(WAITING, at(10))


@pytest.mark.parametrize(("recalls", "state"), [(0, "waiting"), (2, "waiting"), (3, "absent"), (4, "absent")])
def test_not_here_ends_after_the_offices_number_of_recalls(recalls: int, state: TicketState) -> None:
    called = CALLED
    for _ in range(recalls):
        called = transitions.recall(called, at(9, 7))
    gone = transitions.not_here(called, SETTINGS, at(9, 8))
    assert gone.state == state
    assert gone.parked_until == (at(9, 8) + timedelta(minutes=5) if state == "waiting" else None)


def test_a_transfer_to_another_agenda_no_longer_knows_what_for() -> None:
    moved = transitions.transfer(SERVING, Destination(agenda=EVIDENCE, counter=3, until=at(10)))
    assert (moved.agenda, moved.service, moved.reserved_for, moved.parked_until) == (EVIDENCE, "", 3, at(10))
    stays = transitions.transfer(SERVING, Destination())
    assert (stays.agenda, stays.service, stays.reserved_for, stays.parked_until) == (WAITING.agenda, "ZOP", None, None)


def test_a_booking_stays_one_wherever_it_goes() -> None:
    one = transitions.transfer(transitions.call(booked(at(9), at(9)), 1, at(9)), Destination(agenda=EVIDENCE))
    assert (one.kind, one.due_at) == ("booking", at(9))


def test_a_call_frees_from_parking_and_reservation() -> None:
    one = ticket(parked_until=at(9), reserved_for=3)
    called = transitions.call(one, 1, at(9, 5))
    assert (called.parked_until, called.reserved_for, called.counter, called.called_at) == (None, None, 1, at(9, 5))
