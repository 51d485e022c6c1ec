"""The data stored about one telephone number, in all offices: to show or erase them at its owner's request."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from prepazka.store import models

_BOOKING = ("office__slug", "service__code", "starts_at", "name", "persons", "code", "state", "channel", "made_at")
_INBOUND = ("office__slug", "received_at", "sent_at", "text", "outcome")
_OUTBOUND = ("office__slug", "made_at", "kind", "text", "state")
_WAITLIST = ("office__slug", "service__code", "day", "made_at", "told_at")
_OPT_OUT = ("office__slug", "since")
_STRAY = ("gateway", "received_at", "text")


def held(number: str) -> dict[str, list[dict[str, Any]]]:
    """Return all of it by section; each row with the office's slug."""
    return {
        "bookings": _rows(models.Booking.objects.filter(Q(sender=number) | Q(calls=number)), _BOOKING),
        "messages from": _rows(models.Inbound.objects.filter(sender=number), _INBOUND),
        "messages to": _rows(models.Outbound.objects.filter(recipient=number), _OUTBOUND),
        "watches": _rows(models.WaitlistEntry.objects.filter(sender=number), _WAITLIST),
        "no reminders": _rows(models.OptOut.objects.filter(sender=number), _OPT_OUT),
        "messages to no office": _rows(models.Stray.objects.filter(sender=number), _STRAY),
        "parts of messages": _rows(models.InboundPart.objects.filter(sender=number), _STRAY),
    }


def _rows(found: "QuerySet[Any]", fields: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {field.partition("__")[0]: value for field, value in row.items()}
        for row in found.order_by("id").values(*fields)
    ]


def to_come(number: str, now: datetime) -> "QuerySet[models.Booking]":
    """Return the number's active bookings that have not ended."""
    own = Q(sender=number) | Q(calls=number)
    return models.Booking.objects.filter(own, state__in=["booked", "held"], ends_at__gt=now).order_by("starts_at")


def erase(number: str) -> int:
    """Erase the number, names and texts everywhere; return in how many rows.

    As in scheduled erasing (`flows.retention`), the rows of bookings and messages stay without personal data: counts
    stay right, and a message delivered again is still recognised.
    """
    inbound = models.Inbound.objects.filter(sender=number)
    outbound = models.Outbound.objects
    concerned = outbound.filter(recipient=number) | outbound.filter(in_reply_to__in=inbound)
    ids = list(concerned.values_list("id", flat=True))
    erased = outbound.filter(id__in=ids).update(recipient="", text="")
    erased += inbound.update(sender="", text="", text_key="", offers=None)
    own = models.Booking.objects.filter(Q(sender=number) | Q(calls=number))
    erased += own.update(name="", sender="", text_key="", calls="")
    erased += models.Hold.objects.filter(number=number).delete()[0]
    deleted: list[type[Model]] = [models.WaitlistEntry, models.OptOut, models.Stray, models.InboundPart]
    return erased + sum(model._default_manager.filter(sender=number).delete()[0] for model in deleted)
