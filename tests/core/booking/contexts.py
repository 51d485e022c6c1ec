"""Requests, bookings and facts for tests of the rules, all against the demo office on a quiet Monday morning."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from itertools import count
from typing import Any

from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.misunderstandings import Misunderstanding
from prepazka.core.booking.outcomes import Booked, Moved, Offer, Outcome
from prepazka.core.booking.requests import Request
from prepazka.core.booking.snapshot import Snapshot
from prepazka.core.minutes import Minute, minute
from prepazka.core.office.office import Office
from tests.offices import PRAGUE, demo_office

MONDAY = date(2026, 8, 3)
TUESDAY = date(2026, 8, 4)
NOW = datetime(2026, 8, 3, 7, 30, tzinfo=PRAGUE)
ME, OTHER = "+420777123456", "+420601000001"
CODE = "482913"
OFFICE = demo_office()
ZOP = OFFICE.service_of["ZOP"]
SATURDAY = date(2026, 8, 8)
FRIDAY = date(2026, 8, 7)
OFFERS = (Offer("ZOP", MONDAY, time(9, 15), "NOVAK", 2), Offer("POP", TUESDAY, time(8), "NOVAK"))

_ids = count(1)
_CLOSES = (time(17), time(15), time(17), time(15), time(14, 30))


def with_settings(**changes: Any) -> Office:
    return replace(OFFICE, settings=replace(OFFICE.settings, **changes))


def at(hour: int, minutes: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minutes), tzinfo=PRAGUE)


def submission(asked: Request | Misunderstanding, **changes: Any) -> Submission:
    return Submission(asked, NOW, ME, codes=(CODE,))._replace(**changes)


def booking(day: date, start: time, service: str = "ZOP", office: Office = OFFICE, **changes: Any) -> Booking:
    """A booking the store has kept: of one person, in lane 0, unless said otherwise."""
    of = office.service_of[service]
    begin = minute(datetime.combine(day, start, tzinfo=office.zone))
    made = Booking(
        id=next(_ids),
        service=service,
        agenda=of.agenda,
        lane=0,
        start=begin,
        end=Minute(begin + of.minutes),
        day=day,
        at=start,
        name="NOVAK",
        persons=1,
        sender=ME,
        code="111111",
        state="booked",
        text_key="",
        made_at=minute(at(6)),
    )
    return replace(made, **changes)


def filled(day: date, *starts: time, service: str = "ZOP", office: Office = OFFICE) -> list[Booking]:
    """Both lanes of these starts taken by strangers."""
    return [
        booking(day, start, service, office, lane=lane, sender=OTHER, code=str(200000 + next(_ids)))
        for start in starts
        for lane in (0, 1)
    ]


def full(*days: date) -> list[Booking]:
    """These days taken by strangers."""
    quarters = [time(hour, minutes) for hour in range(8, 17) for minutes in (0, 15, 30, 45)]
    return [
        one for day in days for one in filled(day, *(start for start in quarters if start < _CLOSES[day.weekday()]))
    ]


def facts(bookings: Iterable[Booking], **more: Any) -> Snapshot:
    """All the store would find, if it were asked for everything."""
    kept = list(bookings)
    active = [one for one in kept if one.state == "booked"]
    busy = [(one.agenda, one.start, one.end, 1 << one.lane) for one in active]
    return Snapshot(busy=busy, open=active, coded=kept, **more)


def decided(
    asked: Request | Misunderstanding | Submission, *bookings: Booking, office: Office = OFFICE, **more: Any
) -> tuple[Outcome, Ledger]:
    """What comes of one ask, and the books after it."""
    ledger = Ledger(office, facts(bookings, **more))
    return decide(asked if isinstance(asked, Submission) else submission(asked), office, ledger), ledger


def outcome(
    asked: Request | Misunderstanding | Submission, *bookings: Booking, office: Office = OFFICE, **more: Any
) -> Outcome:
    return decided(asked, *bookings, office=office, **more)[0]


def book(day: date = MONDAY, start: time = time(9), name: str = "NOVAK", persons: int = 1) -> Book:
    return Book("ZOP", day, start, name, persons)


def made(what: Outcome) -> Booking:
    assert isinstance(what, Booked | Moved)
    return what.booking


def long_zop(minutes: int, lanes: int = 2) -> Office:
    """The demo office, but ZOP takes longer than the others of its agenda."""
    agenda = OFFICE.agendas[0]
    rules = tuple(replace(rule, hours=replace(rule.hours, lanes=lanes)) for rule in agenda.rules)
    services = (replace(ZOP, minutes=minutes), *OFFICE.services[1:])
    return replace(OFFICE, services=services, agendas=(replace(agenda, rules=rules), *OFFICE.agendas[1:]))


def soonest(name: str = "NOVAK", persons: int = 1) -> BookSoonest:
    return BookSoonest("ZOP", name, persons)


def moving(start: time = time(10), day: date = MONDAY, code: str = "111111") -> Move:
    return Move(code, day, start)
