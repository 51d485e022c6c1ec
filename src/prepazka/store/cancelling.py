"""Queries for cancelling at the desk that can still be undone. Index: booking_cancelling."""

from datetime import date, datetime
from typing import NamedTuple

from prepazka.store import models

_AT_ONCE = 50


class Due(NamedTuple):
    """A booking to be cancelled. at: when it was due; by: whose press it was; tell: whether its phone is told."""

    office: int
    booking: int
    code: str
    day: date
    at: datetime
    by: str
    tell: bool


def begin(office_id: int, booking_id: int, at: datetime, by: str, *, tell: bool) -> bool:
    """Mark an active booking to be cancelled at that moment; return whether there is one, marked now or before."""
    found = models.Booking.objects.filter(office_id=office_id, id=booking_id, state="booked")
    found.filter(cancel_at__isnull=True).update(cancel_at=at, cancel_by=by, cancel_told=tell)
    return found.exists()


def undo(office_id: int, booking_id: int, now: datetime) -> bool:
    """Take the mark away if it is not due yet; return whether it was there."""
    found = models.Booking.objects.filter(office_id=office_id, id=booking_id, state="booked", cancel_at__gt=now)
    return found.update(cancel_at=None, cancel_by="") == 1


def due(now: datetime) -> list[Due]:
    """Return bookings whose moment has come, the oldest first."""
    found = models.Booking.objects.filter(cancel_at__isnull=False, cancel_at__lte=now).order_by("cancel_at", "id")
    return [
        Due(row.office_id, row.id, row.code, row.day, row.cancel_at, row.cancel_by, row.cancel_told)
        for row in found[:_AT_ONCE]
        if row.cancel_at is not None
    ]


def finish(booking_id: int) -> None:
    """Take the mark away once it is carried out."""
    models.Booking.objects.filter(id=booking_id).update(cancel_at=None, cancel_by="")
