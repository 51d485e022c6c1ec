"""Kiosks: who may give out tickets, and touches remembered."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prepazka.core.queue.tickets import Ticket
from prepazka.store import models, queue

# How long a touch is remembered: a form is sent again within seconds, not days.
REMEMBERED = timedelta(hours=12)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk with its secret; printer: see `models.Kiosk`."""

    name: str
    token: str
    printer: str = ""


def keep(office_id: int, device: Device, now: datetime, who: str) -> None:
    """A kiosk of this name with a new token; the device that had the old one is shut out."""
    name, token, printer = device.name, device.token, device.printer
    models.Kiosk.objects.update_or_create(
        office_id=office_id,
        name=name,
        defaults={"token_sha256": digest(token), "printer": printer},
        create_defaults={"token_sha256": digest(token), "printer": printer, "made_at": now},
    )
    models.Audit.objects.create(
        office_id=office_id, at=now, who=who, what="kiosk paired", details={"kiosk": name, "printer": printer}
    )


def of_token(office_id: int, token: str) -> models.Kiosk | None:
    """The office's kiosk with this token."""
    return models.Kiosk.objects.filter(office_id=office_id, token_sha256=digest(token)).first()


def any_of(office_id: int) -> bool:
    """Whether the office has paired kiosks."""
    return models.Kiosk.objects.filter(office_id=office_id).exists()


def touched(office_id: int, key: UUID) -> Ticket | None:
    """The ticket this form gave, if it was sent before."""
    ticket_id = models.Touch.objects.filter(key=key).values_list("ticket_id", flat=True).first()
    return None if ticket_id is None else queue.one(office_id, ticket_id)


def note(key: UUID, ticket: Ticket, now: datetime) -> None:
    """Note which ticket a form gave, and forget the old ones."""
    models.Touch.objects.filter(at__lt=now - REMEMBERED).delete()
    models.Touch.objects.create(key=key, ticket_id=ticket.id, at=now)
