"""Arriving: each outcome of a code, tickets without a booking, numbers, quotas and hours."""

from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import (
    AlreadyUsed,
    CancelledCode,
    CheckIn,
    ClosedNow,
    Dropped,
    NoMoreToday,
    NotFound,
    QuotaUsedUp,
    TooEarly,
    TooLateForCode,
    UnknownCode,
    WalkIn,
    WrongDay,
)
from prepazka.core.queue.tickets import TicketRef
from prepazka.flows.counters import arrive, board, call
from prepazka.store import models, offices
from tests.flows.counters.working_day import at, book, kept_office, sit, ticket, walk_in

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "482913"
MONDAY_HOURS = ((time(8), time(11, 30)), (time(12, 30), time(17)))


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_office()


def check_in(office: Office, now: datetime, code: str = CODE) -> CheckIn:
    return arrive.check_in(office.id, code, now)


# --- by code -----------------------------------------------------------------------------------


def test_a_code_in_time_gives_a_priority_ticket(office: Office) -> None:
    booking = book(office, at(14), CODE)
    given = ticket(check_in(office, at(13, 50)))
    assert (given.label, given.kind, given.booking, given.service) == ("D1", "booking", booking.id, "ZOP")
    assert (given.due_at, given.arrived_at, given.state) == (at(14), at(13, 50), "waiting")


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param(at(9), TooEarly(time(13, 45), time(14)), id="hours before"),
        pytest.param(at(13, 44, 59), TooEarly(time(13, 45), time(14)), id="a second before the window"),
        pytest.param(at(13, 45), None, id="the window begins"),
        pytest.param(at(14, 15), None, id="the window ends"),
        pytest.param(at(14, 15, 59), None, id="while the clock on the wall still shows that minute"),
        pytest.param(at(14, 16), TooLateForCode(time(14), time(14, 15)), id="a minute after the window"),
        pytest.param(at(18), TooLateForCode(time(14), time(14, 15)), id="in the evening"),
    ],
)
def test_the_window_of_a_code(office: Office, now: datetime, outcome: CheckIn | None) -> None:
    book(office, at(14), CODE)
    came = check_in(office, now)
    assert (came == outcome) if outcome else ticket(came).kind == "booking"
    assert models.Ticket.objects.exists() == (outcome is None)


def test_the_window_is_the_offices() -> None:
    office = kept_office(check_in_before_minutes=60, check_in_after_minutes=0)
    book(office, at(14), CODE)
    assert check_in(office, at(14, 1)) == TooLateForCode(time(14), time(14))
    assert ticket(check_in(office, at(13))).kind == "booking"


@pytest.mark.parametrize("days", [-1, 1, 30])
def test_a_code_of_another_day_is_told_as_that_and_no_more(office: Office, days: int) -> None:
    book(office, at(14) + timedelta(days=days), CODE)
    assert check_in(office, at(14)) == WrongDay()


def test_todays_booking_is_meant_where_there_is_one(office: Office) -> None:
    book(office, at(14) + timedelta(days=1), CODE)
    today = book(office, at(14), CODE)
    assert ticket(check_in(office, at(14))).booking == today.id


def test_a_cancelled_code_is_told_as_that(office: Office) -> None:
    book(office, at(14), CODE, state="cancelled")
    assert check_in(office, at(14)) == CancelledCode()


def test_a_cancelled_booking_of_another_day_is_not_told_of(office: Office) -> None:
    book(office, at(14) + timedelta(days=1), CODE, state="cancelled")
    assert check_in(office, at(14)) == UnknownCode()


def test_a_place_booked_again_under_the_same_code_counts(office: Office) -> None:
    book(office, at(14), CODE, state="cancelled")
    book(office, at(14), CODE)
    assert ticket(check_in(office, at(14))).kind == "booking"


def test_a_booking_moved_to_another_day_is_of_the_wrong_day(office: Office) -> None:
    book(office, at(14), CODE, state="moved")
    assert check_in(office, at(14)) == WrongDay()


def test_an_unknown_code(office: Office) -> None:
    book(office, at(14), CODE)
    assert check_in(office, at(14), "111111") == UnknownCode()


def test_a_code_of_another_office_is_unknown(office: Office) -> None:
    book(office, at(14), CODE)
    other = offices.keep(office_like(office, "jinde"), at(6))
    assert arrive.check_in(other, CODE, at(14)) == UnknownCode()


def office_like(office: Office, slug: str) -> Office:
    return Office(
        id=0,
        slug=slug,
        name=office.name,
        zone=office.zone,
        numbers=(),
        agendas=office.agendas,
        services=office.services,
        counters=office.counters,
    )


