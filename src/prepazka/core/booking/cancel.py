"""Cancelling by access code and date."""

from dataclasses import dataclass
from datetime import date

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import AlreadyCancelled, Cancelled, TooLate, UnknownBooking
from prepazka.core.booking.requests import Request


@dataclass(frozen=True, slots=True)
class Cancel(Request):
    """Cancel the booking with this code on this day."""

    guesses_code = True

    code: str
    day: date

    @property
    def typed_code(self) -> str:
        """Its code."""
        return self.code

    def decide(self, context: Context) -> Cancelled | AlreadyCancelled | TooLate | UnknownBooking:
        """See `cancel`."""
        return cancel(context, self)


# docs/spec/messages.md §6.5: "Cancelling needs the code and the date: both must match, and whoever knows both may
# cancel."
# docs/spec/messages.md §6.5: "A booking that was moved away from a day is unknown there."
def cancel(context: Context, request: Cancel) -> Cancelled | AlreadyCancelled | TooLate | UnknownBooking:
    """Cancel the booking with that code on that day: both must match, and whoever knows both may.

    A booking moved away from that day is unknown there: to tell would reveal that its code exists on another date
    (spec/messages.md §4), to cancel it where it now is would be to act on a date its sender did not write.
    A message that was long on its way still cancels: nobody is served by a place kept for one who will not come.
    """
    found = {booking.state: booking for booking in context.ledger.with_code(request.code, request.day)}
    if active := found.get("booked"):
        return Cancelled(context.ledger.cancel(active)) if in_time(context, active) else TooLate(active)
    if cancelled := found.get("cancelled"):
        return AlreadyCancelled(cancelled)
    return UnknownBooking(request.code, request.day)


# docs/spec/messages.md §6.5: "The very minute of the deadline still counts as in time."
def in_time(context: Context, booking: Booking) -> bool:
    """Whether a booking may still be cancelled or moved; the very minute of the deadline counts."""
    return context.now <= booking.start - context.office.settings.cancel_until_minutes
