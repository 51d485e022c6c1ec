"""Queries for messages: the reply to a message delivered before, and the conversation with one number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from prepazka.store import models


@dataclass(frozen=True, slots=True)
class Earlier:
    """How a message was handled when it was first delivered; outcome: None while it waits to be handled.

    sender: "" once it is erased.
    """

    outcome: str | None
    reply: str | None
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One message of a conversation, identified by its key; septets and parts only of the office's messages.

    what: the outcome of a received message, the kind of a sent one. state: of the inbox or the outbox.
    """

    key: str
    ours: bool
    text: str
    at: datetime
    septets: int | None = None
    parts: int | None = None
    what: str = ""
    state: str = ""


def find_earlier(gateway: str, ids: Collection[str]) -> dict[str, Earlier]:
    """Return how messages stored before were handled, by the gateway's ids. Index: one_inbound_an_id."""
    reply = models.Outbound.objects.filter(in_reply_to=OuterRef("id"), kind="reply").values("text")
    found = models.Inbound.objects.filter(gateway=gateway, gateway_id__in=set(ids)).annotate(reply=Subquery(reply))
    return {
        message.gateway_id: Earlier(
            None if message.state == "waiting" else message.outcome, message.reply, message.sender, message.recipient
        )
        for message in found.only("gateway_id", "state", "outcome", "sender", "recipient")
    }


def conversation(office_id: int, number: str, limit: int) -> list[ConversationLine]:
    """Return the last messages between a number and the office, each reply right after its message.

    At most `limit` of each side. Indexes: inbound_of_sender, outbound_of_recipient.
    """
    inbound = models.Inbound.objects.filter(office_id=office_id, sender=number).order_by("-id")[:limit]
    outbound = models.Outbound.objects.filter(office_id=office_id, recipient=number).order_by("-id")[:limit]
    received_at = {message.id: message.received_at for message in inbound}
    placed = [
        (
            (one.received_at, one.id, 0),
            ConversationLine(f"in-{one.id}", False, one.text, one.received_at, what=one.outcome, state=one.state),
        )
        for one in inbound
    ]
    for one in outbound:
        answered = one.in_reply_to_id or 0
        count = {"septets": one.septets, "parts": one.parts}
        line = ConversationLine(f"out-{one.id}", True, one.text, one.made_at, **count, what=one.kind, state=one.state)
        placed.append(((received_at.get(answered, one.made_at), answered, one.id), line))
    return [line for _, line in sorted(placed, key=lambda entry: entry[0])]