def test_a_code_checks_in_once(office: Office) -> None:
    book(office, at(14), CODE)
    first = ticket(check_in(office, at(13, 50)))
    again = check_in(office, at(13, 51))
    assert isinstance(again, AlreadyUsed)
    assert (again.ticket, again.agenda.key) == (first, "doklady")
    assert models.Ticket.objects.count() == 1


def given_up(office: Office, counter: int = 0, who: str = "kopecka") -> None:
    """Call the next ticket until its client counts as absent."""
    sit(office, counter, who, at(14))
    for minutes in range(0, 90, 15):
        found = ticket(call.call_next(office.id, who, at(14, minutes)))
        if ticket(call.not_here(office.id, who, found.ref, at(14, minutes))).state == "absent":
            return


def test_who_was_called_in_vain_gets_a_new_place_and_keeps_the_number(office: Office) -> None:
    book(office, at(14), CODE)
    first = ticket(check_in(office, at(13, 50)))
    given_up(office)
    dropped = check_in(office, at(14, 10))
    assert isinstance(dropped, Dropped)
    assert dropped.ticket.label == first.label
    others = ticket(arrive.walk_in(office.id, "ZOP", at(14, 40)))
    again = ticket(arrive.late_ticket(office.id, CODE, at(14, 50)))
    assert (again.label, again.kind, again.state, again.recalls) == (first.label, "late", "waiting", 0)
    called = [ticket(call.call_next(office.id, "kopecka", at(14, 51))).label]
    call.serve(office.id, "kopecka", queue_ref(others.id), at(14, 52))
    called.append(ticket(call.call_next(office.id, "kopecka", at(14, 55), ending=queue_ref(others.id))).label)
    assert called == [others.label, first.label], "behind those who came meanwhile"
    assert models.Ticket.objects.count() == 2


def queue_ref(ticket_id: int) -> TicketRef:
    row = models.Ticket.objects.get(id=ticket_id)
    return TicketRef(row.id, row.version)


def test_a_clerk_checks_in_a_client_without_the_code(office: Office) -> None:
    booking = book(office, at(14), CODE)

    def here(now: datetime) -> CheckIn:
        return arrive.check_in_booking(office.id, booking.id, now, "kopecka")

    assert here(at(9)) == TooEarly(time(13, 45), time(14))
    assert ticket(here(at(13, 47))).kind == "booking"
    assert isinstance(here(at(13, 48)), AlreadyUsed)
    given_up(office)
    assert ticket(here(at(15, 20))).kind == "late"
    assert {one.who for one in models.TicketEvent.objects.filter(act__in=["arrive", "revive"])} == {"kopecka"}


def test_a_clerk_gives_a_late_client_an_ordinary_ticket_even_after_closing(office: Office) -> None:
    booking = book(office, at(16, 30), CODE)
    given = ticket(arrive.check_in_booking(office.id, booking.id, at(17, 20), "kopecka"))
    assert (given.kind, given.booking) == ("late", booking.id)


def test_a_clerk_of_another_office_checks_nobody_in(office: Office) -> None:
    other = offices.load(offices.keep(office_like(office, "jinde"), at(6)))
    booking = book(office, at(14), CODE)
    assert arrive.check_in_booking(other.id, booking.id, at(13, 50), "cizi") == UnknownCode()
    assert models.Ticket.objects.count() == 0


def test_a_late_client_gets_an_ordinary_ticket(office: Office) -> None:
    booking = book(office, at(14), CODE)
    late = ticket(arrive.late_ticket(office.id, CODE, at(14, 30)))
    assert (late.kind, late.booking, late.service, late.label) == ("late", booking.id, "ZOP", "D1")
    assert isinstance(check_in(office, at(14, 31)), AlreadyUsed)
    assert isinstance(arrive.late_ticket(office.id, CODE, at(14, 31)), AlreadyUsed)


def test_a_late_ticket_within_the_window_is_the_priority_one(office: Office) -> None:
    book(office, at(14), CODE)
    assert ticket(arrive.late_ticket(office.id, CODE, at(14))).kind == "booking"


def test_no_late_ticket_before_the_window_nor_after_closing(office: Office) -> None:
    book(office, at(14), CODE)
    assert isinstance(arrive.late_ticket(office.id, CODE, at(13)), TooEarly)
    assert isinstance(arrive.late_ticket(office.id, CODE, at(17)), ClosedNow)
    assert not models.Ticket.objects.exists()


# --- without a booking -------------------------------------------------------------------------


