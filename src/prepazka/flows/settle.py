"""The one booking function: requests of any channel are decided under the office's lock and kept.

Every way to book, move or cancel (SMS today; web, desk and API by the same call) ends here, so there is one place
where a place can be sold, and the database's own constraints behind it.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from django.db import IntegrityError

from prepazka.core.bookings import Booking
from prepazka.core.books import Books, Request
from prepazka.core.clock import minute
from prepazka.core.codes import OutOfCodes
from prepazka.core.deciding import decide
from prepazka.core.needs import needs
from prepazka.core.office import Office
from prepazka.core.outcomes import Outcome
from prepazka.flows import watches
from prepazka.store import queue, reads, writes

log = structlog.get_logger()

# A place or a code lost to somebody who forgot the lock: read again, decide again, this often in all.
TRIES = 3

T = TypeVar("T")


def settle(office: Office, requests: Sequence[Request], channel: str) -> list[tuple[Outcome, int | None]]:
    """Decide requests in order, keep what was decided; each outcome with the id of the booking it concerns, if any.

    To be called within the transaction that holds the office (`offices.lock`).

    Raises: IntegrityError or OutOfCodes when a place or all drawn codes were lost: roll back and try `again`.
    """
    moments = [request.now for request in requests]
    books = Books(office, reads.facts(office, needs(requests, office), minute(min(moments))))
    outcomes = [decide(request, office, books) for request in requests]
    now = max(moments)
    writes.change(books.changed, now)
    kept = writes.book(office, books.new, channel, now)
    watches.tell(office, books.freed, now)
    return [(outcome, _id(getattr(outcome, "booking", None), kept)) for outcome in outcomes]


def _id(booking: Booking | None, kept: dict[tuple[str, str], int]) -> int | None:
    if booking is None:
        return None
    return booking.id if booking.id is not None else kept[str(booking.day), booking.code]


def again(transaction: Callable[[], T]) -> T:
    """Run a whole transaction; once more, from its beginning, when it lost a place, a code or a ticket to another."""
    for _ in range(TRIES - 1):
        try:
            return transaction()
        except (IntegrityError, OutOfCodes, queue.Lost) as lost:
            log.warning("decided again", error=type(lost).__name__)
    return transaction()
