"""Moving by access code and day, off SMS; and a wish to move by SMS that is not done as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from prepazka.core.booking.book import Book, NotBooked, days_of_move, move_to, offer_of_move
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import MissingCode, MissingDate, MissingTime, NotUnderstood
from prepazka.core.booking.outcomes import AlreadyBooked, Moved, Offer, Proposed, TooLate, UnknownBooking
from prepazka.core.booking.propose import Window, nearest_start
from prepazka.core.booking.requests import Days, Reads, Request, Wanted
from prepazka.core.office.office import Office

Completed = MissingCode | MissingDate | MissingTime | NotUnderstood | Proposed | TooLate | NotBooked


@dataclass(frozen=True, slots=True)
class MoveByCode(Request):
    """Move the booking with this code on this day to another start; service: another one it is for, "" for the same."""

    reads = Reads(bookings=True, draws_code=True)
    guesses_code = True

    code: str
    on: date
    day: date
    at: time
    service: str = ""

    @property
    def typed_code(self) -> str:
        """Its code."""
        return self.code

    def days(self, today: date, office: Office) -> Days | None:
        """As of a move to that day."""
        return days_of_move(self.day, today, office.settings)

    def decide(self, context: Context) -> Moved | TooLate | UnknownBooking | NotBooked:
        """See `move_by_code`."""
        return move_by_code(context, self)


# docs/spec/messages.md §7.3: "On the web, at the desk and by programs the code and the day name the booking"
def move_by_code(context: Context, request: MoveByCode) -> Moved | TooLate | UnknownBooking | NotBooked:
    """Move the booking, whoever asks; the same form sent again finds what it did."""
    found = {booking.state: booking for booking in context.ledger.with_code(request.code, request.on)}
    moving = found.get("booked")
    if moving is None:
        there = context.ledger.with_code(request.code, request.day) if "moved" in found else ()
        done = next((one for one in there if (one.state, one.at) == ("booked", request.at)), None)
        return AlreadyBooked(done) if done else UnknownBooking(request.code, request.on)
    service = request.service or moving.service
    return move_to(context, moving, Book(service, request.day, request.at, moving.name, moving.persons))


@dataclass(frozen=True, slots=True)
class MoveSomething(Request):
    """A wish to move without a value, or among other words.

    draft: what was given of code, day and time. hole: the word for the missing value that was sent in its place.
    on_its_day: a time was given and nothing else that may be a day, so that the day of the booking is meant. window:
    about when. of_day: the day of the booking that is meant, where it was said.
    """

    reads = Reads(bookings=True)
    is_doubtful = True

    draft: Draft
    hole: str = ""
    on_its_day: bool = False
    window: Window | None = None
    of_day: date | None = None

    def days(self, today: date, office: Office) -> Days | None:
        """As of a move to that day; a time alone is meant on the day of the booking, which is not known yet."""
        if self.draft.day:
            return days_of_move(self.draft.day, today, office.settings)
        return Days(None, today, today + timedelta(days=office.settings.horizon_days)) if self.on_its_day else None

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted]:
        """None: the booking is not known yet."""
        return ()

    def decide(self, context: Context) -> Completed:
        """See `complete`."""
        return complete(context, self)


# docs/spec/conversation.md §3: "The wish to move is filled in from the one booking of the phone, and proposed once it
# is complete."
def complete(context: Context, request: MoveSomething) -> Completed:
    """Propose the move of the phone's own booking; ask for what is missing."""
    held = _meant(context, request.draft.code, request.of_day)
    draft = replace(request.draft, code=held.code) if held else request.draft
    if held and request.on_its_day:
        draft = replace(draft, day=held.day)  # "posuňte mi to na 10:30": on the same day
    if draft.code is None:
        return MissingCode(draft, hole=request.hole)
    if draft.day is None:
        return MissingDate(draft, request.hole)
    at = (_nearest(context, held, draft.day, request.window) if held and request.window else None) or draft.at
    if at is None:
        return MissingTime(draft, request.hole)
    if held is None:
        return NotUnderstood("", draft)
    offer = offer_of_move(context, held, draft.day, at)
    return Proposed((offer,)) if isinstance(offer, Offer) else offer


def _nearest(context: Context, held: Booking, day: date, window: Window) -> time | None:
    """The free start nearest to what is wanted of that day; None where there is none."""
    service = context.office.service_of.get(held.service)
    if service is None or context.beyond(service, day, window.last):
        return None
    return nearest_start(context, service, day, window, held.persons)


def _meant(context: Context, code: str | None, day: date | None) -> Booking | None:
    """The booking with the code, or of that day, of those the phone holds; without either its only one."""
    own = [one for one in context.open_bookings if code in (None, one.code) and day in (None, one.day)]
    return own[0] if len(own) == 1 else None
