"""Booking: a wanted start, the soonest one, an offered one, and moving what was booked to another start."""

import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice

from prepazka.core.booking import limits
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.cancel import in_time
from prepazka.core.booking.codes import free_code
from prepazka.core.booking.context import Context
from prepazka.core.booking.lanes import Lanes
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    Booked,
    LimitReached,
    Moved,
    NoFreeSlot,
    NothingOffered,
    Offer,
    SlotFull,
    TooLate,
    TooOld,
    UnknownBooking,
    UnknownService,
)
from prepazka.core.booking.places import NotOffered, days, free_places, nearest_free, offered
from prepazka.core.booking.requests import Accept, Book, BookSoonest, Move
from prepazka.core.minutes import Minute
from prepazka.core.office.office import Service
from prepazka.core.office.plan import Place

_OFFERS = 3

NotBooked = UnknownService | AlreadyBooked | TooOld | NotOffered | LimitReached | SlotFull


def book(case: Context, wish: Book) -> Booked | NotBooked:
    """Book a wanted start. Of several reasons against it, the first of this order is told:

    1. the same wish again (`already_booked`): a repeat gets the booking there is, whatever has changed since;
    2. too old a message: what its sender wanted long ago may be wanted no more, so nothing new is promised;
    3. what is wrong with the wish for anybody, from the coarsest on: gone, too far, closed, outside hours, off grid;
    4. limits: the place may well be free, but not for this sender;
    5. taken (`slot_full`): only now are other times offered, for only now could they be had.
    """
    placed = _place(case, wish, None)
    return Booked(placed) if isinstance(placed, Booking) else placed


def move(case: Context, ask: Move) -> Moved | TooLate | UnknownBooking | NotBooked:
    """Move the sender's own active booking; while the new place cannot be had, the old one stays.

    As `book`, but the moved booking counts for no limit. It keeps its code, unless that is taken on the new day or
    the move is a yes to an offer on another day.
    """
    own = [b for b in case.books.active(case.request.sender) if b.code == ask.code]
    if not own:
        again = _same_text(case, case.open_bookings)
        return AlreadyBooked(again) if again else UnknownBooking(ask.code, None)
    moving = min(own, key=lambda b: b.start)  # codes are unique within a day only
    if not in_time(case, moving):
        return TooLate(moving)
    placed = _place(case, Book(moving.service, ask.day, ask.at, moving.name, moving.persons), moving)
    return Moved(placed, moving) if isinstance(placed, Booking) else placed


def accept(case: Context, ask: Accept) -> Booked | Moved | NothingOffered | TooLate | UnknownBooking | NotBooked:
    """Book (or move to) the offer of that number, while offers stand; it may have been taken since."""
    made = case.books.offered_to(case.request.sender)
    if made is None or case.now - made.at > case.office.settings.offer_minutes:
        return NothingOffered()
    if not 1 <= ask.choice <= len(made.offers):
        return NothingOffered()
    offer = made.offers[ask.choice - 1]
    wish = Book(offer.service, offer.day, offer.at, offer.name, offer.persons)
    if not offer.moving:
        return book(case, wish)
    if again := _same_wish(wish, case.open_bookings):  # a second yes: the booking has moved, its code may be another
        return AlreadyBooked(again)
    return move(case, Move(offer.moving, offer.day, offer.at))


def book_soonest(case: Context, wish: BookSoonest) -> Booked | NoFreeSlot | NotBooked:
    """Book the soonest free start, at most `soonest_days` ahead (the town's page: a week).

    A day on which the sender may hold no more is passed over; that limit is told when no other day is left.
    """
    service = case.office.service_of.get(wish.service)
    if service is None:
        return UnknownService(wish.service, ())
    held = case.open_bookings
    of_service = [b for b in held if b.service == service.code]
    if again := _named(of_service, wish.name) or _same_text(case, held):
        return AlreadyBooked(again)
    if case.is_old:
        return TooOld()
    settings = case.office.settings
    if limit := _limit(case, service, wish.persons, held):
        return limit
    last = case.today + timedelta(days=min(settings.soonest_days, settings.horizon_days))
    passed_over = None
    for day in days(case.today, last):
        place = next(free_places(case, service, day, wish.persons), None)
        if place is None:
            continue
        passed_over = _day_limit(case, day, held)
        if passed_over is None:
            found = Book(service.code, day, place.start.at, wish.name, wish.persons)
            if booking := _take(case, service, found, place, None):
                return Booked(booking)
    return passed_over or NoFreeSlot(service, case.today, last)


