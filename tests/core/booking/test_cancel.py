from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.booking.book import Book
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Freed
from prepazka.core.booking.outcomes import AlreadyCancelled, Booked, Cancelled, SlotFull, TooLate, UnknownBooking
from tests.core.booking.contexts import (
    MONDAY,
    NOW,
    OFFICE,
    OTHER,
    TUESDAY,
    at,
    booking,
    decided,
    filled,
    outcome,
    submission,
    with_settings,
)
from tests.offices import DOKLADY


def cancel(code: str = "111111", day: date = MONDAY) -> Cancel:
    return Cancel(code, day)


@pytest.mark.parametrize("sender", [pytest.param(OTHER, id="another phone"), pytest.param("", id="no phone")])
@pytest.mark.parametrize(
    "sent", [pytest.param(None, id="sent now"), pytest.param(at(9, day=date(2026, 8, 1)), id="old")]
)
def test_code_and_date_cancel_a_booking_whoever_sends_them_and_however_late(sender: str, sent: datetime | None) -> None:
    there = booking(MONDAY, time(9))
    what, ledger = decided(submission(cancel(), sender=sender, sent=sent), there)
    after = replace(there, state="cancelled")
    assert what == Cancelled(after)
    assert (ledger.new, ledger.changed) == ([], [after])
    assert ledger.freed == [Freed(DOKLADY, MONDAY, there.start)]


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        pytest.param(cancel("999999"), {}, id="no such code"),
        pytest.param(cancel(day=TUESDAY), {}, id="another day"),
        pytest.param(cancel(), {"state": "moved"}, id="moved away from that day"),
    ],
)
def test_code_and_date_must_both_be_right(asked: Cancel, changes: dict[str, str]) -> None:
    there = replace(booking(MONDAY, time(9)), **changes)  # type: ignore[arg-type]  # a table of any fields
    what, ledger = decided(asked, there)
    own = there if (asked.code, there.state) == (there.code, "booked") else None
    assert what == UnknownBooking(asked.code, asked.day, own)
    assert (ledger.new, ledger.changed, ledger.freed) == ([], [], [])


def test_a_booking_moved_within_its_day_is_cancelled_by_its_code() -> None:
    before = booking(MONDAY, time(9), state="moved")
    now = booking(MONDAY, time(10))
    assert outcome(cancel(), now, before) == Cancelled(replace(now, state="cancelled"))


def test_cancelled_before() -> None:
    there = booking(MONDAY, time(9), state="cancelled")
    assert outcome(cancel(), there) == AlreadyCancelled(there)


def test_cancelled_before_in_the_same_batch() -> None:
    there = booking(MONDAY, time(9))
    _, ledger = decided(cancel(), there)
    assert decide(submission(cancel()), OFFICE, ledger) == AlreadyCancelled(replace(there, state="cancelled"))


@pytest.mark.parametrize(
    ("now", "deadline", "expected"),
    [
        pytest.param(at(9), 0, "cancelled", id="in the minute of its start"),
        pytest.param(at(9, 1), 0, "too_late", id="begun"),
        pytest.param(at(8), 60, "cancelled", id="just before the deadline"),
        pytest.param(at(8, 1), 60, "too_late", id="after the deadline"),
    ],
)
def test_until_when_a_booking_may_be_cancelled(now: datetime, deadline: int, expected: str) -> None:
    there = booking(MONDAY, time(9))
    what = outcome(submission(cancel(), now=now), there, office=with_settings(cancel_until_minutes=deadline))
    assert what.outcome == expected
    if expected == "too_late":
        assert what == TooLate(there)


def next_in_batch(reoffer_minutes: int) -> tuple[str, list[Freed]]:
    """Cancel in a full start, and what comes of a stranger's wish for it in the same batch."""
    office = with_settings(reoffer_minutes=reoffer_minutes)
    taken = filled(MONDAY, time(9))
    _, ledger = decided(cancel(taken[1].code), *taken, office=office)
    wish = submission(Book("ZOP", MONDAY, time(9), "DVORAK"))
    return decide(wish, office, ledger).outcome, ledger.freed


def test_a_cancelled_place_is_free_for_the_next_message_and_then_not_freed_for_watchers() -> None:
    assert next_in_batch(reoffer_minutes=0) == (Booked.outcome, [])


def test_within_the_reoffer_delay_a_cancelled_place_is_free_for_nobody() -> None:
    assert next_in_batch(reoffer_minutes=1) == (SlotFull.outcome, [])


@pytest.mark.parametrize(
    "there",
    [
        pytest.param(booking(MONDAY, time(9, 5)), id="no start is offered then any more"),
        pytest.param(booking(date(2026, 8, 8), time(9)), id="the day is closed now"),
        pytest.param(booking(MONDAY, time(9), agenda=99), id="the agenda is gone"),
    ],
)
def test_a_place_nobody_can_book_is_not_freed(there: Booking) -> None:
    _, ledger = decided(cancel(day=there.day), there)
    assert len(ledger.changed) == 1
    assert ledger.freed == []


def test_a_place_above_todays_lanes_is_not_freed_while_the_others_are_taken() -> None:
    third = booking(MONDAY, time(9), lane=2)
    _, ledger = decided(cancel(), third, *filled(MONDAY, time(9)))
    assert ledger.freed == []


def test_two_places_of_one_start_are_freed_once() -> None:
    taken = filled(MONDAY, time(9))
    _, ledger = decided(cancel(taken[0].code), *taken)
    decide(submission(cancel(taken[1].code)), OFFICE, ledger)
    assert ledger.freed == [Freed(DOKLADY, MONDAY, taken[0].start)]


def test_made_and_cancelled_in_one_batch_is_kept_once_as_cancelled() -> None:
    wish = submission(Book("ZOP", MONDAY, time(9), "NOVAK"), codes=("333333",))
    _, ledger = decided(wish)
    decide(submission(cancel("333333"), now=NOW + timedelta(minutes=1)), OFFICE, ledger)
    assert [one.state for one in ledger.new] == ["cancelled"]
    assert ledger.changed == []
    assert isinstance(decide(wish._replace(codes=("444444",)), OFFICE, ledger), Booked)
    assert [one.state for one in ledger.new] == ["cancelled", "booked"]
