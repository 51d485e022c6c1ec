"""A form of the kiosk sent again (a double tap, a page loaded anew) gives the ticket it gave the first time."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import TicketGiven
from prepazka.flows.counters.transaction import in_queue_transaction
from prepazka.store import kiosks

T = TypeVar("T")


def idempotent(office_id: int, key: UUID, now: datetime, give: Callable[[], T]) -> T | TicketGiven:
    """What `give` (a journey of `flows.counters.arrive`) gives; for a key that had a ticket, that ticket.

    All under the queue's lock: of two touches at the same time, the second sees what the first gave.
    """

    def journey(office: Office) -> T | TicketGiven:
        ticket = kiosks.touched(office_id, key)
        if ticket is not None:
            return TicketGiven(ticket, office.agenda_of[ticket.agenda])
        outcome = give()
        if isinstance(outcome, TicketGiven):
            kiosks.note(key, outcome.ticket, now)
        return outcome

    return in_queue_transaction(office_id, journey)
