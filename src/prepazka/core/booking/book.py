"""Booking: a wanted start, the soonest one, and moving what was booked to another start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice
from typing import NamedTuple

from prepazka.core.booking import limits
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import free_code
from prepazka.core.booking.context import Context
from prepazka.core.booking.lanes import Lanes
from prepazka.core.booking.misunderstandings import UnknownService
from prepazka.core.booking.names import folded
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    Booked,
    Held,
    LimitReached,
    Moved,
    NoFreeSlot,
    Offer,
    ServicePaused,
    SlotFull,
    TooLate,
    TooOld,
    UnknownBooking,
)
from prepazka.core.booking.places import NotOffered, days, free_places, nearest_free, offered
from prepazka.core.booking.questions import Unfinished
from prepazka.core.booking.requests import Days, Reads, Request, Wanted
from prepazka.core.minutes import Minute
from prepazka.core.office.office import Office, Service, Settings
from prepazka.core.office.plan import Place

_OFFERS = 3

NotBooked = UnknownService | AlreadyBooked | TooOld | ServicePaused | NotOffered | LimitReached | SlotFull


@dataclass(frozen=True, slots=True)
class Book(Request):
    """This service on this day at this time under this name; several persons take adjacent places."""

    reads = Reads(bookings=True, draws_code=True)

    service: str
    day: date
    at: time
    name: str
    persons: int = 1

    @property
    def wish(self) -> Unfinished:
        """All of it."""
        return Unfinished(self.service, self.day, self.at, self.name, self.persons)

    def days(self, today: date, office: Office) -> Days | None:
        """That day, and the week after it for other times to offer."""
        return _with_a_week(self.service, self.day, today, office.settings)

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted]:
        """Its start."""
        return (Wanted(self.service, self.day, self.at, self.persons),) if self.days(today, office) else ()

    def decide(self, context: Context) -> Booked | Held | NotBooked:
        """See `book`."""
        return book(context, self)


@dataclass(frozen=True, slots=True)
class BookSoonest(Request):
    """The soonest free start of this service."""

    reads = Reads(bookings=True, draws_code=True)

    service: str
    name: str
    persons: int = 1

    @property
    def wish(self) -> Unfinished:
        """All of it."""
        return Unfinished(self.service, name=self.name, persons=self.persons, soonest=True)

    def days(self, today: date, office: Office) -> Days:
        """As far ahead as the soonest start may be."""
        ahead = min(office.settings.soonest_days, office.settings.horizon_days)
        return Days(self.service, today, today + timedelta(days=ahead))

    def decide(self, context: Context) -> Booked | Held | NoFreeSlot | NotBooked:
        """See `book_soonest`."""
        return book_soonest(context, self)


@dataclass(frozen=True, slots=True)
class Move(Request):
    """Move the sender's own open booking with this code to another start."""

    reads = Reads(bookings=True, draws_code=True)
    guesses_code = True

    code: str
    day: date
    at: time

    @property
    def typed_code(self) -> str:
        """Its code."""
        return self.code

    @property
    def wish(self) -> Unfinished:
        """All of it; the service is that of the booking."""
        return Unfinished("", self.day, self.at, moving=self.code)

    def days(self, today: date, office: Office) -> Days | None:
        """See `days_of_move`."""
        return days_of_move(self.day, today, office.settings)

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted]:
        """None: the service is that of the booking, which is not known yet."""
        return ()

    def decide(self, context: Context) -> Moved | TooLate | UnknownBooking | NotBooked:
        """See `move`."""
        return move(context, self)


def days_of_move(day: date, today: date, settings: Settings) -> Days | None:
    """The new day, and the week after it for other times to offer."""
    return _with_a_week(None, day, today, settings)


def _with_a_week(service: str | None, day: date, today: date, settings: Settings) -> Days | None:
    last = today + timedelta(days=settings.horizon_days)
    return Days(service, day, min(day + timedelta(days=settings.soonest_days), last)) if today <= day <= last else None