def test_numbers_count_up_by_prefix(office: Office) -> None:
    labels = [walk_in(office, at(9), what).label for what in ("ZOP", "PTP", "pop", "evidence", "doklady")]
    assert labels == ["D1", "E1", "D2", "E2", "D3"]


def test_numbers_begin_anew_every_day(office: Office) -> None:
    walk_in(office, at(9))
    assert walk_in(office, at(9) + timedelta(days=1)).label == "D1"


def test_agendas_of_one_prefix_share_their_numbers() -> None:
    office = kept_office()
    models.Agenda.objects.update(prefix="X")
    models.Office.objects.update(version=99)
    assert [walk_in(office, at(9), what).label for what in ("ZOP", "PTP", "ZOP")] == ["X1", "X2", "X3"]


def test_what_a_ticket_is_for(office: Office) -> None:
    of_service, of_agenda = walk_in(office, at(9), "ZOP"), walk_in(office, at(9), "doklady")
    assert (of_service.service, of_agenda.service) == ("ZOP", "")
    assert of_service.agenda == of_agenda.agenda
    assert arrive.walk_in(office.id, "XYZ", at(9)) == NotFound("service")


def test_every_arrival_is_recorded(office: Office) -> None:
    walk_in(office, at(9))
    event = models.TicketEvent.objects.get()
    assert (event.who, event.at, event.act, event.before, event.after) == ("kiosk", at(9), "arrive", "", "waiting")


@pytest.mark.parametrize(
    ("now", "hours", "next_open"),
    [
        pytest.param(at(7, 59, 59), MONDAY_HOURS, date(2026, 8, 4), id="before opening"),
        pytest.param(at(17), MONDAY_HOURS, date(2026, 8, 4), id="after closing"),
        pytest.param(at(24 * 5 + 10), (), date(2026, 8, 10), id="on a Saturday"),
    ],
)
def test_no_ticket_while_closed(
    office: Office, now: datetime, hours: tuple[tuple[time, time], ...], next_open: date
) -> None:
    came = arrive.walk_in(office.id, "ZOP", now)
    assert came == ClosedNow(office.agendas[0], hours, next_open)


def test_tickets_stop_before_closing(office: Office) -> None:
    assert walk_in(office, at(16, 44, 59)).label == "D1"
    came = arrive.walk_in(office.id, "ZOP", at(16, 45))
    assert came == NoMoreToday(office.agendas[0], time(16, 45), MONDAY_HOURS)


def test_a_midday_break_stops_nobody(office: Office) -> None:
    assert walk_in(office, at(12)).state == "waiting"


def quota_of(office: Office, quota: int) -> None:
    models.Agenda.objects.filter(id=office.agendas[0].id).update(walk_ins_per_day=quota)
    models.Office.objects.filter(id=office.id).update(version=99)


def test_tickets_stop_at_the_days_quota(office: Office) -> None:
    quota_of(office, 2)
    book(office, at(9), CODE)
    ticket(check_in(office, at(9)))
    came: list[WalkIn] = [arrive.walk_in(office.id, "ZOP", at(9)) for _ in range(3)]
    assert [ticket(one).label for one in came[:2]] == ["D2", "D3"]
    last = came[2]
    assert isinstance(last, QuotaUsedUp)
    assert (last.agenda.key, last.quota, last.hours) == ("doklady", 2, MONDAY_HOURS)
    assert walk_in(office, at(9), "PTP").label == "E1", "another agenda has its own"
    assert walk_in(office, at(9) + timedelta(days=1)).label == "D1", "and so has another day"


def test_a_clerk_may_add_whom_the_kiosk_refuses(office: Office) -> None:
    quota_of(office, 0)
    added = ticket(arrive.add_walk_in(office.id, "ZOP", at(16, 59), "novak"))
    assert (added.label, models.TicketEvent.objects.get().who) == ("D1", "novak")
    assert arrive.add_walk_in(office.id, "XYZ", at(9), "novak") == NotFound("service")


@pytest.mark.parametrize("priority_tickets", [True, False])
def test_priority_is_the_offices_to_give(priority_tickets: bool) -> None:
    office = kept_office(priority_tickets=priority_tickets)
    assert walk_in(office, at(9), priority=True).priority == priority_tickets


def test_arriving_is_seen_by_who_watches(office: Office) -> None:
    before = board.versions([office.id])[office.id]
    walk_in(office, at(9))
    assert board.versions([office.id])[office.id] == before + 1
    arrive.walk_in(office.id, "ZOP", at(7))
    assert board.versions([office.id])[office.id] == before + 1, "a refusal changes nothing"
