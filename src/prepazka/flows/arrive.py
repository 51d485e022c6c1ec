"""Arriving at the office: a ticket for a service, or by the access code of a booking.

Invariant: a booking has at most one ticket, and no two tickets of an office's day have the same number. Each journey is
one transaction under the queue's lock; unique constraints stand behind it.
"""

from datetime import datetime

from prepazka.core.queue.outcomes import CheckIn, Late, NotFound, TicketGiven, WalkIn


def walk_in(office_id: int, what: str, now: datetime, who: str = "kiosk", *, priority: bool = False) -> WalkIn:
    """A ticket without a booking for a service (its code) or an agenda (its key).

    priority: asked for by a senior or a person with a disability; without effect where the office has no such tickets.
    who: whom the record names.
    """
    raise NotImplementedError


def add_walk_in(
    office_id: int, what: str, now: datetime, who: str, *, priority: bool = False
) -> TicketGiven | NotFound:
    """The same given out by a clerk, who decides: neither quota nor hours are in the way."""
    raise NotImplementedError


def check_in(office_id: int, code: str, now: datetime, who: str = "kiosk") -> CheckIn:
    """A priority ticket for the booking of today with this code, within the office's window around its start.

    After the window nothing is given yet: `late_ticket` does, when the client wants one.
    """
    raise NotImplementedError


def late_ticket(office_id: int, code: str, now: datetime, who: str = "kiosk") -> Late:
    """An ordinary ticket for a booking of today whose window is over; within the window, what `check_in` gives."""
    raise NotImplementedError