# docs/spec/messages.md §4.1: "Of several reasons against a wanted start, the first of this order is told"
def book(context: Context, wanted: Book) -> Booked | Held | NotBooked:
    """Book a wanted start. Of several reasons against it, the first of this order is told:

    1. the same request again (`already_booked`): a repeat gets the booking there is, whatever has changed since;
    2. too old a message: what its sender wanted long ago may be wanted no more, so nothing new is promised;
       then a service that takes no new bookings, whatever the start;
    3. what is wrong with the start for anybody, from the coarsest on: gone, too far, closed, outside hours, off grid;
    4. limits: the place may well be free, but not for this sender;
    5. taken (`slot_full`): only now are other times offered, for only now could they be had.
    """
    placed = _place(context, wanted, None)
    return _made(placed) if isinstance(placed, Booking) else placed


def _made(placed: Booking) -> Booked | Held:
    return Held(placed) if placed.state == "held" else Booked(placed)


# docs/spec/messages.md §7.3: "While the new place cannot be had, the old one stays."
def move(context: Context, request: Move) -> Moved | TooLate | UnknownBooking | NotBooked:
    """Move the sender's own active booking; while the new place cannot be had, the old one stays.

    As `book`, but the moved booking counts for no limit. It keeps its code, unless that is taken on the new day or
    the move is a yes to an offer on another day.
    """
    own = [b for b in context.known_bookings if b.code == request.code]
    if not own:
        again = _same_text(context, context.current_bookings)
        return AlreadyBooked(again) if again else UnknownBooking(request.code, None)
    moving = min(own, key=lambda b: b.start)  # codes are unique within a day only
    return move_to(context, moving, Book(moving.service, request.day, request.at, moving.name, moving.persons))


def move_to(context: Context, moving: Booking, wanted: Book) -> Moved | TooLate | NotBooked:
    """Move an active booking to a wanted start, if the office's deadline allows it."""
    if not context.in_time(moving):
        return TooLate(moving)
    placed = _place(context, wanted, moving)
    return Moved(placed, moving) if isinstance(placed, Booking) else placed


# docs/spec/messages.md §2: "books the soonest free start, at most one week ahead"
# docs/spec/messages.md §6.3: "For the soonest start, a day on which the sender may hold no more is passed over; the
# limit is told when no other day is left."
def book_soonest(context: Context, wanted: BookSoonest) -> Booked | Held | NoFreeSlot | NotBooked:
    """Book the soonest free start, at most `soonest_days` ahead (the town's page: a week).

    A day on which the sender may hold no more is passed over; that limit is told when no other day is left.
    """
    found = soonest(context, wanted)
    if not isinstance(found, Book):
        return found
    placed = _place(context, found, None)
    return _made(placed) if isinstance(placed, Booking) else placed


def soonest(context: Context, wanted: BookSoonest, lead: int = 0) -> Book | NoFreeSlot | NotBooked:
    """The soonest start that can be booked, `lead` minutes from now at the earliest, or why there is none."""
    service = context.office.service_of.get(wanted.service)
    if service is None:
        return UnknownService(wanted.service, ())
    of_service = [b for b in context.current_bookings if b.service == service.code]
    if again := _named(of_service, wanted.name) or _same_text(context, context.current_bookings):
        return AlreadyBooked(again)
    if context.is_old:
        return TooOld()
    if paused := context.paused(service):
        return paused
    held, settings = context.open_bookings, context.office.settings
    if limit := _limit(context, service, wanted.persons, held):
        return limit
    last = context.today + timedelta(days=min(settings.soonest_days, settings.horizon_days))
    passed_over = None
    for day in days(context.today, last):
        free = free_places(context, service, day, wanted.persons)
        place = next((one for one in free if one.start.minute >= context.now + lead), None)
        if place is None:
            continue
        passed_over = _day_limit(context, day, held)
        if passed_over is None:
            return Book(service.code, day, place.start.at, wanted.name, wanted.persons)
    return passed_over or NoFreeSlot(service, context.today, last, wanted.persons)


