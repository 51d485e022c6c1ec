"""Strays: messages to numbers that are not bound to the gateway they came by."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from prepazka.store import models
from prepazka.store.inbox import Arrival

BATCH = 100


@dataclass(frozen=True, slots=True)
class StrayGroup:
    """The strays of one gateway to one recipient.

    recipient: "" from a gateway that names none; number: the office's they can be assigned to, "" for none.
    """

    gateway: str
    recipient: str
    count: int
    last_at: datetime
    number: str = ""
    office: str = ""


def keep(strays: Sequence[Arrival]) -> None:
    """Store messages; one stored already stays as it is."""
    models.Stray.objects.bulk_create(
        [
            models.Stray(
                gateway=stray.gateway,
                gateway_id=stray.gateway_id,
                fingerprint=stray.fingerprint,
                sender=stray.sender,
                recipient=stray.recipient,
                text=stray.text,
                whole=stray.whole,
                sent_at=stray.sent_at,
                received_at=stray.received_at,
            )
            for stray in strays
        ],
        ignore_conflicts=True,
    )


def count() -> int:
    """Return how many there are."""
    return models.Stray.objects.count()


def groups() -> list[StrayGroup]:
    """Return all strays by gateway and recipient, the latest first. Two queries."""
    found = (
        models.Stray.objects.values_list("gateway", "recipient")
        .annotate(count=Count("id"), last=Max("received_at"))
        .order_by("-last")
    )
    bound = models.Number.objects.filter(gateway__isnull=False)
    numbers: dict[tuple[str, str], tuple[str, str]] = {}
    for gateway, e164, office in bound.values_list("gateway__name", "e164", "office__name"):
        numbers[gateway, e164] = e164, office
        numbers.setdefault((gateway, ""), (e164, office))
    return [
        StrayGroup(gateway, recipient, count, last, *numbers.get((gateway, recipient), ("", "")))
        for gateway, recipient, count, last in found
    ]


def latest(limit: int) -> list[models.Stray]:
    """Return the newest strays, at most so many."""
    return list(models.Stray.objects.order_by("-id")[:limit])


def take(gateway: str, recipients: Collection[str]) -> list[models.Stray]:
    """Return some strays of a gateway to these recipients, the oldest first, locked. Index: stray_of_number."""
    found = models.Stray.objects.select_for_update().filter(gateway=gateway, recipient__in=recipients)
    return list(found.order_by("id")[:BATCH])


def drop(ids: Collection[int]) -> None:
    """Delete strays that are in an inbox now."""
    models.Stray.objects.filter(id__in=ids).delete()


def erase(before: datetime) -> int:
    """Delete strays that came before this moment; return how many. Index: stray_by_time."""
    return models.Stray.objects.filter(received_at__lt=before).delete()[0]
