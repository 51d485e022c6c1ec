"""Kiosks: devices that may give out tickets, and the forms they have submitted."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from prepazka.core.queue.tickets import Ticket
from prepazka.store import models, queue
from prepazka.store.log import note as note_change

# The cookie by which a paired device is known where it listens to events.
STREAM_COOKIE = "kiosk-stream"
# How long a form is remembered. Forms are sent again within seconds.
FORM_REMEMBERED = timedelta(hours=12)


def digest(token: str) -> str:
    """Return the hash of a token, which is what is stored."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk with its secret; printer: see `models.Kiosk`."""

    name: str
    token: str
    printer: str = ""


def keep(office_id: int, device: Device, now: datetime, who: str) -> None:
    """Store a kiosk of this name with a new token; a device with the old token is shut out."""
    name, token, printer = device.name, device.token, device.printer
    models.Kiosk.objects.update_or_create(
        office_id=office_id,
        name=name,
        defaults={"token_sha256": digest(token), "printer": printer},
        create_defaults={"token_sha256": digest(token), "printer": printer, "made_at": now},
    )
    note_change(office_id, now, who, "kiosk paired", kiosk=name, printer=printer)


def change_printer(office_id: int, kiosk: int, printer: str, now: datetime, who: str) -> None:
    """Set another printer, or none, at the same device."""
    with transaction.atomic():
        row = models.Kiosk.objects.select_for_update().get(office_id=office_id, id=kiosk)
        details = {"kiosk": row.name, "from": row.printer, "to": printer}
        row.printer = printer
        row.save(update_fields=["printer"])
        note_change(office_id, now, who, "kiosk changed", **details)


def withdraw(office_id: int, kiosk: int, now: datetime, who: str) -> None:
    """Shut out the device; its name is free again."""
    with transaction.atomic():
        row = models.Kiosk.objects.filter(office_id=office_id, id=kiosk).first()
        if row:
            row.delete()
            note_change(office_id, now, who, "kiosk withdrawn", kiosk=row.name)


def redeem_token(office_id: int, token: str, fresh: str) -> bool:
    """Replace the token of a link by a fresh one for the device that opened it first; the link is used up.

    Return whether the token was valid.
    """
    row = models.Kiosk.objects.filter(office_id=office_id, token_sha256=digest(token))
    return row.update(token_sha256=digest(fresh)) == 1


def of_office(office_id: int) -> list[models.Kiosk]:
    """Return the office's kiosks by name."""
    return list(models.Kiosk.objects.filter(office_id=office_id).order_by("name"))


def one(office_id: int, kiosk: int) -> models.Kiosk | None:
    """Return the office's kiosk of this id."""
    return models.Kiosk.objects.filter(office_id=office_id, id=kiosk).first()


def of_token(office_id: int, token: str) -> models.Kiosk | None:
    """Return the office's kiosk with this token."""
    return models.Kiosk.objects.filter(office_id=office_id, token_sha256=digest(token)).first()


def any_of(office_id: int) -> bool:
    """Whether the office has paired kiosks."""
    return models.Kiosk.objects.filter(office_id=office_id).exists()


def ticket_of_form(office_id: int, key: UUID) -> Ticket | None:
    """Return the ticket this form got, if it was sent before."""
    ticket_id = models.SubmittedTouch.objects.filter(key=key).values_list("ticket_id", flat=True).first()
    return None if ticket_id is None else queue.find(office_id, ticket_id)


def note(key: UUID, ticket: Ticket, now: datetime) -> None:
    """Store which ticket a form got, and delete old forms."""
    models.SubmittedTouch.objects.filter(at__lt=now - FORM_REMEMBERED).delete()
    models.SubmittedTouch.objects.create(key=key, ticket_id=ticket.id, at=now)
