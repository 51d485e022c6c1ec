"""Calling: who is called where, what a clerk may do, and that a click sent twice acts once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import (
    Acted,
    Busy,
    ChangedMeanwhile,
    Impossible,
    NobodyWaits,
    NotFound,
    NotSeated,
    Occupied,
    OnBreak,
    Paused,
    Seated,
    StoodUp,
)
from prepazka.core.queue.tickets import Destination, Ticket, TicketRef
from prepazka.flows.counters import arrive, board, call, seat
from prepazka.store import models, offices
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import at, book, called, kept_office, served, sit, ticket, walk_in

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[int, str, TicketRef, datetime], Any]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_office()


@pytest.fixture
def first(office: Office) -> Ticket:
    """The first of two tickets, called to the counter of clerk novak."""
    walk_in(office, at(9))
    walk_in(office, at(9, 1))
    sit(office, 0, "novak")
    return called(office, "novak", at(9, 2))


def park_at_ten(office_id: int, who: str, ref: TicketRef, now: datetime) -> Any:
    return call.park(office_id, who, ref, now, at(10))


def hand_over(office_id: int, who: str, ref: TicketRef, now: datetime) -> Any:
    return call.transfer(office_id, who, ref, now, Destination())


# --- who is next -------------------------------------------------------------------------------


def test_people_are_called_in_order_of_arrival(office: Office) -> None:
    waiting = [walk_in(office, at(9, minutes)) for minutes in range(3)]
    sit(office, 0, "novak")
    sit(office, 1, "svoboda")
    labels = [called(office, "novak", at(9, 5)).label, called(office, "svoboda", at(9, 5)).label]
    assert labels == [waiting[0].label, waiting[1].label]


def test_a_booking_goes_first_once_its_time_has_come(office: Office) -> None:
    book(office, at(9, 10), "111111")
    ticket(arrive.check_in(office.id, "111111", at(9)))
    walk_in(office, at(9, 1))
    walk_in(office, at(9, 2))
    sit(office, 0, "novak")
    order = [served(office, "novak", at(9, minute), at(9, minute)).label for minute in (9, 10, 11)]
    assert order == ["D2", "D1", "D3"]


def test_a_counter_calls_only_what_it_serves(office: Office) -> None:
    walk_in(office, at(9), "PTP")
    sit(office, 0, "novak")
    assert call.call_next(office.id, "novak", at(9, 5)) == NobodyWaits(parked=0)
    sit(office, 1, "svoboda")
    assert called(office, "svoboda", at(9, 5)).label == "E1"


def test_a_call_says_where_and_is_recorded(office: Office, first: Ticket) -> None:
    assert (first.state, first.counter, first.called_at) == ("called", office.counters[0].id, at(9, 2))
    event = models.TicketEvent.objects.get(act="call")
    assert (event.ticket_id, event.who, event.at, event.before, event.after, event.counter_id) == (
        first.id,
        "novak",
        at(9, 2),
        "waiting",
        "called",
        office.counters[0].id,
    )


# --- a press sent twice, a page grown old ----------------------------------------------------------


def test_next_pressed_twice_is_the_same_ticket(office: Office, first: Ticket) -> None:
    assert call.call_next(office.id, "novak", at(9, 3)) == Acted(first)
    assert models.Ticket.objects.filter(state="called").count() == 1


def test_next_while_serving_calls_nobody(office: Office, first: Ticket) -> None:
    serving = ticket(call.serve(office.id, "novak", first.ref, at(9, 3)))
    assert call.call_next(office.id, "novak", at(9, 4)) == Busy(serving)


def test_next_may_end_the_client_seen_in_the_same_press(office: Office, first: Ticket) -> None:
    serving = ticket(call.serve(office.id, "novak", first.ref, at(9, 3)))
    second = ticket(call.call_next(office.id, "novak", at(9, 9), ending=serving.ref))
    assert second.label == "D2"
    assert models.Ticket.objects.get(id=first.id).state == "done"
    again = call.call_next(office.id, "novak", at(9, 9), ending=serving.ref)
    assert again == Acted(second), "pressed twice"
    serving = ticket(call.serve(office.id, "novak", second.ref, at(9, 10)))
    assert call.call_next(office.id, "novak", at(9, 11), ending=first.ref) == Busy(serving), "an old page"


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(call.recall, id="recall"),
        pytest.param(call.serve, id="serve"),
        pytest.param(call.not_here, id="not here"),
        pytest.param(park_at_ten, id="park"),
        pytest.param(hand_over, id="transfer"),
    ],
)
def test_an_act_pressed_twice_is_done_once(office: Office, first: Ticket, act: Act) -> None:
    came = act(office.id, "novak", first.ref, at(9, 5))
    assert act(office.id, "novak", first.ref, at(9, 5, 1)) == came
    assert models.Ticket.objects.get(id=first.id).version == first.version + 1


def test_an_old_page_changes_nothing(office: Office, first: Ticket) -> None:
    serving = ticket(call.serve(office.id, "novak", first.ref, at(9, 5)))
    assert call.not_here(office.id, "novak", first.ref, at(9, 6)) == ChangedMeanwhile(serving)
    assert call.done(office.id, "novak", first.ref, at(9, 6)) == ChangedMeanwhile(serving)


def test_another_clerks_act_is_seen_as_a_change(office: Office, first: Ticket) -> None:
    parked = ticket(call.park(office.id, "novak", first.ref, at(9, 5), at(9, 30)))
    sit(office, 1, "svoboda")
    mine = ticket(call.call_one(office.id, "svoboda", parked.ref, at(9, 6)))
    assert call.call_one(office.id, "novak", parked.ref, at(9, 6)) == ChangedMeanwhile(mine)


# --- what may follow what ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "of"),
    [
        pytest.param(call.call_one, "called", id="call who is called"),
        pytest.param(call.done, "called", id="done without serving"),
        pytest.param(call.call_one, "serving", id="call who is served"),
        pytest.param(call.recall, "serving", id="recall who is here"),
        pytest.param(call.not_here, "serving", id="not here who is here"),
        pytest.param(call.serve, "serving", id="serve twice"),
        pytest.param(call.serve, "done", id="serve who is done"),
        pytest.param(hand_over, "done", id="transfer who is done"),
        pytest.param(call.recall, "waiting", id="recall who was not called"),
        pytest.param(call.serve, "waiting", id="serve who was not called"),
        pytest.param(call.done, "waiting", id="end who was not called"),
    ],
)
def test_what_the_table_does_not_have_cannot_be_done(office: Office, first: Ticket, act: Act, of: str) -> None:
    seen = first
    if of == "waiting":
        seen = board.queue(office, at(9, 3))[1]
    if of in {"serving", "done"}:
        seen = ticket(call.serve(office.id, "novak", seen.ref, at(9, 3)))
    if of == "done":
        seen = ticket(call.done(office.id, "novak", seen.ref, at(9, 4)))
    assert act(office.id, "novak", seen.ref, at(9, 5)) == Impossible(seen)


def test_nobody_acts_on_another_counters_client(office: Office, first: Ticket) -> None:
    sit(office, 1, "svoboda")
    for act in (call.recall, call.serve, call.not_here, park_at_ten, hand_over):
        assert act(office.id, "svoboda", first.ref, at(9, 3)) == Impossible(first)


def test_tickets_and_counters_of_another_office_are_not_found(office: Office, first: Ticket) -> None:
    other = offices.load(offices.keep(office_like(office, "jinde"), at(6)))
    sit(other, 0, "novak")
    assert call.serve(other.id, "novak", first.ref, at(9, 3)) == NotFound("ticket")
    assert seat.sit_down(other.id, office.counters[0].id, "svoboda", at(9)) == NotFound("counter")
    elsewhere = Destination(counter=other.counters[0].id)
    assert call.transfer(office.id, "novak", first.ref, at(9, 3), elsewhere) == NotFound("counter")
    elsewhere = Destination(agenda=other.agendas[0].id)
    assert call.transfer(office.id, "novak", first.ref, at(9, 3), elsewhere) == NotFound("agenda")


def test_clerks_act_only_when_seated(office: Office, first: Ticket) -> None:
    assert call.call_next(office.id, "svoboda", at(9, 3)) == NotSeated()
    assert call.serve(office.id, "svoboda", first.ref, at(9, 3)) == NotSeated()


# --- not here ------------------------------------------------------------------------------------


def test_who_does_not_come_is_called_again_later(office: Office, first: Ticket) -> None:
    gone = ticket(call.not_here(office.id, "novak", first.ref, at(9, 3)))
    assert (gone.state, gone.parked_until, gone.counter) == ("waiting", at(9, 8), None)
    assert served(office, "novak", at(9, 4), at(9, 5)).label == "D2"
    assert call.call_next(office.id, "novak", at(9, 7, 59)) == NobodyWaits(parked=1)
    assert called(office, "novak", at(9, 8)).label == "D1"


def test_who_was_recalled_often_enough_is_absent(office: Office, first: Ticket) -> None:
    one = first
    for minutes in (10, 20, 30):
        one = ticket(call.not_here(office.id, "novak", one.ref, at(9, minutes)))
        assert one.state == "waiting"
        one = ticket(call.call_one(office.id, "novak", one.ref, at(9, minutes + 6)))
    one = ticket(call.not_here(office.id, "novak", one.ref, at(9, 40)))
    assert (one.state, one.ended_at) == ("absent", at(9, 40))


def test_recalling_in_place_counts_too(office: Office, first: Ticket) -> None:
    one = first
    for seconds in (10, 20, 30):
        one = ticket(call.recall(office.id, "novak", one.ref, at(9, 3, seconds)))
        assert (one.state, one.called_at) == ("called", at(9, 3, seconds))
    assert ticket(call.not_here(office.id, "novak", one.ref, at(9, 4))).state == "absent"


def test_who_came_after_all_starts_anew(office: Office, first: Ticket) -> None:
    one = ticket(call.recall(office.id, "novak", first.ref, at(9, 3)))
    one = ticket(call.serve(office.id, "novak", one.ref, at(9, 4)))
    assert one.recalls == 0


# --- park and transfer -----------------------------------------------------------------------------


def test_a_parked_ticket_comes_back_in_its_old_place(office: Office, first: Ticket) -> None:
    parked = ticket(call.park(office.id, "novak", first.ref, at(9, 3), at(9, 30)))
    assert (parked.state, parked.arrived_at) == ("waiting", at(9))
    assert called(office, "novak", at(9, 30)).label == "D1"


def test_a_ticket_keeps_its_number_in_another_agenda(office: Office, first: Ticket) -> None:
    evidence = office.agendas[1]
    moved = ticket(call.transfer(office.id, "novak", first.ref, at(9, 5), Destination(agenda=evidence.id)))
    assert (moved.label, moved.agenda, moved.service, moved.state) == ("D1", evidence.id, "", "waiting")
    sit(office, 2, "dvorak")
    assert called(office, "dvorak", at(9, 6)).label == "D1"


def test_a_ticket_for_a_given_counter_is_left_to_it(office: Office, first: Ticket) -> None:
    sit(office, 1, "svoboda")
    sit(office, 2, "dvorak")
    call.transfer(office.id, "novak", first.ref, at(9, 5), Destination(counter=office.counters[2].id))
    assert called(office, "novak", at(9, 6)).label == "D2"
    assert call.call_next(office.id, "svoboda", at(9, 6)) == NobodyWaits(parked=0)
    assert called(office, "dvorak", at(9, 6)).label == "D1", "even of an agenda it does not serve"


def test_a_given_counter_where_nobody_sits_holds_nobody_up(office: Office, first: Ticket) -> None:
    call.transfer(office.id, "novak", first.ref, at(9, 5), Destination(counter=office.counters[2].id))
    assert called(office, "novak", at(9, 6)).label == "D1"


def test_a_transfer_for_later(office: Office, first: Ticket) -> None:
    call.transfer(office.id, "novak", first.ref, at(9, 5), Destination(until=at(11)))
    assert served(office, "novak", at(9, 6), at(9, 7)).label == "D2"
    assert call.call_next(office.id, "novak", at(10, 59)) == NobodyWaits(parked=1)
    assert called(office, "novak", at(11)).label == "D1"


def test_any_clerk_may_park_or_transfer_who_waits(office: Office, first: Ticket) -> None:
    sit(office, 1, "svoboda")
    second = board.queue(office, at(9, 3))[1]
    assert ticket(call.park(office.id, "svoboda", second.ref, at(9, 3), at(10))).parked_until == at(10)


# --- counters --------------------------------------------------------------------------------------


def test_one_clerk_a_counter(office: Office, first: Ticket) -> None:
    counter = office.counters[0]
    assert seat.sit_down(office.id, counter.id, "svoboda", at(9)) == Occupied(counter, "novak")
    taken = seat.sit_down(office.id, counter.id, "svoboda", at(9, 5), take_over=True)
    assert taken == Seated(counter, first), "the client comes with the counter"
    assert seat.seat(office.id, "novak") == NotSeated()
    assert ticket(call.serve(office.id, "svoboda", first.ref, at(9, 6))).state == "serving"


def test_one_counter_a_clerk(office: Office) -> None:
    sit(office, 0, "novak")
    sit(office, 2, "novak")
    assert seat.seat(office.id, "novak") == Seated(office.counters[2])
    assert models.Staffing.objects.count() == 1
    assert isinstance(seat.sit_down(office.id, office.counters[2].id, "novak", at(9)), Seated), "pressed twice"


def test_nobody_leaves_a_client_behind(office: Office, first: Ticket) -> None:
    assert seat.sit_down(office.id, office.counters[2].id, "novak", at(9, 3)) == Busy(first)
    assert seat.stand_up(office.id, "novak", at(9, 3)) == Busy(first)
    assert seat.pause(office.id, "novak", at(9, 3), paused=True) == Busy(first)
    ticket(call.not_here(office.id, "novak", first.ref, at(9, 4)))
    assert seat.stand_up(office.id, "novak", at(9, 5)) == StoodUp()
    assert seat.stand_up(office.id, "novak", at(9, 5)) == StoodUp(), "pressed twice"
    assert call.call_next(office.id, "novak", at(9, 6)) == NotSeated()


def test_a_counter_on_a_break_calls_nobody(office: Office) -> None:
    one = walk_in(office, at(9))
    sit(office, 0, "novak")
    counter = office.counters[0]
    assert seat.pause(office.id, "novak", at(9, 1), paused=True) == OnBreak(counter, True)
    assert call.call_next(office.id, "novak", at(9, 2)) == Paused(counter)
    assert call.call_one(office.id, "novak", one.ref, at(9, 2)) == Paused(counter)
    assert seat.pause(office.id, "novak", at(9, 3), paused=False) == OnBreak(counter, False)
    assert called(office, "novak", at(9, 3)) is not None
    assert seat.pause(office.id, "svoboda", at(9, 3), paused=True) == NotSeated()


def test_who_forgot_last_nights_ticket_is_told(office: Office, first: Ticket) -> None:
    tomorrow = at(9) + timedelta(days=1)
    serving = ticket(call.serve(office.id, "novak", first.ref, at(9, 3)))
    walk_in(office, tomorrow)
    assert call.call_next(office.id, "novak", tomorrow) == Busy(serving)
    assert isinstance(call.done(office.id, "novak", serving.ref, tomorrow), Acted)
    assert called(office, "novak", tomorrow).day == tomorrow.date()


# --- records and cost --------------------------------------------------------------------------------


def test_every_version_of_a_ticket_has_its_event(office: Office, first: Ticket) -> None:
    one = ticket(call.recall(office.id, "novak", first.ref, at(9, 3)))
    one = ticket(call.serve(office.id, "novak", one.ref, at(9, 4)))
    one = ticket(call.transfer(office.id, "novak", one.ref, at(9, 5), Destination()))
    events = models.TicketEvent.objects.filter(ticket_id=first.id).order_by("version")
    assert [(event.version, event.act, event.before, event.after) for event in events] == [
        (1, "arrive", "", "waiting"),
        (2, "call", "waiting", "called"),
        (3, "recall", "called", "called"),
        (4, "serve", "called", "serving"),
        (5, "transfer", "serving", "waiting"),
    ]
    assert all(event.counter_id == office.counters[0].id for event in list(events)[1:])


def test_calling_costs_the_same_however_many_wait(office: Office) -> None:
    sit(office, 0, "novak")
    walk_in(office, at(9))
    served(office, "novak", at(9), at(9))
    counts = []
    for crowd in (1, 40):
        for _ in range(crowd):
            walk_in(office, at(9, 1))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            one = called(office, "novak", at(9, 2))
        counts.append(len(queries))
        one = ticket(call.serve(office.id, "novak", one.ref, at(9, 2)))
        call.done(office.id, "novak", one.ref, at(9, 2))
    assert counts[0] == counts[1] <= 12
