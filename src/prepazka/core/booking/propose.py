"""Proposing: what was read of a text that needed repair is read back, and done only when the sender says yes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Literal, NamedTuple

from prepazka.core.booking.book import Book, BookSoonest, NotBooked, offer_of, soonest
from prepazka.core.booking.context import Context
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import NotUnderstood, UnknownService
from prepazka.core.booking.outcomes import (
    ClosedDay,
    FreeTimesListed,
    InPast,
    NoFreeSlot,
    Offer,
    OffGrid,
    Outcome,
    OutsideHours,
    Proposed,
    TooFar,
)
from prepazka.core.booking.places import days, free_places
from prepazka.core.booking.query import FreeTimes, free_times
from prepazka.core.booking.questions import Unfinished
from prepazka.core.booking.requests import Days, Reads, Request, Wanted
from prepazka.core.minutes import Minute
from prepazka.core.office.office import Office, Service


@dataclass(frozen=True, slots=True)
class BookAfter:
    """The first free start not before `after`; day None: of the nearest day that has one."""

    service: str
    after: time
    name: str
    day: date | None = None
    persons: int = 1

    def days(self, today: date, office: Office) -> Days | None:
        """That day, or as far ahead as the soonest start may be."""
        if self.day is None:
            return BookSoonest(self.service, self.name, self.persons).days(today, office)
        return Book(self.service, self.day, self.after, self.name, self.persons).days(today, office)

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted] | None:
        """Not known: any of its days."""
        return None


class Window(NamedTuple):
    """Times of a day: the start nearest to `wanted` from `first` to `last`. part: only "odpoledne" was said."""

    first: time
    wanted: time
    last: time
    part: bool = False

    def has(self, at: time) -> bool:
        """Whether a start is one of these times."""
        return self.first <= at <= self.last


@dataclass(frozen=True, slots=True)
class BookWithin:
    """The free start nearest to the wanted time of a window: "around noon", "between 9 and 11", "in the morning"."""

    service: str
    day: date
    window: Window
    name: str
    persons: int = 1

    def days(self, today: date, office: Office) -> Days | None:
        """That day."""
        return self.exactly.days(today, office)

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted]:
        """Not known: any of that day."""
        return ()

    @property
    def exactly(self) -> Book:
        """The same at one time: the wanted one, or an hour before it where that is only the end of what is wanted."""
        wanted = self.window.wanted
        at = wanted if wanted <= self.window.last else time(*divmod(max(_minutes(wanted) - 60, 0), 60))
        return Book(self.service, self.day, at, self.name, self.persons)


Reading = Book | BookSoonest | BookAfter | BookWithin

Doubt = Literal["values", "name", "day"]
"""What is doubtful of a reading: any of its values; only the name; only whether the day is the surname instead."""


@dataclass(frozen=True, slots=True)
class Propose(Request):
    """One reading of a text, or two between which the sender chooses; `together`: both are wanted."""

    reads = Reads(bookings=True)
    is_doubtful = True

    readings: tuple[Reading, ...]
    together: bool = False
    doubt: Doubt = "values"

    @property
    def wish(self) -> Unfinished | None:
        """The one reading; of two it is not known which."""
        if len(self.readings) > 1:
            return None
        reading = self.readings[0]
        wish = Unfinished(reading.service, name=reading.name, persons=reading.persons)
        if isinstance(reading, BookSoonest):
            return replace(wish, soonest=True)
        return replace(wish, day=reading.day, at=reading.at if isinstance(reading, Book) else None)

    def days(self, today: date, office: Office) -> Days | None:
        """The days of all readings."""
        found = [days for reading in self.readings if (days := reading.days(today, office))]
        if not found:
            return None
        services = {days.service for days in found}
        first, last = min(days.first for days in found), max(days.last for days in found)
        return Days(services.pop() if len(services) == 1 else None, first, last)

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted] | None:
        """The starts of all readings, if each wants one."""
        found = [reading.wanted_starts(today, office) for reading in self.readings]
        return None if None in found else [one for wanted in found for one in wanted or ()]

    def decide(self, context: Context) -> Outcome:
        """See `propose`."""
        if self.together:
            return propose_both(context, self.readings)
        return propose(context, self.readings, self.doubt)


# docs/spec/conversation.md §2: "A doubtful reading is read back: neither refused nor booked"
def propose(context: Context, readings: tuple[Reading, ...], doubt: Doubt = "values") -> Outcome:
    """Propose what could be booked of the readings; what stands in the way of the first one when none could."""
    found = [_offer(context, reading) for reading in readings]
    offers = tuple(dict.fromkeys(one for one in found if isinstance(one, Offer)))
    if offers:
        return Proposed(offers)
    refused = next(one for one in found if not isinstance(one, Offer))
    first = readings[0]
    return _to_correct(first, refused, doubt) if isinstance(first, Book) and doubt != "name" else refused


# docs/spec/conversation.md §2: "When what was read could not be booked anyway, the reply says why instead, or asks for
# the value in question where that may have been misread."
def _to_correct(reading: Book, refused: Outcome, doubt: Doubt) -> Outcome:
    """What could not be booked as it was read may have been misread: the value in question is asked for."""
    name = None if doubt == "day" else reading.name
    draft = Draft("book", reading.service, None, reading.day, reading.at, name)
    if reading.persons > 1:
        draft = replace(draft, form="book_persons", persons=reading.persons)
    match refused:
        case OutsideHours() | OffGrid():
            return NotUnderstood("", replace(draft, at=None))
        case ClosedDay() | TooFar() | InPast():
            return NotUnderstood("", replace(draft, day=None))
        case _:
            return refused


# docs/spec/conversation.md §2: "The reply proposes both, the second at the
# adjacent free start from the end of the first one on, or from its own day and time on where the message says them."
def propose_both(context: Context, readings: tuple[Reading, ...]) -> Outcome:
    """Propose the first reading, and the second at the first free start after it, or from its own day and time on."""
    first = _offer(context, readings[0])
    if not isinstance(first, Offer):
        return first
    second = _beside(context, first, readings[1])
    return Proposed((first, second), together=True) if second else Proposed((first,))


def _beside(context: Context, first: Offer, reading: Reading) -> Offer | None:
    services = context.office.service_of
    before, service = services[first.service], services.get(reading.service)
    if service is None:
        return None
    place = context.plan(before, first.day).places[first.at]
    end = Minute(place.start.minute + first.persons * before.minutes)
    has_own = isinstance(reading, Book) and (reading.day, reading.at) != (first.day, first.at)
    day, at = (reading.day, reading.at) if isinstance(reading, Book) and has_own else (first.day, time.min)
    if context.beyond(service, day):
        return None
    for found in free_places(context, service, day, reading.persons):
        if (day < first.day or found.start.minute >= end) and found.start.at >= at:
            return Offer(service.code, day, found.start.at, reading.name, reading.persons)
    return None


def _offer(context: Context, reading: Reading) -> Offer | FreeTimesListed | NoFreeSlot | NotBooked:
    match reading:
        case Book():
            return offer_of(context, reading)
        case BookSoonest():
            # What is read back must still be there when the sender says yes.
            wanted = soonest(context, reading, lead=context.office.settings.offer_minutes)
        case BookAfter():
            wanted = _first_after(context, reading)
        case BookWithin():
            within = _within(context, reading)
            return offer_of(context, within) if isinstance(within, Book) else within
    return offer_of(context, wanted) if isinstance(wanted, Book) else wanted


# docs/spec/conversation.md §2: "the first free start after 14:00 of the nearest open day"
def _first_after(context: Context, reading: BookAfter) -> Book | NoFreeSlot | NotBooked:
    service = context.office.service_of.get(reading.service)
    if service is None:
        return UnknownService(reading.service, ())
    if paused := context.paused(service):
        return paused
    settings = context.office.settings
    first = reading.day or context.today
    last = reading.day or context.today + timedelta(days=min(settings.soonest_days, settings.horizon_days))
    if refused := context.beyond(service, first, reading.after):
        return refused
    for day in days(first, last):
        for place in free_places(context, service, day, reading.persons):
            if place.start.at >= reading.after:
                return Book(service.code, day, place.start.at, reading.name, reading.persons)
    closed = context.closed_day(service, first, reading.persons) if reading.day else None
    return closed or NoFreeSlot(service, first, last, reading.persons)


# docs/spec/conversation.md §2: "is read back as the free start nearest to it"
# docs/spec/conversation.md §2: "Where the office is closed in that part, the free times of the day are told."
def _within(context: Context, reading: BookWithin) -> Book | FreeTimesListed | NoFreeSlot:
    """The nearest free start; where there is none, the start or the time for which the reason is told."""
    wanted, window = reading.exactly, reading.window
    service = context.office.service_of.get(reading.service)
    if service is None or context.beyond(service, reading.day, window.last):
        return wanted
    at = nearest_start(context, service, reading.day, window, reading.persons)
    if at is None and window.part:
        at = min((one for one in context.plan(service, reading.day).places if window.has(one)), default=None)
        told = free_times(context, FreeTimes(reading.service, reading.day)) if at is None else None
        if isinstance(told, FreeTimesListed | NoFreeSlot):
            return told
    return wanted if at is None else replace(wanted, at=at)


def nearest_start(context: Context, service: Service, day: date, window: Window, persons: int = 1) -> time | None:
    """The free start of a day nearest to what is wanted; None where none is free in the window."""
    free = [place.start.at for place in free_places(context, service, day, persons)]
    within = [at for at in free if window.has(at)]
    return min(within, key=lambda at: abs(_minutes(at) - _minutes(window.wanted)), default=None)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
