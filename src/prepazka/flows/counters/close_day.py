"""The end of the day: closes the tickets still waiting, and marks those called in vain as absent.

A client who never came (a booking without a ticket) is not recorded, because a query can find it at any time.
"""

from datetime import date, datetime

from prepazka.core.actor import Actor
from prepazka.core.minutes import instant, midnight
from prepazka.core.office.office import Office
from prepazka.core.queue import transitions
from prepazka.flows.every_office import in_every_office
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import due, queue


@retry_transaction
def close_day(office_id: int, now: datetime, who: str = "") -> int:
    """Close the tickets and the counters left open on days before today; return how many.

    Closing again changes nothing. who: "" is the office's own clock.
    """
    office = lock_queue(office_id)
    today = now.astimezone(office.zone).date()
    tickets = queue.active_before(office.id, today)
    for ticket in tickets:
        queue.change(office.id, ticket, transitions.close(ticket, now), "close", Actor(who, now))
    return len(tickets) + queue.vacate_all(office.id, _beginning(today, office))


def close_days(now: datetime) -> int:
    """Do `close_day` for every office that has something left open; return how much."""
    return in_every_office(due.days_over(now), lambda office_id: close_day(office_id, now))


def _beginning(day: date, office: Office) -> datetime:
    return instant(midnight(day, office.zone))
