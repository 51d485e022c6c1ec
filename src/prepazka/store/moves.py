"""Offices that have moved to another installation: here they are closed, at every door."""

from datetime import datetime
from typing import Any, NamedTuple, NoReturn

from django.db.models import F

from prepazka.store import models
from prepazka.store.office_rows import UnreadableOffice


class MovedOffice(UnreadableOffice):
    """An office that has moved to another installation; the argument names it."""


# docs/spec/administration.md §12: "nothing is read, booked, called or sent for it here"
def refuse(office_id: int) -> NoReturn:
    """Raises: MovedOffice."""
    raise MovedOffice(f"{slug(office_id)}: has moved to another installation")


class Bound(NamedTuple):
    """A number of an office, and the gateway it is bound to with its kind; "" for none."""

    number: str
    gateway: str
    kind: str


def bound_numbers(office_id: int) -> list[Bound]:
    """Return the numbers of an office, in their order."""
    found = models.Number.objects.filter(office_id=office_id).values_list("e164", "gateway__name", "gateway__kind")
    return [Bound(number, gateway or "", kind or "") for number, gateway, kind in found]


class Role(NamedTuple):
    """What somebody may do in an office."""

    name: str
    role: str


def roles(office_id: int) -> list[Role]:
    """Return who works at an office."""
    found = models.Official.objects.filter(office_id=office_id, user__is_active=True).order_by("user__username")
    return [Role(*row) for row in found.values_list("user__username", "role")]


class Device(NamedTuple):
    """A kiosk or a screen of an office."""

    name: str
    kind: str


def devices(office_id: int) -> list[Device]:
    """Return the devices of an office."""
    found = models.Kiosk.objects.filter(office_id=office_id).order_by("name")
    return [Device(*row) for row in found.values_list("name", "kind")]


def waiting(office_id: int) -> int:
    """Return how many messages of an office are not handled yet. Index: inbound_waiting."""
    return models.Inbound.objects.filter(office_id=office_id, state="waiting").count()


def is_moved(office_id: int) -> bool:
    """Whether the office has moved away."""
    return models.Office.objects.filter(id=office_id, moved_at__isnull=False).exists()


def close(office_id: int, now: datetime) -> None:
    """Close an office that has moved: its gateways hear nothing for it from now on. Call it under its lock."""
    models.Number.objects.filter(office_id=office_id).update(gateway=None)
    models.Office.objects.filter(id=office_id).update(moved_at=now, version=F("version") + 1)


def reopen(office_id: int) -> bool:
    """Open an office again that was to move; return whether it was closed."""
    closed = models.Office.objects.filter(id=office_id, moved_at__isnull=False)
    return closed.update(moved_at=None, version=F("version") + 1) == 1


def owner_of(numbers: list[str]) -> tuple[str, str] | None:
    """Return a number of these that an office here has already, and the office's slug."""
    found = models.Number.objects.filter(e164__in=numbers).values_list("e164", "office__slug").first()
    return None if found is None else (found[0], found[1])


# docs/spec/administration.md §12: "may have been sent by the old one, and is not sent again"
def doubt_unsent(office_id: int) -> int:
    """Mark the messages an office brought with it unsent as those of which nobody knows; return how many."""
    unsent = models.Outbound.objects.filter(office_id=office_id, state__in=["queued", "sending"])
    return unsent.update(state="unknown", due_at=None)


def slug(office_id: int) -> str:
    """Return the address of an office."""
    return models.Office.objects.values_list("slug", flat=True).get(id=office_id)


def note(office_id: int, now: datetime, who: str, what: str, **details: Any) -> None:
    """Write an act of moving to the office's audit trail."""
    models.Audit.objects.create(office_id=office_id, at=now, who=who, what=what, details=details)
