"""What tests of reading messages share: the demo office, a Monday, and short ways to say what is expected."""

from datetime import date, time
from typing import Any

from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import Misunderstanding
from prepazka.core.booking.query import FreeTimes
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.parse import Reading, parse
from tests.offices import demo_office

OFFICE = demo_office()
MONDAY = date(2026, 8, 3)
TUESDAY = date(2026, 8, 4)
NEXT_MONDAY = date(2026, 8, 10)
TWO = time(14)

ACTING = (Book, BookSoonest, Cancel, Move)
"""Asks that change something if they can be granted."""


def read(text: str, today: date = MONDAY) -> Request | Misunderstanding:
    return parse(text, OFFICE, today).request


def reading(text: str, today: date = MONDAY) -> Reading:
    return parse(text, OFFICE, today)


def book(day: date = NEXT_MONDAY, at: time = TWO, name: str = "NOVAK", persons: int = 1) -> Book:
    return Book("ZOP", day, at, name, persons)


def soonest(name: str = "NOVAK", persons: int = 1) -> BookSoonest:
    return BookSoonest("ZOP", name, persons)


def drafted(form: str, service: str | None = "ZOP", **given: Any) -> Draft:
    """A draft of what the sender gave; what is not said here is a hole."""
    takes_service = form.split("_", maxsplit=1)[0] in {"book", "soonest", "free", "watch", "queue"}
    return Draft(form, service=service if takes_service else None, **given)


FULL = drafted("book", day=NEXT_MONDAY, at=TWO, name="NOVAK")
DAYLESS = drafted("book", at=TWO, name="NOVAK")
TIMELESS = drafted("book", day=NEXT_MONDAY, name="NOVAK")


def cancel(code: str = "482913", day: date = NEXT_MONDAY) -> Cancel:
    return Cancel(code, day)


def free(day: date = NEXT_MONDAY, since: time | None = None) -> FreeTimes:
    return FreeTimes("ZOP", day, since)


def move(code: str = "482913", day: date = NEXT_MONDAY, at: time = TWO) -> Move:
    return Move(code, day, at)