def _place(case: Context, wish: Book, moving: Booking | None) -> Booking | NotBooked:
    """The booking made, now in the books, or why there is none."""
    service = case.office.service_of.get(wish.service)
    if service is None:
        return UnknownService(wish.service, ())
    held = case.open_bookings
    if again := _same_wish(wish, held) or _same_text(case, held):
        return AlreadyBooked(again)
    if case.is_old:
        return TooOld()
    place = offered(case, service, wish.day, wish.at, wish.persons)
    if not isinstance(place, Place):
        return place
    others = [b for b in held if b is not moving]
    if limit := _limit(case, service, wish.persons, others) or _day_limit(case, wish.day, others):
        return limit
    return _take(case, service, wish, place, moving) or SlotFull(
        service, wish.day, wish.at, _offers(case, service, wish, moving)
    )


def _take(case: Context, service: Service, wish: Book, place: Place, moving: Booking | None) -> Booking | None:
    """Enter a booking of this place in the books, None when no lane is free. Raises OutOfCodes."""
    start = place.start.minute
    end = Minute(start + wish.persons * service.minutes)
    own = moving if moving and (moving.agenda, moving.day) == (service.agenda, wish.day) else None
    lane = _free_lane(case.books.lanes(service.agenda, wish.day), place, end, own)
    if lane is None:
        return None
    booking = Booking(
        id=None,
        service=service.code,
        agenda=service.agenda,
        lane=lane,
        start=start,
        end=end,
        day=wish.day,
        at=wish.at,
        name=wish.name,
        persons=wish.persons,
        sender=case.request.sender,
        code=_code(case, wish.day, moving),
        state="booked",
        text_key=case.request.text_key,
        made_at=case.now,
    )
    if moving:
        case.books.move(moving, booking)
    else:
        case.books.add(booking)
    return booking


def _free_lane(lanes: Lanes, place: Place, end: Minute, own: Booking | None) -> int | None:
    """The lane a booking from this place until `end` would get; one that moves is not in its `own` way."""
    if own:
        lanes.release(own.lane, own.start, own.end)
    found = lanes.free_lane(place.start.minute, end, place.stretch.lanes)
    if own:
        lanes.take(own.lane, own.start, own.end)
    return found


def _code(case: Context, day: date, moving: Booking | None) -> str:
    if moving and moving.day == day:
        return moving.code
    # On other days only the codes asked for and drawn were looked up; a yes to an offer asks for none.
    kept = (moving.code,) if moving and isinstance(case.request.ask, Move) else ()
    return free_code((*kept, *case.request.codes), case.books.codes(day))


def _offers(case: Context, service: Service, wish: Book, moving: Booking | None) -> tuple[Offer, ...]:
    nearest = islice(nearest_free(case, service, wish.day, wish.at, wish.persons), _OFFERS)
    code = moving.code if moving else ""
    return tuple(Offer(service.code, day, at, wish.name, wish.persons, code) for day, at in nearest)


def _limit(case: Context, service: Service, persons: int, held: Sequence[Booking]) -> LimitReached | None:
    """The limit a booking would break on any day; a caller without a phone has no limits of their own."""
    settings = case.office.settings
    of_sender = limits.of_sender(settings, service, held) if case.request.sender else None
    return limits.of_message(settings, persons) or of_sender


def _day_limit(case: Context, day: date, held: Sequence[Booking]) -> LimitReached | None:
    return limits.of_day(case.office.settings, day, held) if case.request.sender else None


def _same_wish(wish: Book, held: Sequence[Booking]) -> Booking | None:
    """The open booking of the same service, start and name."""
    of_start = [b for b in held if b.service == wish.service and b.day == wish.day and b.at == wish.at]
    return _named(of_start, wish.name)


def _named(bookings: Sequence[Booking], name: str) -> Booking | None:
    """The first of the bookings under that name; letter case, diacritics and spacing make no difference."""
    wanted = _folded(name) if bookings else ""
    return next((booking for booking in bookings if _folded(booking.name) == wanted), None)


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _same_text(case: Context, held: Sequence[Booking]) -> Booking | None:
    """The open booking the identical text made a moment ago; a yes says something else after each offer."""
    key = case.request.text_key
    if not key or isinstance(case.request.ask, Accept):
        return None
    since = case.now - case.office.settings.repeat_minutes
    return next((booking for booking in held if booking.text_key == key and booking.made_at >= since), None)
