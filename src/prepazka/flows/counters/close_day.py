"""The day's end at the counters: whoever still waits is closed, whoever did not come when called is absent.

Who never came at all (a booking without a ticket) is not written down anywhere: it can be seen at any time.
"""

from datetime import date, datetime

from prepazka.core.minutes import instant, midnight
from prepazka.core.office.office import Office
from prepazka.core.queue import transitions
from prepazka.flows.counters.transaction import in_queue_transaction
from prepazka.store import offices, queue


def close_day(office_id: int, now: datetime, who: str = "") -> int:
    """Close what is left of days before today, clerks still at their counters too; how much it was.

    Closing again changes nothing. who: "" is the office's own clock.
    """

    def journey(office: Office) -> int:
        today = now.astimezone(office.zone).date()
        left = queue.left_over(office.id, today)
        for ticket in left:
            queue.change(office.id, ticket, transitions.close(ticket, now), "close", (who, now))
        return len(left) + queue.stand_all(office.id, _began(today, office))

    return in_queue_transaction(office_id, journey)


def close_days(now: datetime) -> int:
    """`close_day` for every office that has something left."""
    return sum(close_day(office_id, now) for office_id in queue.offices_left_open() if _is_over(office_id, now))


def _is_over(office_id: int, now: datetime) -> bool:
    """Whether there is something to close, seen without holding up a running day."""
    office = offices.load(office_id)
    today = now.astimezone(office.zone).date()
    return queue.anything_left(office_id, today, _began(today, office))


def _began(day: date, office: Office) -> datetime:
    return instant(midnight(day, office.zone))
