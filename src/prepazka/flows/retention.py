"""Erasing personal data on schedule: a number of days after the visit nobody can tell any more who it was.

Source: spec/messages.md §6. What tells late receipts and repeated messages goes too, once none can come any more.
Each batch is a transaction of its own; killed in between, the next run goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from prepazka.core.delivery import REMEMBERED
from prepazka.store import offices, retention


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each were erased."""

    bookings: int = 0
    messages: int = 0
    notices: int = 0
    watches: int = 0


# docs/spec/privacy.md §2: "`erase_after_days` days after the day of the visit"
def erase(office_id: int, now: datetime) -> Erased:
    """Erase what an office need not know any more: `erase_after_days` full days after the day of the visit.

    Messages without a booking count from when they came.
    """
    office = offices.load(office_id)
    days = timedelta(days=office.settings.erase_after_days)
    first_kept = now.astimezone(office.zone).date() - days
    return Erased(
        bookings=_all(lambda: retention.bookings(office_id, first_kept)),
        messages=_all(lambda: retention.messages(office_id, now - days, first_kept)),
        notices=_all(lambda: retention.notices(office_id, now - days)),
        watches=retention.watches(office_id, now.astimezone(office.zone).date()),
    )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each were forgotten: gateways' names of messages, what they said of them, contents that came."""

    names: int = 0
    receipts: int = 0
    contents: int = 0


def forget(now: datetime) -> Forgotten:
    """Forget what tells a late receipt or a repeated delivery, once neither can come any more, of all offices.

    What a message has come to stays with it, and the gateway's own id of one that came.
    """
    before = now - REMEMBERED
    return Forgotten(
        names=_all(lambda: retention.names(before)),
        receipts=_all(lambda: retention.receipts(before)),
        contents=_all(lambda: retention.contents(before)),
    )


def _all(batch: Callable[[], int]) -> int:
    """Run a batch, each in its transaction, until nothing is left; how much it was."""
    total = 0
    while True:
        with transaction.atomic():
            count = batch()
        total += count
        if not count:
            return total
