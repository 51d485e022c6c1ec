"""Requests from other channels than SMS: the same rules, and a confirmation by SMS where a number was given."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.outcomes import AlreadyBooked, Booked, Cancelled, LimitReached, SlotFull
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.made_once import kept_once
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
    return kept_once(demo_office(), NOW).id


def test_a_booking_is_confirmed_by_sms_to_the_number_given(office: int) -> None:
    booked = submit(office, BookingRequest(BOOK, "web", ME), NOW)
    assert isinstance(booked, Booked)
    row = models.Booking.objects.get()
    assert (row.channel, row.sender, row.code) == ("web", ME, booked.booking.code)
    said = models.Outbound.objects.get()
    assert (said.kind, said.recipient, said.state, said.booking_id) == ("confirmation", ME, "queued", row.id)
    assert booked.booking.code in said.text


@pytest.mark.parametrize(
    "requested",
    [
        pytest.param(BookingRequest(BOOK, "desk"), id="a caller without a phone"),
        pytest.param(BookingRequest(BOOK, "api", ME, confirm=False), id="whoever asks tells the code"),
    ],
)
def test_no_confirmation_is_sent(office: int, requested: BookingRequest) -> None:
    assert isinstance(submit(office, requested, NOW), Booked)
    assert models.Outbound.objects.count() == 0


def test_a_place_taken_by_sms_is_full_on_the_web_and_the_other_way_round(office: int) -> None:
    receive([Inbound("test", "1", OTHER, "+420739547765", "OBJ PTP 10.8. 14:00 DVORAK", NOW)], NOW)
    assert isinstance(submit(office, BookingRequest(BOOK, "web", ME), NOW), SlotFull)
    submit(office, BookingRequest(Book("RTP", date(2026, 8, 10), time(15), "NOVAK"), "web", ME), NOW)
    (came,) = receive([Inbound("test", "2", OTHER, "+420739547765", "OBJ PTP 10.8. 15:00 DVORAK", NOW)], NOW)
    assert isinstance(came.outcome, SlotFull)


def test_the_limit_of_a_number_counts_all_channels(office: int) -> None:
    for hour in (8, 9, 10):
        submit(office, BookingRequest(Book("ZOP", date(2026, 8, 10), time(hour), "NOVAK"), "web", ME), NOW)
    receive([Inbound("test", "1", ME, "+420739547765", "OBJ ZOP 10.8. 14:00 NOVAK", NOW)], NOW)
    assert isinstance(submit(office, BookingRequest(BOOK, "desk", ME), NOW), LimitReached)


def test_the_same_wish_again_is_one_booking_and_one_confirmation(office: int) -> None:
    submit(office, BookingRequest(BOOK, "web", ME), NOW)
    assert isinstance(submit(office, BookingRequest(BOOK, "web", ME), NOW), AlreadyBooked)
    assert models.Outbound.objects.count() == 1


def test_what_the_web_booked_a_phone_may_cancel(office: int) -> None:
    booked = submit(office, BookingRequest(BookSoonest("ZOP", "NOVAK"), "web", ME), NOW)
    assert isinstance(booked, Booked)
    cancelled = submit(office, BookingRequest(Cancel(booked.booking.code, booked.booking.day), "web"), NOW)
    assert isinstance(cancelled, Cancelled)


# --- the invariant: a form sent again, even at the same moment, makes one booking --------------

HANDS = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", [BOOK, BookSoonest("ZOP", "NOVAK")], ids=["of a time", "of the soonest"])
def test_many_presses_at_once_make_one_booking(asked: Book | BookSoonest) -> None:
    office_id, form, together = offices.keep(demo_office(), NOW), uuid4(), Barrier(HANDS)

    def press() -> str:
        together.wait(20)
        try:
            booked = submit(office_id, BookingRequest(asked, "desk", form=form), NOW)
            assert isinstance(booked, Booked)
            return booked.booking.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as hands:
        codes = {done.result(60) for done in [hands.submit(press) for _ in range(HANDS)]}
    assert codes == {models.Booking.objects.get().code}


def test_a_double_press_is_confirmed_once(office: int) -> None:
    requested = BookingRequest(BOOK, "web", ME, form=uuid4())
    first, second = submit(office, requested, NOW), submit(office, requested, NOW)
    assert isinstance(first, Booked)
    assert isinstance(second, Booked)
    assert first.booking.code == second.booking.code
    assert models.Outbound.objects.count() == 1


def test_the_same_form_with_another_name_is_another_wish(office: int) -> None:
    form = uuid4()
    for name in ("NOVAK", "DVORAK"):
        assert isinstance(submit(office, BookingRequest(BookSoonest("ZOP", name), "desk", form=form), NOW), Booked)
    assert models.Booking.objects.count() == 2


def test_a_form_whose_booking_was_cancelled_makes_another(office: int) -> None:
    requested = BookingRequest(BOOK, "desk", form=uuid4())
    first = submit(office, requested, NOW)
    assert isinstance(first, Booked)
    submit(office, BookingRequest(Cancel(first.booking.code, first.booking.day), "desk"), NOW)
    second = submit(office, requested, NOW)
    assert isinstance(second, Booked)
    assert second.booking.code != first.booking.code
    third = submit(office, requested, NOW)
    assert isinstance(third, Booked)
    assert third.booking.code == second.booking.code


def test_a_key_is_worth_nothing_at_another_office(office: int) -> None:
    other = offices.keep(replace(demo_office(), slug="jiny", numbers=("+420739547766",)), NOW)
    requested = BookingRequest(BOOK, "desk", form=uuid4())
    submit(office, requested, NOW)
    assert isinstance(submit(other, requested, NOW), Booked)
    assert models.Booking.objects.filter(office_id=other).count() == 1
