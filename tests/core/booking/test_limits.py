from datetime import date, time, timedelta
from typing import Any

import pytest

from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.decide import decide
from prepazka.core.booking.outcomes import Booked, LimitReached, Moved
from tests.core.booking.contexts import (
    ME,
    MONDAY,
    OTHER,
    TUESDAY,
    booking,
    decided,
    filled,
    outcome,
    submission,
    with_settings,
)

WEDNESDAY = date(2026, 8, 5)
WISH = Book("ZOP", TUESDAY, time(10), "DVORAK")


def held(*services: str, day: date = WEDNESDAY, **changes: Any) -> list[Booking]:
    """So many bookings of mine on one day, of these services."""
    return [
        booking(day, time(8, 15 * i), service, code=str(100000 + i), **changes) for i, service in enumerate(services)
    ]


@pytest.mark.parametrize(
    ("settings", "there", "limit"),
    [
        pytest.param({}, held("ZOP", "POP", "PTP"), None, id="three of four"),
        pytest.param({}, held("ZOP", "POP", "PTP", "RTP"), LimitReached(4, "sender"), id="four of four"),
        pytest.param({}, held("ZOP", "POP", "PTP", "RTP", sender=OTHER), None, id="somebody else's"),
        pytest.param({}, held("ZOP", "POP", "PTP", "RTP", state="cancelled"), None, id="cancelled ones"),
        pytest.param({"open_per_sender": 0}, [], LimitReached(0, "sender"), id="none at all"),
        pytest.param(
            {"open_per_sender_and_service": 2}, held("ZOP", "ZOP"), LimitReached(2, "service"), id="of this service"
        ),
        pytest.param({"open_per_sender_and_service": 2}, held("ZOP", "POP"), None, id="of another service"),
        pytest.param(
            {"open_per_sender_and_agenda": 2},
            held("POP", "ZCD"),
            LimitReached(2, "agenda", agenda=1),
            id="of this agenda",
        ),
        pytest.param({"open_per_sender_and_agenda": 2}, held("ZOP", "PTP"), None, id="of another agenda"),
        pytest.param(
            {"open_per_sender_and_day": 1}, held("PTP", day=TUESDAY), LimitReached(1, "day"), id="on this day"
        ),
        pytest.param({"open_per_sender_and_day": 1}, held("PTP"), None, id="on another day"),
    ],
)
def test_how_much_one_sender_may_hold(
    settings: dict[str, int], there: list[Booking], limit: LimitReached | None
) -> None:
    what = outcome(WISH, *there, office=with_settings(**settings))
    assert (what if isinstance(what, LimitReached) else None) == limit
    assert isinstance(what, Booked) == (limit is None)


@pytest.mark.parametrize(
    ("persons", "allowed"),
    [
        pytest.param(1, True, id="one"),
        pytest.param(3, True, id="as many as allowed"),
        pytest.param(4, False, id="more"),
        pytest.param(0, False, id="nobody"),
        pytest.param(-1, False, id="less than nobody"),
    ],
)
@pytest.mark.parametrize("sender", [ME, ""], ids=["by phone", "without a phone"])
def test_how_many_persons_may_come_by_one_booking(persons: int, allowed: bool, sender: str) -> None:
    office = with_settings(persons_at_most=3)
    for asked in (Book("ZOP", TUESDAY, time(10), "DVORAK", persons), BookSoonest("ZOP", "DVORAK", persons)):
        what = outcome(submission(asked, sender=sender), office=office)
        assert isinstance(what, Booked) if allowed else what == LimitReached(3, "persons")


def test_a_caller_without_a_phone_has_no_limits() -> None:
    office = with_settings(open_per_sender=0, open_per_sender_and_day=0)
    assert isinstance(outcome(submission(WISH, sender=""), office=office), Booked)


def test_the_limit_is_told_before_the_place_is_full() -> None:
    there = held("POP", "ZCD", "PTP", "RTP")
    assert outcome(WISH, *there, *filled(TUESDAY, time(10))) == LimitReached(4, "sender")


def test_bookings_of_the_same_batch_count() -> None:
    office = with_settings(open_per_sender=2)
    wishes = [submission(Book("ZOP", TUESDAY, time(9 + i), "DVORAK"), codes=(str(300000 + i),)) for i in range(3)]
    _, ledger = decided(wishes[0], office=office)
    assert [decide(wish, office, ledger).outcome for wish in wishes[1:]] == ["booked", "limit_reached"]


def test_a_booking_that_is_moved_counts_for_no_limit() -> None:
    office = with_settings(open_per_sender=1, open_per_sender_and_day=1)
    [there] = held("ZOP")
    assert isinstance(outcome(Move(there.code, WEDNESDAY, time(10)), there, office=office), Moved)


def test_soonest_passes_over_a_day_on_which_one_may_hold_no_more() -> None:
    office = with_settings(open_per_sender_and_day=1)
    what = outcome(BookSoonest("ZOP", "DVORAK"), *held("PTP", day=MONDAY), office=office)
    assert isinstance(what, Booked)
    assert what.booking.day == TUESDAY


def test_when_the_limit_leaves_soonest_no_day_the_limit_is_told() -> None:
    office = with_settings(open_per_sender_and_day=1, soonest_days=1)
    there = [*held("PTP", day=MONDAY), *held("PTP", day=MONDAY + timedelta(days=1))]
    assert outcome(BookSoonest("ZOP", "DVORAK"), *there, office=office) == LimitReached(1, "day")
