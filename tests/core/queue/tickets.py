"""Tickets of the demo office for tests of the queue's rules, on a Monday."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from prepazka.core.queue.tickets import Ticket
from tests.offices import DOKLADY, PRAGUE

DAY = datetime(2026, 8, 3, tzinfo=PRAGUE)

_ids = count(1)


def at(hour: int, minutes: float = 0) -> datetime:
    return DAY + timedelta(hours=hour, minutes=minutes)


NINE = at(9)


def ticket(arrived_at: datetime = NINE, **changes: Any) -> Ticket:
    """Return a waiting ticket of Doklady without a booking, with other fields as given."""
    number = next(_ids)
    made = Ticket(
        id=number,
        agenda=DOKLADY,
        service="ZOP",
        day=DAY.date(),
        prefix="D",
        number=number,
        kind="walk_in",
        priority=False,
        booking=None,
        state="waiting",
        counter=None,
        reserved_for=None,
        recalls=0,
        arrived_at=arrived_at,
        due_at=None,
        parked_until=None,
        called_at=None,
        served_at=None,
        ended_at=None,
        version=1,
    )
    return replace(made, **changes)


def booked(due_at: datetime, arrived_at: datetime, **changes: Any) -> Ticket:
    """Return a waiting ticket of a booking checked in."""
    return ticket(arrived_at, kind="booking", due_at=due_at, booking=1, **changes)
