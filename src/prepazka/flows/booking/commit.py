"""The one booking function: requests of any channel are decided under the office's lock and kept.

Every way to book, move or cancel (SMS today; web, desk and API by the same call) ends here, so there is one place
where a place can be sold, and the database's own constraints behind it.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeVar

import structlog
from django.db import IntegrityError

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import OutOfCodes
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.outcomes import Outcome, booking_of
from prepazka.core.booking.readset import read_set
from prepazka.core.minutes import minute
from prepazka.core.office.office import Office
from prepazka.core.queue import transitions
from prepazka.flows.booking import waitlist
from prepazka.store import queue, reads, writes

log = structlog.get_logger()

# A place or a code lost to somebody who forgot the lock: read again, decide again, this often in all.
TRIES = 3

T = TypeVar("T")


def commit_requests(
    office: Office, submissions: Sequence[Submission], channel: str
) -> list[tuple[Outcome, int | None]]:
    """Decide requests in order, keep what was decided; each outcome with the id of the booking it concerns, if any.

    Runs within the transaction that holds the office's lock (`offices.lock`).

    Raises: IntegrityError or OutOfCodes when a place or all drawn codes were lost: roll back and try again.
    """
    moments = [submission.now for submission in submissions]
    ledger = Ledger(office, reads.snapshot(office, read_set(submissions, office), minute(min(moments))))
    outcomes = [decide(submission, office, ledger) for submission in submissions]
    now = max(moments)
    change_bookings(office, ledger.changed, (channel, now))
    kept = writes.book(office, ledger.new, channel, now)
    waitlist.notify_of_freed(office, ledger.freed, now)
    return [(outcome, _id(booking_of(outcome), kept)) for outcome in outcomes]


def change_bookings(office: Office, bookings: Collection[Booking], by: tuple[str, datetime]) -> None:
    """Write the new state of bookings and withdraw the waiting tickets of those that are no longer active.

    by: whom the ticket's event names, and when. Runs within the transaction that holds the office's lock.

    Only today's bookings can have tickets. The queue's lock is taken before the rows, as checking in does
    (`flows.counters.arrive`): a check-in at the same moment comes wholly before, then its ticket is found, or after,
    then its code is refused.
    """
    who, now = by
    today = now.astimezone(office.zone).date()
    here = [booking.id for booking in bookings if booking.day == today and booking.id is not None]
    if here:
        queue.lock(office.id)
    writes.change(bookings, now)
    for ticket in queue.waiting_for(here):
        queue.change(office.id, ticket, transitions.withdraw(ticket, now), "withdraw", (who, now))


def _id(booking: Booking | None, kept: dict[tuple[str, str], int]) -> int | None:
    if booking is None:
        return None
    return booking.id if booking.id is not None else kept[str(booking.day), booking.code]


def retry_transaction(transaction: Callable[[], T]) -> T:
    """Run a whole transaction; once more, from its beginning, when it lost a place, a code or a ticket to another."""
    for _ in range(TRIES - 1):
        try:
            return transaction()
        except (IntegrityError, OutOfCodes, queue.StaleTicket) as lost:
            log.warning("decided again", error=type(lost).__name__)
    return transaction()
