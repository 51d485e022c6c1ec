"""A ticket given out by mistake: its booking has not come, whatever is asked, and its person still may."""

from datetime import timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, TicketGiven, TooLateToUndo
from prepazka.core.queue.tickets import Ticket, TicketRef
from prepazka.core.reports.bookings import no_shows
from prepazka.flows.counters import arrive, call, hall
from prepazka.flows.counters.undo import undo
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import desk, models, offices, reports, statistics
from prepazka.store.statistics import Period
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import at, book, kept_office, walk_in

pytestmark = pytest.mark.django_db(transaction=True)

RIGHT, WRONG = "604117", "604228"
TODAY = Period(at(9).date(), at(9).date())


@pytest.fixture
def office(transactional_db: None) -> Office:
    """Two people with one surname are booked for the same quarter."""
    office = kept_office()
    book(office, at(9), RIGHT, name="ADAMEC", sender="+420604117228")
    book(office, at(9), WRONG, name="ADAMEC", lane=1, sender="+420604228117")
    return office


def checked_in(office: Office, code: str) -> Ticket:
    given = arrive.check_in(office.id, code, at(8, 50))
    assert isinstance(given, TicketGiven)
    return given.ticket


def mistaken(office: Office, code: str = WRONG) -> Ticket:
    outcome = call.take_out(office.id, "svoboda", checked_in(office, code).ref, at(8, 51), mistake=True)
    assert isinstance(outcome, Acted)
    return outcome.ticket


def booking_of(code: str) -> models.Booking:
    return models.Booking.objects.get(code=code)


def test_it_is_in_no_statistics_and_who_stays_away_is_a_no_show(office: Office) -> None:
    checked_in(office, RIGHT)
    mistaken(office)
    [counted] = statistics.bookings(office, TODAY)
    assert (counted.count, counted.checked_in) == (2, 1)
    booked = reports.booked(office, TODAY)
    assert (sum(one.came for one in booked), sum(one.used for one in booked)) == (1, 15)
    assert no_shows(booked, at(9).date() + timedelta(days=1)).missed == 1
    assert [row.came for row in reports.booking_rows(office, TODAY)] == [True, False]
    assert [(one.kind, one.count) for one in statistics.tickets(office, TODAY)] == [("booking", 1)]


def test_the_managers_board_counts_neither_ticket_nor_somebody_who_left(office: Office) -> None:
    left = walk_in(office, at(8, 30))
    call.take_out(office.id, "svoboda", left.ref, at(8, 40), mistake=False)
    mistaken(office)
    day = hall.hall(office, at(8, 55)).day
    assert (day.issued, day.left) == (1, 1)


def test_the_desk_shows_a_booking_without_a_ticket(office: Office) -> None:
    mistaken(office)
    shown = {one.code: (one.ticket, one.ticket_state) for one in desk.bookings_of_day(office, at(9).date())}
    assert shown == {RIGHT: ("", ""), WRONG: ("", "")}


def test_its_code_is_as_good_as_before_at_the_kiosk(office: Office) -> None:
    before = mistaken(office)
    given = arrive.check_in(office.id, WRONG, at(8, 58))
    assert isinstance(given, TicketGiven)
    assert (given.ticket.kind, given.ticket.label != before.label) == ("booking", True)
    assert models.Ticket.objects.filter(booking=booking_of(WRONG)).count() == 1


def test_its_person_who_never_came_is_told_so_by_sms(office: Office) -> None:
    mistaken(office)
    sms = Inbound("test", "m1", "+420604228117", office.numbers[0], "MOJE", at(10))
    [handled] = receive([sms], at(10))
    assert handled.outcome
    assert [one.became for one in handled.outcome.past] == ["missed"]  # type: ignore[attr-defined]


def test_undone_it_is_the_bookings_ticket_again(office: Office) -> None:
    ticket = mistaken(office)
    assert isinstance(undo(office.id, "svoboda", [ticket.ref], at(8, 51, 9)), Acted)
    row = models.Ticket.objects.get(id=ticket.id)
    assert (row.state, row.booking_id) == ("waiting", booking_of(WRONG).id)
    assert statistics.bookings(office, TODAY)[0].checked_in == 1


@pytest.mark.parametrize("mistake", [True, False])
def test_nothing_is_undone_once_the_booking_was_cancelled(office: Office, *, mistake: bool) -> None:
    out = call.take_out(office.id, "svoboda", checked_in(office, WRONG).ref, at(8, 51), mistake=mistake)
    assert isinstance(out, Acted)
    models.Booking.objects.filter(code=WRONG).update(state="cancelled")
    assert isinstance(undo(office.id, "svoboda", [out.ticket.ref], at(8, 51, 5)), TooLateToUndo)
    assert models.Ticket.objects.get().state == "withdrawn"


def test_nothing_is_undone_once_the_person_has_come_by_another_ticket(office: Office) -> None:
    ticket = mistaken(office)
    assert isinstance(arrive.check_in(office.id, WRONG, at(8, 51, 5)), TicketGiven)
    assert isinstance(undo(office.id, "svoboda", [ticket.ref], at(8, 51, 8)), TooLateToUndo)
    assert list(models.Ticket.objects.order_by("id").values_list("state", flat=True)) == ["withdrawn", "waiting"]


def test_the_ticket_of_another_office_is_not_taken_out(office: Office) -> None:
    ticket = checked_in(office, WRONG)
    other = offices.load(offices.keep(office_like(office, "jinde"), at(6)))
    assert call.take_out(other.id, "svoboda", TicketRef(ticket.id, ticket.version), at(9), mistake=True).outcome == (
        "not_found"
    )
    assert models.Ticket.objects.get().booking_id == booking_of(WRONG).id
