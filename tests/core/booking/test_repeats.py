from dataclasses import replace
from datetime import time, timedelta

import pytest

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.outcomes import AlreadyBooked, Booked, InPast
from prepazka.core.minutes import minute
from tests.core.booking.contexts import (
    MONDAY,
    NOW,
    OTHER,
    TUESDAY,
    at,
    book,
    booking,
    outcome,
    submission,
    with_settings,
)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        pytest.param("NOVAK", {}, "already_booked", id="the same"),
        pytest.param("Novák", {}, "already_booked", id="letter case and diacritics make no difference"),
        pytest.param("NOVAKOVA", {}, "booked", id="another name"),
        pytest.param("NOVAK", {"sender": OTHER}, "booked", id="another sender"),
        pytest.param("NOVAK", {"sender": ""}, "booked", id="no phone"),
        pytest.param("NOVAK", {"service": "POP"}, "booked", id="another service"),
        pytest.param("NOVAK", {"at": time(9, 15)}, "booked", id="another start"),
        pytest.param("NOVAK", {"day": TUESDAY}, "booked", id="another day"),
        pytest.param("NOVAK", {"state": "cancelled"}, "booked", id="cancelled meanwhile"),
    ],
)
def test_the_same_wish_again_gets_the_booking_there_is(name: str, changes: dict[str, object], expected: str) -> None:
    there = replace(booking(MONDAY, time(9), lane=1), **changes)  # type: ignore[arg-type]  # a table of any fields
    what = outcome(book(name=name), there)
    assert what.outcome == expected
    if expected == "already_booked":
        assert what == AlreadyBooked(there)


def test_a_caller_without_a_phone_may_book_the_same_for_two() -> None:
    there = booking(MONDAY, time(9), sender="")
    assert isinstance(outcome(submission(book(), sender=""), there), Booked)


@pytest.mark.parametrize(
    ("ago", "changes", "expected"),
    [
        pytest.param(10, {}, "already_booked", id="within ten minutes"),
        pytest.param(11, {}, "booked", id="later it is a new wish"),
        pytest.param(10, {"text_key": "other"}, "booked", id="another text"),
        pytest.param(10, {"sender": OTHER}, "booked", id="another sender"),
        pytest.param(10, {"state": "cancelled"}, "booked", id="cancelled meanwhile"),
    ],
)
@pytest.mark.parametrize("asked", [book(TUESDAY), BookSoonest("POP", "NOVAK")], ids=["book", "soonest"])
def test_the_identical_text_again_is_a_repeat(
    asked: Book | BookSoonest, ago: int, changes: dict[str, object], expected: str
) -> None:
    there = booking(MONDAY, time(9), text_key="zitra 9:00", made_at=minute(NOW - timedelta(minutes=ago)))
    there = replace(there, **changes)  # type: ignore[arg-type]  # a table of any fields
    assert outcome(submission(asked, text_key="zitra 9:00"), there).outcome == expected


def test_a_repeat_is_told_its_booking_before_anything_else() -> None:
    there = booking(MONDAY, time(9))
    office = with_settings(notice_minutes=600, open_per_sender=1, persons_at_most=1)
    assert outcome(submission(book(persons=2), sent=NOW - timedelta(days=1)), there, office=office) == AlreadyBooked(
        there
    )


def test_a_booking_is_open_until_the_minute_it_starts() -> None:
    there = booking(MONDAY, time(9))
    assert outcome(submission(book(), now=at(9)), there) == AlreadyBooked(there)


def test_a_booking_that_has_begun_is_the_same_until_its_check_in_window_ends() -> None:
    there = booking(MONDAY, time(9))
    assert outcome(submission(book(), now=at(9, 15)), there) == AlreadyBooked(there)
    assert outcome(submission(book(), now=at(9, 16)), there) == InPast(MONDAY, time(9), 0)
