"""Submitted booking forms: which booking each made, so that a form sent twice makes one booking."""

from datetime import datetime, timedelta
from uuid import UUID

from prepazka.core.booking.booking import Booking
from prepazka.core.office.office import Office
from prepazka.store import models
from prepazka.store.reads import BOOKINGS, booking
from prepazka.store.sql import rows

# How long a form is remembered. Forms are sent again within seconds.
FORM_REMEMBERED = timedelta(hours=12)


def booking_of_form(office: Office, key: UUID) -> Booking | None:
    """Return the booking this form made, while it is active."""
    booking_id = models.SubmittedForm.objects.filter(key=key).values_list("booking_id", flat=True).first()
    if booking_id is None:
        return None
    found = rows(
        f"{BOOKINGS} WHERE b.office_id = %s AND b.id = %s AND b.state IN ('booked', 'held')", [office.id, booking_id]
    )
    return booking(office, found[0]) if found else None


def note(key: UUID, booking_id: int, now: datetime) -> None:
    """Store which booking a form made, and delete old forms."""
    models.SubmittedForm.objects.filter(at__lt=now - FORM_REMEMBERED).delete()
    models.SubmittedForm.objects.update_or_create(key=key, defaults={"booking_id": booking_id, "at": now})
