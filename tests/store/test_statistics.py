"""Statistics are counted in the database, alike on both, and include erased rows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, TicketGiven
from prepazka.core.queue.tickets import Destination, Ticket
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.inbound.receive import receive
from prepazka.flows.retention import erase
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices, statistics
from prepazka.store.statistics import BookingCount, MessageCount, Period, TicketCount
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
WEEK = Period(date(2026, 8, 10), date(2026, 8, 14))


@pytest.fixture
def office() -> Office:
    return kept_once(demo_office(), NOW)


def say(place: int, text: str, at: datetime = NOW) -> None:
    receive([Inbound("test", f"{place}", f"+4207770000{place:02}", NUMBER, text, at)], at)


def ticket(office: Office, number: int, came: datetime, waited: int, booking: int | None = None) -> None:
    """Store a ticket that was called after so many minutes."""
    models.Ticket.objects.create(
        office_id=office.id, agenda_id=office.agendas[0].id, day=came.date(), prefix="D", number=number,
        kind="booking" if booking else "walk_in", booking_id=booking, state="done", arrived_at=came,
        called_at=came + timedelta(minutes=waited), served_at=came + timedelta(minutes=waited),
        ended_at=came + timedelta(minutes=waited + 5),
    )  # fmt: skip


def test_bookings_are_counted_by_day_service_and_channel_with_those_who_came(office: Office) -> None:
    for place, hour in enumerate((8, 9, 10)):
        say(place, f"OBJ ZOP 10.8. {hour}:00 JANA")
    say(3, "OBJ PTP 11.8. 8:00 PETR")
    first = models.Booking.objects.order_by("id")[0]
    ticket(office, 1, datetime(2026, 8, 10, 6, tzinfo=UTC), 3, first.id)
    assert statistics.bookings(office, WEEK) == [
        BookingCount(date(2026, 8, 10), "ZOP", "sms", 3, 1),
        BookingCount(date(2026, 8, 11), "PTP", "sms", 1, 0),
    ]


def test_cancelled_bookings_are_counted_when_they_were_cancelled(office: Office) -> None:
    say(1, "OBJ ZOP 10.8. 8:00 JANA")
    code = models.Booking.objects.get().code
    say(1, "POMOC")
    receive([Inbound("test", "x", "+420777000001", NUMBER, f"STORNO {code} 10.8.", NOW)], NOW)
    assert statistics.bookings(office, WEEK) == []
    assert statistics.cancellations(office, Period(NOW.date(), NOW.date())) == 1
    assert statistics.cancellations(office, WEEK) == 0


def test_waits_are_told_by_the_local_hour_people_came_in(office: Office) -> None:
    for number, (minute, waited) in enumerate([(0, 5), (10, 5), (30, 20)], 1):
        ticket(office, number, datetime(2026, 8, 10, 6, minute, tzinfo=UTC), waited)
    found = statistics.waits(office, WEEK)
    assert [(wait.hour.hour, wait.minutes, wait.count) for wait in found] == [(8, 5, 2), (8, 20, 1)]
    assert statistics.tickets(office, WEEK) == [TicketCount(date(2026, 8, 10), "walk_in", 3)]


def test_a_booked_client_waits_from_the_booked_time_on(office: Office) -> None:
    ticket(office, 1, datetime(2026, 8, 10, 6, tzinfo=UTC), 12)
    models.Ticket.objects.update(due_at=datetime(2026, 8, 10, 6, 10, tzinfo=UTC))
    assert [wait.minutes for wait in statistics.waits(office, WEEK)] == [2]


def test_waiting_ends_with_the_first_call_whatever_comes_after(office: Office) -> None:
    came = datetime(2026, 8, 10, 8, 20, tzinfo=UTC)  # 10:20 on the wall

    def after(minutes: int) -> datetime:
        return came + timedelta(minutes=minutes)

    def one(came: object) -> Ticket:
        assert isinstance(came, TicketGiven | Acted), came
        return came.ticket

    for place, who in enumerate(["kopecka", "zeman"]):
        seat.sit_down(office.id, office.counters[place].id, who, came)
    arrive.walk_in(office.id, "ZOP", came)
    first = one(call.call_next(office.id, "kopecka", after(7)))
    first = one(call.recall(office.id, "kopecka", first.ref, after(9)))
    call.transfer(office.id, "kopecka", first.ref, after(11), Destination(counter=office.counters[1].id))
    again = one(call.call_next(office.id, "zeman", after(40)))
    call.serve(office.id, "zeman", again.ref, after(41))
    assert again.label == first.label
    assert [(wait.hour.hour, wait.minutes, wait.count) for wait in statistics.waits(office, WEEK)] == [(10, 7, 1)]


def test_messages_are_counted_by_what_they_came_to(office: Office) -> None:
    for place, text in enumerate(["POMOC", "POMOC", "OBJ ZOP 10.8. 8:00 JANA"]):
        say(place, text)
    day = Period(NOW.date(), NOW.date())
    assert statistics.messages(office, day) == [
        MessageCount(NOW.date(), "booked", 1),
        MessageCount(NOW.date(), "help", 2),
    ]


def test_what_was_erased_is_still_counted(office: Office) -> None:
    say(1, "OBJ ZOP 10.8. 8:00 JANA")
    day = Period(NOW.date(), NOW.date())
    before = statistics.bookings(office, WEEK), statistics.messages(office, day)
    erase(office.id, NOW + timedelta(days=90))
    assert models.Booking.objects.get().name == ""
    assert (statistics.bookings(office, WEEK), statistics.messages(office, day)) == before


def test_another_offices_figures_are_its_own(office: Office) -> None:
    say(1, "OBJ ZOP 10.8. 8:00 JANA")
    other = replace(demo_office(), slug="jinde", numbers=("+420739547766",))
    stranger = offices.load(offices.keep(other, NOW))
    assert statistics.bookings(stranger, WEEK) == []
    assert statistics.messages(stranger, Period(NOW.date(), NOW.date())) == []
