"""Cancelling at the desk: carried out a few seconds after the press, unless it is undone before.

Until then the place is not free and nobody is told. The worker carries it out.
"""

from datetime import datetime

from prepazka.core.booking.cancel import Cancel
from prepazka.core.minutes import minute
from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import UNDO_FOR
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.store import cancelling
from prepazka.store.desk import DayBooking


# docs/spec/counters.md §5.1: "It is carried out after 10 seconds; until then it can be undone"
def begin(office: Office, booking: DayBooking, now: datetime, by: str, *, tell: bool) -> bool:
    """Begin to cancel an active booking; return False where it is none, or past the office's deadline."""
    in_time = minute(now) <= minute(booking.at) - office.settings.cancel_until_minutes
    return in_time and cancelling.begin(office.id, booking.id, now + UNDO_FOR, by, tell=tell)


def undo(office_id: int, booking_id: int, now: datetime) -> bool:
    """Let the booking stand; return False where it is too late for that."""
    return cancelling.undo(office_id, booking_id, now)


def carry_out(now: datetime) -> int:
    """Cancel what was not undone; return how many bookings. Two processes at once tell nobody twice."""
    due = cancelling.due(now)
    for one in due:
        request = Cancel(one.code, one.day)
        # As of the press: the office's deadline may pass in between.
        pressed = one.at - UNDO_FOR
        submit(one.office, BookingRequest(request, "desk", confirm=one.tell, by=one.by), pressed)
        cancelling.finish(one.booking)
    return len(due)
