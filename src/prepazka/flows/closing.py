"""The office shuts for a while: whom it has promised a place then, and telling them that they need not come.

Invariant: exactly those are cancelled whom the official has seen; each is told at most once, of exactly that booking.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from prepazka.core.bookings import Booking
from prepazka.core.clock import minute, reached
from prepazka.core.office import Closure, Office
from prepazka.flows import outbox
from prepazka.flows.settle import change
from prepazka.sms.render import called_off
from prepazka.store import models, reads


class OthersHit(Exception):
    """Meanwhile somebody booked or cancelled: the closure hits others than the official has seen."""


def hit(office: Office, closure: Closure, now: datetime) -> list[Booking]:
    """The bookings to come that a closure leaves without a counter, in order of time."""
    found = reads.booked_between(office, closure.first, closure.last, minute(now))
    return [booking for booking in found if _hits(office, closure, booking)]


def _hits(office: Office, closure: Closure, booking: Booking) -> bool:
    if closure.agenda not in (None, booking.agenda):
        return False
    if closure.since is None or closure.until is None:
        return True
    since, until = (reached(booking.day, at, office.zone) for at in (closure.since, closure.until))
    return booking.start < until and since < booking.end


def call_off(
    office: Office, closure: Closure, seen: Collection[int], by: tuple[str, datetime], *, tell: bool
) -> tuple[int, int]:
    """Cancel what a closure hits, within the transaction that keeps the closure; how many, and how many are told.

    office: as its lock was taken; seen: the ids of those the official was shown; by: who, and when.

    Raises: OthersHit; nothing may stand then.
    """
    who, now = by
    found = {booking.id: booking for booking in hit(office, closure, now) if booking.id is not None}
    if set(found) != set(seen):
        raise OthersHit
    if not found:
        return 0, 0
    change(office, [replace(booking, state="cancelled") for booking in found.values()], by)
    told = _tell(office, closure, list(found.values()), now) if tell else 0
    models.Audit.objects.create(
        office_id=office.id,
        at=now,
        who=who,
        what="bookings called off",
        details={"reason": closure.reason, "bookings": sorted(found), "told": told},
    )
    return len(found), told


def _tell(office: Office, closure: Closure, bookings: Sequence[Booking], now: datetime) -> int:
    ids = {booking.id: booking for booking in bookings if booking.id is not None}
    ways = outbox.ways(office)
    manners = outbox.manners(office, list(ids), now.astimezone(office.zone).date(), ways)
    tidings = [
        outbox.of_booking(
            "called_off",
            booking,
            row,
            called_off(booking, closure.reason, office, manners[row].language),
            manners[row].way,
        )
        for row, booking in ids.items()
    ]
    return outbox.tell(office, tidings, now, ways)
