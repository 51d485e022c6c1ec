"""Kiosks: devices that may give out tickets, and the forms they have submitted."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from prepazka.core.queue.tickets import Ticket
from prepazka.store import models, queue
from prepazka.store.log import note as note_change

# The cookie by which a paired device is known where it listens to events.
STREAM_COOKIE = "kiosk-stream"
# How long a short code can be typed, and how often a device says that it is alive.
CODE_LASTS = timedelta(minutes=15)
ALIVE_EVERY = timedelta(seconds=30)
# How long a form is remembered. Forms are sent again within seconds.
FORM_REMEMBERED = timedelta(hours=12)


def digest(token: str) -> str:
    """Return the hash of a token, which is what is stored."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the hall with its secret; code: the short one. printer, kind, counter: see `models.Kiosk`."""

    name: str
    token: str
    printer: str = ""
    kind: str = "kiosk"
    counter: int | None = None
    code: str = ""


def keep(office_id: int, device: Device, now: datetime, who: str) -> None:
    """Store a device of this name with a new token; a device with the old token is shut out."""
    kept = {
        "token_sha256": digest(device.token),
        "printer": device.printer,
        "kind": device.kind,
        "counter_id": device.counter,
        "code_sha256": digest(device.code) if device.code else "",
        "code_until": now + CODE_LASTS if device.code else None,
        "seen_at": None,
        "sound": "",
    }
    models.Kiosk.objects.update_or_create(
        office_id=office_id, name=device.name, defaults=kept, create_defaults=kept | {"made_at": now}
    )
    what = "kiosk paired" if device.kind == "kiosk" else "screen paired"
    note_change(office_id, now, who, what, kiosk=device.name, printer=device.printer)


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
            what = "kiosk withdrawn" if row.kind == "kiosk" else "screen withdrawn"
            note_change(office_id, now, who, what, kiosk=row.name)


def redeem_token(office_id: int, token: str, fresh: str, kind: str = "kiosk") -> bool:
    """Replace the token of a link by a fresh one for the device that opened it first; link and code are used up.

    Return whether the token was valid for a device of this kind.
    """
    return _redeem(models.Kiosk.objects.filter(office_id=office_id, kind=kind, token_sha256=digest(token)), fresh)


# docs/spec/counters.md §8.1: "The code is good once, for 15 minutes"
def redeem_code(office_id: int, code: str, fresh: str, now: datetime, kind: str = "kiosk") -> bool:
    """Do the same for the device where the short code was typed."""
    if not code:
        return False
    of_code = models.Kiosk.objects.filter(office_id=office_id, kind=kind, code_sha256=digest(code), code_until__gt=now)
    return _redeem(of_code, fresh)


def _redeem(found: QuerySet[models.Kiosk], fresh: str) -> bool:
    return found.update(token_sha256=digest(fresh), code_sha256="", code_until=None) == 1


def note_alive(device: models.Kiosk, now: datetime, sound: str = "") -> None:
    """Store that a device is alive, at most once in half a minute unless its sound changed."""
    if device.sound != sound or device.seen_at is None or now - device.seen_at >= ALIVE_EVERY:
        models.Kiosk.objects.filter(id=device.id).update(seen_at=now, sound=sound)


def of_office(office_id: int, kind: str = "") -> list[models.Kiosk]:
    """Return the office's devices of this kind by name; "" for all."""
    found = models.Kiosk.objects.filter(office_id=office_id).select_related("counter").order_by("name")
    return list(found.filter(kind=kind) if kind else found)


def one(office_id: int, kiosk: int) -> models.Kiosk | None:
    """Return the office's kiosk of this id."""
    return models.Kiosk.objects.filter(office_id=office_id, id=kiosk).first()


def of_token(office_id: int, token: str, kind: str = "") -> models.Kiosk | None:
    """Return the office's device with this token, if it is of this kind; "" for any kind."""
    found = models.Kiosk.objects.filter(office_id=office_id, token_sha256=digest(token)).first()
    return found if found and kind in {"", found.kind} else None


def any_of(office_id: int) -> bool:
    """Whether the office has paired kiosks."""
    return models.Kiosk.objects.filter(office_id=office_id, kind="kiosk").exists()


def ticket_of_form(office_id: int, key: UUID) -> Ticket | None:
    """Return the ticket this form got, if it was sent before."""
    ticket_id = models.SubmittedTouch.objects.filter(key=key).values_list("ticket_id", flat=True).first()
    return None if ticket_id is None else queue.find(office_id, ticket_id)


def note_printed(key: UUID, printed: bool) -> None:
    """Store whether the printer took the ticket of a form."""
    models.SubmittedTouch.objects.filter(key=key).update(printed=printed)


def was_printed(key: UUID) -> bool | None:
    """Return whether the printer took the ticket of a form; None where that is not known (yet)."""
    return models.SubmittedTouch.objects.filter(key=key).values_list("printed", flat=True).first()


def note(key: UUID, ticket: Ticket, now: datetime) -> None:
    """Store which ticket a form got, and delete old forms."""
    models.SubmittedTouch.objects.filter(at__lt=now - FORM_REMEMBERED).delete()
    models.SubmittedTouch.objects.create(key=key, ticket_id=ticket.id, at=now)
