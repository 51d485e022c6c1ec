"""The data stored about one telephone number, in one office or in all: to show or erase them at its owner's request."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from prepazka.store import accounts, erasures, models, register

_BOOKING = (
    "office__slug",
    "service__code",
    "starts_at",
    "name",
    "persons",
    "code",
    "state",
    "channel",
    "made_at",
    "note",
)
_TICKET = (
    "office__slug",
    "day",
    "prefix",
    "number",
    "service__code",
    "state",
    "arrived_at",
    "called_at",
    "served_at",
    "ended_at",
)
_INBOUND = ("office__slug", "received_at", "sent_at", "text", "outcome", "done_at", "done_by")
_OUTBOUND = ("office__slug", "made_at", "kind", "text", "state")
_HOLD = ("office__slug", "chosen_at", "handed_at", "caller")
_WAITLIST = ("office__slug", "service__code", "day", "made_at", "told_at")
_OPT_OUT = ("office__slug", "since", "contact_at")
_STRAY = ("gateway", "received_at", "text")


# docs/spec/safety.md §5.3: "bookings with their tickets, messages both ways, watches, opt-outs, and who looked"
def held(number: str, office_id: int | None) -> dict[str, list[dict[str, Any]]]:
    """Return all of it by section, each row with the office's slug. office_id: None for all offices and for none."""
    found = _found(number, office_id)
    tickets = models.Ticket.objects.filter(booking__in=found["booking"].values("id"))
    looked = register.of_number(office_id, number)
    messages = _rows(found["inbound"], _INBOUND)
    # By their own names: what others sign in with is nothing for the person.
    officials = accounts.told_apart([*(row["done_by"] for row in messages), *(row.who for row in looked)])
    return {
        "bookings": _rows(found["booking"], _BOOKING),
        "held places": _rows(models.Hold.objects.filter(booking__in=found["booking"].values("id")), _HOLD),
        "tickets": _rows(tickets, _TICKET),
        "messages from": [row | {"done_by": officials.get(row["done_by"], "")} for row in messages],
        "messages to": _rows(found["outbound"], _OUTBOUND),
        "watches": _rows(found["watch"], _WAITLIST),
        "no reminders": _rows(found["opt_out"], _OPT_OUT),
        "messages to no office": _rows(found["stray"], _STRAY),
        "parts of messages": _rows(found["inbound_part"], _STRAY),
        "who looked": [
            {
                "office": row.office.slug if row.office else "",
                "at": row.at,
                "who": officials.get(row.who, ""),
                "what": row.what,
            }
            for row in looked
        ],
    }


def to_come(number: str, office_id: int | None, now: datetime) -> "QuerySet[models.Booking]":
    """Return the number's active bookings that have not ended."""
    found = models.Booking.objects.filter(_whose(number), state__in=["booked", "held"], ends_at__gt=now)
    return (found if office_id is None else found.filter(office_id=office_id)).order_by("starts_at")


def erase(number: str, office_id: int | None, now: datetime) -> int:
    """Erase the number, names and texts in an office, or (None) everywhere; return in how many rows.

    As in scheduled erasing (`flows.retention`), the rows of bookings and messages stay without personal data: counts
    stay right, and a message delivered again is still recognised. Each row is put on the list of erasures.
    """
    found = _found(number, office_id)
    found["outbound"] = found["outbound"] | models.Outbound.objects.filter(in_reply_to__in=found["inbound"])
    ids = {kind: list(rows.values_list("id", flat=True)) for kind, rows in found.items()}
    return sum(erasures.erase(kind, rows, now) for kind, rows in ids.items())


def _found(number: str, office_id: int | None) -> dict[str, "QuerySet[Any]"]:
    """Return the rows of a number, by the kinds of `erasures`.

    Indexes, in one office: booking_of_day (what is erased has no name), inbound_of_sender, outbound_of_recipient.
    """
    found: dict[str, QuerySet[Any]] = {
        "booking": models.Booking.objects.filter(_whose(number), name__gt=""),
        "inbound": models.Inbound.objects.filter(sender=number),
        "outbound": models.Outbound.objects.filter(recipient=number),
        "watch": models.WaitlistEntry.objects.filter(sender=number),
        "opt_out": models.OptOut.objects.filter(sender=number),
        "stray": models.Stray.objects.filter(sender=number),
        "inbound_part": models.InboundPart.objects.filter(sender=number),
    }
    if office_id is None:
        return found
    ours = {kind: rows.filter(office_id=office_id) for kind, rows in found.items() if kind not in _OF_NO_OFFICE}
    numbers = models.Number.objects.filter(office_id=office_id).values("e164")
    parts = found["inbound_part"].filter(recipient__in=numbers)
    return ours | {"stray": models.Stray.objects.none(), "inbound_part": parts}


_OF_NO_OFFICE = ("stray", "inbound_part")
"""Kinds whose rows name no office: a part is that office's whose number it was sent to, a stray no office's."""


def _whose(number: str) -> Q:
    """Return the condition of a number's bookings, and of those where it is kept for calling only."""
    return Q(sender=number) | Q(calls=number)


def _rows(found: "QuerySet[Any]", fields: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {field.partition("__")[0]: value for field, value in row.items()}
        for row in found.order_by("pk").values(*fields)
    ]
