"""What an outcome is about: the booking it concerns, the one it is kept with, and the starts it offers."""

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    Booked,
    Cancelled,
    Confirmed,
    Held,
    Lapsed,
    Moved,
    NothingOffered,
    Offer,
    Outcome,
    Proposed,
    SlotFull,
    TooLate,
    UnknownBooking,
)


def booking_of(outcome: Outcome) -> Booking | None:
    """The booking an outcome concerns."""
    match outcome:
        case Booked() | Held() | Confirmed() | Cancelled() | Moved():
            return outcome.booking
        case AlreadyBooked() | AlreadyCancelled() | TooLate() | Lapsed():
            return outcome.booking
        case _:
            return None


def kept_with(outcome: Outcome) -> Booking | None:
    """The booking an outcome is kept with: that it concerns, or the sender's own that a wrong date was written for."""
    return outcome.own if isinstance(outcome, UnknownBooking) else booking_of(outcome)


def offers_of(outcome: Outcome) -> tuple[Offer, ...]:
    """The starts an outcome offers or proposes."""
    return outcome.offers if isinstance(outcome, SlotFull | Proposed | NothingOffered) else ()
