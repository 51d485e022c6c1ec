"""The clerk's inbox: messages the office could not understand, until they are erased, and who has seen to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prepazka.core.booking.misunderstood import MISUNDERSTOOD, SLIPS, SUCCESSES
from prepazka.store import models
from prepazka.store.sql import aware, changed, moment, rows


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message that was not understood, and is not erased. recipient: which of the office's numbers it was sent to.

    done_at: when a clerk had seen to it, None as long as nobody has; done_by: who, as they sign in.
    """

    id: int
    sender: str
    recipient: str
    gateway: str
    text: str
    received_at: datetime
    done_at: datetime | None
    done_by: str


def _among(outcomes: Sequence[str]) -> str:
    """Return the names as they stand in the condition of the index: SQLite compares the texts of both."""
    return ", ".join(f"'{outcome}'" for outcome in outcomes)


_HIGHEST_ID = 2**63 - 1
_COLUMNS = "m.id, m.sender, m.recipient, m.gateway, m.text, m.received_at, m.done_at, m.done_by"
_MISUNDERSTOOD = f"m.office_id = %s AND m.outcome IN ({_among(MISUNDERSTOOD)}) AND m.text_key > ''"
# As the index has them, so that no database reads an office's other messages to find them in order.
_IN_ORDER = "ORDER BY m.done_at DESC, m.id DESC"
# A message without a text says nothing a clerk could answer. Index: inbound_of_sender.
_TO_READ = (
    f"{_MISUNDERSTOOD} AND m.text <> '' AND NOT (m.outcome IN ({_among(SLIPS)}) AND EXISTS "
    "(SELECT 1 FROM inbound AS later WHERE later.office_id = m.office_id AND later.sender = m.sender "
    "AND later.state = 'answered' AND later.received_at >= m.received_at AND later.id > m.id "
    f"AND later.outcome IN ({_among(SUCCESSES)})))"
)


def unread(office_id: int, before: int, size: int) -> list[InboxMessage]:
    """Return messages nobody has seen to, with ids below this one, the newest first. Index: inbound_misunderstood."""
    found = rows(
        f"SELECT {_COLUMNS} FROM inbound AS m WHERE {_TO_READ} AND m.done_at IS NULL AND m.id < %s "
        f"{_IN_ORDER} LIMIT %s",
        [office_id, before, size],
    )
    return list(map(_message, found))


def done(office_id: int, size: int) -> list[InboxMessage]:
    """Return so many of those a clerk has seen to, the last one first. Index: inbound_misunderstood."""
    found = rows(
        f"SELECT {_COLUMNS} FROM inbound AS m WHERE {_MISUNDERSTOOD} AND m.done_at IS NOT NULL {_IN_ORDER} LIMIT %s",
        [office_id, size],
    )
    return list(map(_message, found))


def waiting(office_id: int) -> int:
    """Return how many senders have messages nobody has seen to. Index: inbound_misunderstood."""
    [(count,)] = rows(
        f"SELECT COUNT(DISTINCT m.sender) FROM inbound AS m WHERE {_TO_READ} AND m.done_at IS NULL", [office_id]
    )
    return int(count)


def find(office_id: int, message: int) -> InboxMessage | None:
    """Return the message of this id, if it is in the office's inbox. Index: the primary key."""
    if message > _HIGHEST_ID:  # typed into an address; the database takes no such number
        return None
    found = rows(f"SELECT {_COLUMNS} FROM inbound AS m WHERE {_MISUNDERSTOOD} AND m.id = %s", [office_id, message])
    return next(map(_message, found), None)


def mark_done(office_id: int, sender: str, until: int, now: datetime, who: str) -> int:
    """Mark the messages of a sender up to this id as seen to; return how many. Index: inbound_misunderstood."""
    return changed(
        "UPDATE inbound SET done_at = %s, done_by = %s WHERE id IN "
        f"(SELECT m.id FROM inbound AS m WHERE {_MISUNDERSTOOD} AND m.done_at IS NULL "
        "AND m.sender = %s AND m.id <= %s)",
        [moment(now), who, office_id, sender, until],
    )


def reopen(office_id: int, sender: str, done_at: datetime) -> int:
    """Undo the marks of this moment; return how many. Index: inbound_misunderstood."""
    return changed(
        "UPDATE inbound SET done_at = NULL, done_by = '' WHERE id IN "
        f"(SELECT m.id FROM inbound AS m WHERE {_MISUNDERSTOOD} AND m.done_at = %s AND m.sender = %s)",
        [office_id, moment(done_at), sender],
    )


def last_answer(office_id: int, number: str) -> models.Outbound | None:
    """Return the last answer of a clerk to this number. Index: outbound_of_recipient."""
    said = models.Outbound.objects.filter(office_id=office_id, recipient=number, kind="answer")
    return said.order_by("-id").first()


def coming_bookings(office_id: int, number: str, now: datetime) -> list[models.Booking]:
    """Return the bookings of a number that are to come, the next one first. Index: booking_of_sender."""
    found = models.Booking.objects.filter(office_id=office_id, sender=number, state="booked", ends_at__gt=now)
    return list(found.select_related("service").order_by("starts_at")[:10])


def _message(row: tuple[Any, ...]) -> InboxMessage:
    id_, sender, recipient, gateway, text, received_at, done_at, done_by = row
    return InboxMessage(id_, sender, recipient, gateway, text, aware(received_at), aware(done_at), done_by)
