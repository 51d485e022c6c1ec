"""Cancelling by access code and date."""

from dataclasses import dataclass, replace
from datetime import date, time

from prepazka.core.booking import guards
from prepazka.core.booking.answer import open_question
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import MissingCode, MissingDate, NotUnderstood
from prepazka.core.booking.outcomes import AlreadyCancelled, Cancelled, Declined, TooLate, UnknownBooking
from prepazka.core.booking.requests import Reads, Request


@dataclass(frozen=True, slots=True)
class Cancel(Request):
    """Cancel the booking with this code on this day; told: of which our own line said this service and time."""

    reads = Reads(bookings=True)
    guesses_code = True
    cancels = True

    code: str
    day: date
    told: tuple[str, time] | None = None

    @property
    def typed_code(self) -> str:
        """Its code."""
        return self.code

    def decide(self, context: Context) -> Cancelled | AlreadyCancelled | TooLate | UnknownBooking | NotUnderstood:
        """See `cancel`."""
        return cancel(context, self)


@dataclass(frozen=True, slots=True)
class CancelSomething(Request):
    """A wish to cancel that is not done as it stands: without an access code or the day, or among other words.

    hole: the word for the missing value that was sent in its place. alone: nothing but a code and a day was
    written, which may as well be the wish to move. bare: only the wish was written. also: the booking that was wished
    for beside it. several_days: two days stand beside the code.
    """

    reads = Reads(bookings=True, offers=True)

    code: str | None = None
    day: date | None = None
    hole: str = ""
    alone: bool = False
    bare: bool = False
    also: Draft | None = None
    several_days: bool = False

    def decide(self, context: Context) -> MissingCode | MissingDate | NotUnderstood | UnknownBooking | Declined:
        """See `complete`."""
        return complete(context, self)


# docs/spec/conversation.md §3: "the phone that made the booking gets the true date in the ready STORNO"
# docs/spec/conversation.md §3: "A code and a day without any word are taken for the wish to cancel, or to move where
# the booking of that phone is on another day."
# docs/spec/conversation.md §3: "of a phone that holds no booking it is a no to the open question"
def complete(
    context: Context, request: CancelSomething
) -> MissingCode | MissingDate | NotUnderstood | UnknownBooking | Declined:
    """Ask for what is missing; the phone that holds the booking is given it."""
    code, day = request.code, request.day
    own = sorted(context.open_bookings, key=lambda booking: booking.start)
    if code is None and request.also and len(own) == 1:
        return _both(request.also, Draft("cancel", code=own[0].code, day=own[0].day), own[0])
    if code is None:
        question = open_question(context) if request.bare and not own else None
        if question and question.kind in {"proposed", "together", "offered"}:
            return Declined()
        about = tuple(booking for booking in own if day in (None, booking.day)) or tuple(own)
        return MissingCode(Draft("cancel", day=day), about, request.hole)
    found = next((booking for booking in own if booking.code == code), None)
    if request.also:
        return _both(request.also, Draft("cancel", code=code, day=found.day if found and not day else day), found)
    if day is None and found and request.several_days:
        return NotUnderstood("", Draft("cancel", code=code, day=found.day))
    if day is None:
        return MissingDate(Draft("cancel", code=code, day=found.day if found else None), request.hole)
    if found is None or found.day == day:
        return NotUnderstood("", Draft("cancel", code=code, day=day))
    return NotUnderstood("", Draft("move", code=code, day=day)) if request.alone else UnknownBooking(code, day, found)


# docs/spec/conversation.md §3: "Who cancels and books in one message is shown both messages"
def _both(also: Draft, cancelling: Draft, held: Booking | None) -> NotUnderstood:
    """Both wishes, each as a message; what the booking does not say is that of the one it would replace."""
    if held and also.service in (None, held.service):
        also = replace(also, service=held.service, name=also.name or held.name)
        if held.persons > 1 and also.persons is None:
            also = replace(also, form="book_persons", persons=held.persons)
    return NotUnderstood("", cancelling, also)


# docs/spec/messages.md §6.5: "Cancelling needs the code and the date: both must match, and whoever knows both may
# cancel."
# docs/spec/messages.md §6.5: "A booking that was moved away from a day is unknown there."
def cancel(
    context: Context, request: Cancel
) -> Cancelled | AlreadyCancelled | TooLate | UnknownBooking | NotUnderstood:
    """Cancel the booking with that code on that day: both must match, and whoever knows both may.

    A booking moved away from that day is unknown there: to tell would reveal that its code exists on another date
    (spec/messages.md §4), to cancel it where it now is would be to act on a date its sender did not write.
    A message that was long on its way still cancels: nobody is served by a place kept for one who will not come.
    """
    found = {booking.state: booking for booking in context.ledger.with_code(request.code, request.day)}
    if active := found.get("booked") or found.get("held"):
        if request.told not in (None, (active.service, active.at)):
            return NotUnderstood("", Draft("cancel", code=request.code, day=request.day))
        return Cancelled(context.ledger.cancel(active)) if context.in_time(active) else TooLate(active)
    if cancelled := found.get("cancelled"):
        return AlreadyCancelled(cancelled)
    held = context.known_bookings
    own = next((booking for booking in held if booking.code == request.code), None)
    return UnknownBooking(request.code, request.day, own, last=own is None and guards.is_last_guess(context))