def offer_of(context: Context, wanted: Book, moving: Booking | None = None) -> Offer | NotBooked:
    """Return what a yes would book of a wanted start, checked as `book` does, or why it cannot be booked.

    moving: the booking that a yes would move there.
    """
    checked = _checked(context, wanted, moving)
    if not isinstance(checked, _Checked):
        return checked
    service, place = checked
    end = Minute(place.start.minute + wanted.persons * service.minutes)
    own = _in_the_way(moving, service, wanted.day)
    lanes = context.ledger.lanes_between(service.agenda, wanted.day, place.start.minute, end)
    if _free_lane(lanes, place, end, own) is None:
        return SlotFull(service, wanted.day, wanted.at, _offers(context, service, wanted, moving), wanted.persons)
    code = moving.code if moving else ""
    return Offer(service.code, wanted.day, wanted.at, wanted.name, wanted.persons, code)


def offer_of_move(context: Context, moving: Booking, day: date, at: time) -> Offer | TooLate | NotBooked:
    """Return what a yes would move a booking to, checked as `move` does, or why it cannot be moved there."""
    if not context.in_time(moving):
        return TooLate(moving)
    return offer_of(context, Book(moving.service, day, at, moving.name, moving.persons), moving)


# docs/spec/messages.md §6.3: "A booking that moves counts for no limit."
def _place(context: Context, wanted: Book, moving: Booking | None) -> Booking | NotBooked:
    """The booking made, now in the ledger, or why there is none."""
    checked = _checked(context, wanted, moving)
    if not isinstance(checked, _Checked):
        return checked
    service, place = checked
    return _take(context, service, wanted, place, moving) or SlotFull(
        service, wanted.day, wanted.at, _offers(context, service, wanted, moving), wanted.persons
    )


class _Checked(NamedTuple):
    """A wanted start against which nothing speaks but that it may be taken."""

    service: Service
    place: Place


def _checked(context: Context, wanted: Book, moving: Booking | None) -> _Checked | NotBooked:
    service = context.office.service_of.get(wanted.service)
    if service is None:
        return UnknownService(wanted.service, ())
    current = context.current_bookings
    if current and (again := _same_wish(wanted, current) or _same_text(context, current)):
        return AlreadyBooked(again)
    if context.is_old:
        return TooOld()
    if moving is None and (paused := context.paused(service)):
        return paused
    place = offered(context, service, wanted.day, wanted.at, wanted.persons)
    if not isinstance(place, Place):
        return place
    others = [b for b in context.open_bookings if b is not moving]
    limit = _limit(context, service, wanted.persons, others) or _day_limit(context, wanted.day, others)
    return limit or _Checked(service, place)


# docs/spec/messages.md §6.4: "Several persons take adjacent places: one booking as long as all of them need, in one
# lane, with one access code."
def _take(context: Context, service: Service, wanted: Book, place: Place, moving: Booking | None) -> Booking | None:
    """Enter a booking of this place in the ledger; None when no lane is free. Raises OutOfCodes."""
    start = place.start.minute
    end = Minute(start + wanted.persons * service.minutes)
    own = _in_the_way(moving, service, wanted.day)
    lanes = context.ledger.lanes_between(service.agenda, wanted.day, start, end)
    lane = _free_lane(lanes, place, end, own)
    if lane is None:
        return None
    booking = Booking(
        id=None,
        service=service.code,
        agenda=service.agenda,
        lane=lane,
        start=start,
        end=end,
        day=wanted.day,
        at=wanted.at,
        name=wanted.name,
        persons=wanted.persons,
        sender=moving.sender if moving else context.submission.sender,
        code=_code(context, wanted.day, moving),
        state="held" if context.submission.hold else "booked",
        text_key=context.submission.text_key,
        made_at=context.now,
        calls=moving.calls if moving else context.submission.calls,
        note=moving.note if moving else "",
    )
    if moving:
        context.ledger.move(moving, booking)
    else:
        context.ledger.add(booking)
    return booking


