"""Wishes off SMS: the same rules as every message, and a confirmation by SMS to whoever gave a number."""

from datetime import UTC, date, datetime, time

import pytest

from prepazka.core.asks import Book, BookSoonest, Cancel
from prepazka.core.outcomes import AlreadyBooked, Booked, Cancelled, LimitReached, SlotFull
from prepazka.flows.receive import receive
from prepazka.flows.wish import Wish, grant
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ME, OTHER = "+420777123456", "+420602111222"
BOOK = Book("PTP", date(2026, 8, 10), time(14), "NOVAK")


@pytest.fixture(autouse=True)
def simulator(settings: object) -> None:
    settings.SIMULATOR = True  # type: ignore[attr-defined]  # pytest-django's settings have any


@pytest.fixture
def office() -> int:
    return offices.keep(demo_office(), NOW)


def test_a_booking_is_confirmed_by_sms_to_the_number_given(office: int) -> None:
    booked = grant(office, Wish(BOOK, "web", ME), NOW)
    assert isinstance(booked, Booked)
    row = models.Booking.objects.get()
    assert (row.channel, row.sender, row.code) == ("web", ME, booked.booking.code)
    said = models.Outbound.objects.get()
    assert (said.kind, said.recipient, said.state, said.booking_id) == ("confirmation", ME, "queued", row.id)
    assert booked.booking.code in said.text


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param(Wish(BOOK, "desk"), id="a caller without a phone"),
        pytest.param(Wish(BOOK, "api", ME, confirm=False), id="whoever asks tells the code"),
    ],
)
def test_no_confirmation_is_sent(office: int, wish: Wish) -> None:
    assert isinstance(grant(office, wish, NOW), Booked)
    assert models.Outbound.objects.count() == 0


def test_a_place_taken_by_sms_is_full_on_the_web_and_the_other_way_round(office: int) -> None:
    receive([Inbound("test", "1", OTHER, "+420739547765", "OBJ PTP 10.8. 14:00 DVORAK", NOW)], NOW)
    assert isinstance(grant(office, Wish(BOOK, "web", ME), NOW), SlotFull)
    grant(office, Wish(Book("RTP", date(2026, 8, 10), time(15), "NOVAK"), "web", ME), NOW)
    (came,) = receive([Inbound("test", "2", OTHER, "+420739547765", "OBJ PTP 10.8. 15:00 DVORAK", NOW)], NOW)
    assert isinstance(came.outcome, SlotFull)


def test_the_limit_of_a_number_counts_all_channels(office: int) -> None:
    for hour in (8, 9, 10):
        grant(office, Wish(Book("ZOP", date(2026, 8, 10), time(hour), "NOVAK"), "web", ME), NOW)
    receive([Inbound("test", "1", ME, "+420739547765", "OBJ ZOP 10.8. 14:00 NOVAK", NOW)], NOW)
    assert isinstance(grant(office, Wish(BOOK, "desk", ME), NOW), LimitReached)


def test_the_same_wish_again_is_one_booking_and_one_confirmation(office: int) -> None:
    grant(office, Wish(BOOK, "web", ME), NOW)
    assert isinstance(grant(office, Wish(BOOK, "web", ME), NOW), AlreadyBooked)
    assert models.Outbound.objects.count() == 1


def test_what_the_web_booked_a_phone_may_cancel(office: int) -> None:
    booked = grant(office, Wish(BookSoonest("ZOP", "NOVAK"), "web", ME), NOW)
    assert isinstance(booked, Booked)
    cancelled = grant(office, Wish(Cancel(booked.booking.code, booked.booking.day), "web"), NOW)
    assert isinstance(cancelled, Cancelled)
