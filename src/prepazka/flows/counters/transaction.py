"""How every journey at the counters runs: one transaction under the queue's lock, and once more when it lost."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from prepazka.core.office.office import Office
from prepazka.flows.booking.commit import retry_transaction
from prepazka.store import offices, queue

T = TypeVar("T")


def in_queue_transaction(office_id: int, journey: Callable[[Office], T]) -> T:
    """Run a journey with the office as it is, nobody else deciding in its queue meanwhile."""

    def run() -> T:
        with transaction.atomic():
            queue.lock(office_id)
            return journey(offices.load(office_id))

    return retry_transaction(run)