def _in_the_way(moving: Booking | None, service: Service, day: date) -> Booking | None:
    """The booking that moves, where it is among those of the new day."""
    return moving if moving and (moving.agenda, moving.day) == (service.agenda, day) else None


def _free_lane(lanes: Lanes, place: Place, end: Minute, own: Booking | None) -> int | None:
    """The lane a booking from this place until `end` would get; one that moves is not in its `own` way."""
    if own:
        lanes.release(own.lane, own.start, own.end)
    found = lanes.free_lane(place.start.minute, end, place.stretch.lanes)
    if own:
        lanes.take(own.lane, own.start, own.end)
    return found


# docs/spec/messages.md §7.3: "The booking keeps its code, unless that code is taken on the new day or the move was a
# yes to an offer on another day."
def _code(context: Context, day: date, moving: Booking | None) -> str:
    if moving and moving.day == day:
        return moving.code
    # On other days only the codes asked for and drawn were looked up; a yes to an offer asks for none.
    kept = (moving.code,) if moving and not context.submission.answers_question else ()
    return free_code((*kept, *context.submission.codes), context.ledger.codes(day))


def other_times(context: Context, wanted: Book) -> SlotFull | ServicePaused | UnknownService:
    """The nearest free starts instead of one that can no longer be had."""
    service = context.office.service_of.get(wanted.service)
    if service is None:
        return UnknownService(wanted.service, ())
    paused = context.paused(service)
    return paused or SlotFull(service, wanted.day, wanted.at, _offers(context, service, wanted, None), wanted.persons)


def _offers(context: Context, service: Service, wanted: Book, moving: Booking | None) -> tuple[Offer, ...]:
    nearest = islice(nearest_free(context, service, wanted.day, wanted.at, wanted.persons), _OFFERS)
    code = moving.code if moving else ""
    return tuple(Offer(service.code, day, at, wanted.name, wanted.persons, code) for day, at in nearest)


# docs/spec/messages.md §6.3: "A caller without a phone has no limits of their own."
def _limit(context: Context, service: Service, persons: int, held: Sequence[Booking]) -> LimitReached | None:
    """The limit a booking would break on any day; a caller without a phone has no limits of their own."""
    settings = context.office.settings
    of_sender = limits.of_sender(settings, service, held) if context.submission.sender else None
    return limits.of_message(settings, persons) or of_sender


def _day_limit(context: Context, day: date, held: Sequence[Booking]) -> LimitReached | None:
    return limits.of_day(context.office.settings, day, held) if context.submission.sender else None


# docs/spec/messages.md §6.2: "The same service, start and name again, from the same sender with that booking still
# open, is `already_booked`."
def _same_wish(wanted: Book, held: Sequence[Booking]) -> Booking | None:
    """The open booking of the same service, start and name."""
    of_start = [b for b in held if b.service == wanted.service and b.day == wanted.day and b.at == wanted.at]
    return _named(of_start, wanted.name)


def _named(bookings: Sequence[Booking], name: str) -> Booking | None:
    """The first of the bookings under that name; letter case, diacritics and spacing make no difference."""
    wanted = folded(name) if bookings else ""
    return next((booking for booking in bookings if folded(booking.name) == wanted), None)


# docs/spec/messages.md §6.2: "The identical text again within `repeat_minutes`, while the booking it made is open, is
# `already_booked`."
def _same_text(context: Context, held: Sequence[Booking]) -> Booking | None:
    """The open booking the identical text made a moment ago; a yes says something else after each offer."""
    key = context.submission.text_key
    if not key or context.submission.answers_question:
        return None
    since = context.now - context.office.settings.repeat_minutes
    return next((booking for booking in held if booking.text_key == key and booking.made_at >= since), None)
