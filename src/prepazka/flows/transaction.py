"""The transaction every flow that decides runs in."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from django.db import IntegrityError, transaction

from prepazka.core.booking.codes import OutOfCodes
from prepazka.core.office.office import Office
from prepazka.store import offices, queue
from prepazka.store.queue import StaleTicket

log = structlog.get_logger()

TRIES = 3
"""How often a transaction is run in all when it loses a place, a code or a ticket to one that ignored the lock."""

P = ParamSpec("P")
T = TypeVar("T")


def retry_transaction(decide: Callable[P, T]) -> Callable[P, T]:
    """Run a function as one transaction; run it again, from its beginning, when it lost a place, a code or a ticket.

    The function takes the lock it decides under first: `offices.lock` for bookings, `lock_queue` for tickets. Within
    another transaction it is a part of that one.

    Raises: IntegrityError, OutOfCodes or StaleTicket when it lost `TRIES` times.
    """

    @wraps(decide)
    def decide_in_transaction(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                with transaction.atomic():
                    return decide(*args, **kwargs)
            except (IntegrityError, OutOfCodes, StaleTicket) as lost:
                log.warning("decided again", error=type(lost).__name__)
        with transaction.atomic():
            return decide(*args, **kwargs)

    return decide_in_transaction


def lock_queue(office_id: int) -> Office:
    """Take the lock of an office's queue until the transaction ends; return the office as it is now."""
    queue.lock(office_id)
    return offices.load(office_id)
