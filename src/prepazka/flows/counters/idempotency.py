"""A form of the kiosk sent again (a double tap, a page loaded anew) gets the ticket it got the first time."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from prepazka.core.queue.outcomes import TicketGiven
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import kiosks

T = TypeVar("T")


@retry_transaction
def idempotent(office_id: int, key: UUID, now: datetime, give_out: Callable[[], T]) -> T | TicketGiven:
    """Return the ticket this form got before; without one, what `give_out` (of `flows.counters.arrive`) returns.

    Under the queue's lock: of two taps at the same time, the second one finds the ticket of the first.
    """
    office = lock_queue(office_id)
    ticket = kiosks.ticket_of_form(office_id, key)
    if ticket is not None:
        return TicketGiven(ticket, office.agenda_of[ticket.agenda], again=True)
    outcome = give_out()
    if isinstance(outcome, TicketGiven):
        kiosks.note(key, outcome.ticket, now)
    return outcome
