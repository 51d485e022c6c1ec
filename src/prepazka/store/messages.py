"""What was said: what came of a message delivered before, and the conversation with one number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from prepazka.store import models


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came of a message when it was delivered first; `outcome` None while it waits to be handled."""

    outcome: str | None
    reply: str | None


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One message of a conversation, named by its key; septets and parts only of what the office said.

    what: the outcome of what came, the kind of what the office said. state: of the inbox or the outbox.
    """

    key: str
    ours: bool
    text: str
    at: datetime
    septets: int | None = None
    parts: int | None = None
    what: str = ""
    state: str = ""


def earlier(gateway: str, ids: Collection[str]) -> dict[str, Earlier]:
    """By the gateway's ids, what its messages stored before came to. Index: one_inbound_an_id."""
    reply = models.Outbound.objects.filter(in_reply_to=OuterRef("id"), kind="reply").values("text")
    found = models.Inbound.objects.filter(gateway=gateway, gateway_id__in=set(ids)).annotate(reply=Subquery(reply))
    return {
        message.gateway_id: Earlier(None if message.state == "waiting" else message.outcome, message.reply)
        for message in found.only("gateway_id", "state", "outcome")
    }


def conversation(office_id: int, number: str, limit: int) -> list[ConversationLine]:
    """The last messages between a number and the office, each reply right after what it answers.

    At most `limit` of each side. Indexes: inbound_of_sender, outbound_of_recipient.
    """
    heard = models.Inbound.objects.filter(office_id=office_id, sender=number).order_by("-id")[:limit]
    said = models.Outbound.objects.filter(office_id=office_id, recipient=number).order_by("-id")[:limit]
    heard_at = {message.id: message.received_at for message in heard}
    placed = [
        (
            (one.received_at, one.id, 0),
            ConversationLine(f"in-{one.id}", False, one.text, one.received_at, what=one.outcome, state=one.state),
        )
        for one in heard
    ]
    for one in said:
        answers = one.in_reply_to_id or 0
        words = ConversationLine(
            f"out-{one.id}", True, one.text, one.made_at, one.septets, one.parts, one.kind, one.state
        )
        placed.append(((heard_at.get(answers, one.made_at), answers, one.id), words))
    return [words for _, words in sorted(placed, key=lambda entry: entry[0])]
