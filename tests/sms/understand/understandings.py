"""What tests of the second stage share: the demo office with its own words for services, and short ways to expect."""

from datetime import date, time

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.sms.understand.understand import understand
from prepazka.sms.understand.understanding import Draft, Hole, Misread, Proposed, Understanding
from tests.sms.understand.readings import MONDAY, OFFICE

SYNONYMS = {
    "občanka": "ZOP",
    "občanku": "ZOP",
    "op": "ZOP",
    "občiansky preukaz": "ZOP",
    "pas": "ZCD",
    "pasy": "ZCD",
    "trvalý pobyt": "PTP",
}
WEDNESDAY = date(2026, 8, 12)
QUARTER = time(9, 15)


def understood(text: str) -> Understanding:
    return understand(text, OFFICE, MONDAY, SYNONYMS)


def booking(
    name: str = "SVOBODA", *, service: str = "ZCD", day: date = WEDNESDAY, at: time = QUARTER, persons: int = 1
) -> Book:
    return Book(service, day, at, name, persons)


def soonest(name: str = "SVOBODA", *, service: str = "ZCD", persons: int = 1) -> BookSoonest:
    return BookSoonest(service, name, persons)


def proposed(text: str) -> Proposed:
    found = understood(text)
    assert isinstance(found, Proposed), found
    return found


def misread(text: str) -> Misread:
    found = understood(text)
    assert isinstance(found, Misread), found
    return found


def book_draft(
    service: str | Hole = "ZCD",
    day: date | Hole | None = WEDNESDAY,
    at: time | Hole | None = QUARTER,
    name: str | Hole = "SVOBODA",
    persons: int = 1,
) -> Draft:
    return Draft("book", service, persons, day=day, at=at, name=name)
