"""Retention: personal data is erased a number of days after the visit (spec/messages.md §6).

Data that recognise late receipts and repeated messages are deleted once none can come any more. Each batch is a
transaction of its own, so a run that was killed is continued by the next one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from prepazka.core.delivery import REMEMBERED
from prepazka.flows import closing_down
from prepazka.store import erasures, memberships, offices, register, retention, strays

# docs/spec/safety.md §5.3: "two years without contact"
WITHOUT_CONTACT = timedelta(days=2 * 365)
# docs/spec/safety.md §5.4: "kept for a year"
REGISTERED = timedelta(days=365)
# docs/spec/safety.md §1: "erased 7 days after they came"
STRAYS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of each kind were erased."""

    bookings: int = 0
    messages: int = 0
    notices: int = 0
    waitlist: int = 0
    opt_outs: int = 0


# docs/spec/privacy.md §2: "`erase_after_days` days after the day of the visit"
def erase(office_id: int, now: datetime) -> Erased:
    """Erase an office's personal data `erase_after_days` full days after the day of the visit.

    For messages without a booking the days count from when they were received.
    """
    office = offices.load(office_id, even_moved=True)
    days = timedelta(days=office.settings.erase_after_days)
    first_kept = now.astimezone(office.zone).date() - days
    return Erased(
        bookings=_repeat(lambda: retention.erase_bookings(office_id, first_kept)),
        messages=_repeat(lambda: retention.erase_messages(office_id, now - days, first_kept)),
        notices=_repeat(lambda: retention.erase_notifications(office_id, now - days)),
        waitlist=retention.erase_waitlist(office_id, now.astimezone(office.zone).date()),
        opt_outs=retention.erase_opt_outs(office_id, now - WITHOUT_CONTACT),
    )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many gateways' ids, receipts, fingerprints, strays, invitations, rows and archives were deleted."""

    names: int = 0
    receipts: int = 0
    contents: int = 0
    strays: int = 0
    invitations: int = 0
    accesses: int = 0
    erasures: int = 0
    archives: int = 0


def forget(now: datetime) -> Forgotten:
    """Delete, for all offices, what recognises a late receipt or a repeated delivery, once neither can come any more.

    Strays that nobody assigned and invitations that nobody answered are deleted too, the rows of the register of access
    after their year, and those of the list of erasures with the last backup. The state of a message stays, and so does
    the gateway's id of a received one.
    """
    before = now - REMEMBERED
    return Forgotten(
        names=_repeat(lambda: retention.erase_refs(before)),
        receipts=_repeat(lambda: retention.erase_receipts(before)),
        contents=_repeat(lambda: retention.erase_fingerprints(before)),
        strays=_repeat(lambda: strays.erase(now - STRAYS_KEPT)),
        invitations=_repeat(lambda: memberships.erase_invitations(now)),
        accesses=_repeat(lambda: register.erase(now - REGISTERED, retention.BATCH)),
        erasures=erasures.drop(now - timedelta(days=settings.BACKUP_DAYS)),
        archives=closing_down.forget_archives(now),
    )


def _repeat(batch: Callable[[], int]) -> int:
    """Run a batch, each time in its own transaction, until nothing is left; return how much was done."""
    total = 0
    while True:
        with transaction.atomic():
            count = batch()
        total += count
        if not count:
            return total
