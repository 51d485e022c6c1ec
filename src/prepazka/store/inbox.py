"""The inbox of an office: storing messages, reading those to be handled, keeping what was decided.

A constant number of statements whatever the size of the batch, in the caller's transaction.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from prepazka.core.booking.ledger import Question
from prepazka.store import models, offices, writes
from prepazka.store.offices import Locked
from prepazka.store.sql import Pending, Row, aware, insert, listed, moment, rows, send, together, update

# More rows than there are.
_ALL = 1_000_000_000


# --- arriving ----------------------------------------------------------------------------------


class Arrival(NamedTuple):
    """A message to be stored, cleaned, with its numbers in E.164 where possible; whole: as in `models.Inbound`."""

    gateway: str
    gateway_id: str
    sender: str
    recipient: str
    text: str
    text_key: str
    sent_at: datetime | None
    received_at: datetime
    fingerprint: str | None = None
    whole: bool = True


_INBOUND = {
    "office_id": "bigint",
    "state": "varchar",
    "attempts": "smallint",
    "outcome": "varchar",
    "gateway": "varchar",
    "gateway_id": "varchar",
    "sender": "varchar",
    "recipient": "varchar",
    "text": "text",
    "text_key": "varchar",
    "sent_at": "timestamptz",
    "received_at": "timestamptz",
    "fingerprint": "varchar",
    "whole": "boolean",
}


class MessageKey(NamedTuple):
    """What tells messages apart: the gateway and the id it gave."""

    gateway: str
    gateway_id: str


def take_in(office_id: int, arrivals: Sequence[Arrival]) -> dict[MessageKey, int]:
    """Store messages to be handled; return the row ids of those not stored before."""
    return dict(_send_arrivals(office_id, arrivals).fetch())


def _send_arrivals(office_id: int, arrivals: Sequence[Arrival]) -> Pending[tuple[MessageKey, int]]:
    """Send the statement of `take_in` without waiting for it."""
    stored = insert(
        "inbound",
        _INBOUND,
        [
            (
                arrival.gateway,
                arrival.gateway_id,
                arrival.sender,
                arrival.recipient,
                arrival.text,
                arrival.text_key,
                moment(arrival.sent_at),
                moment(arrival.received_at),
                arrival.fingerprint,
                arrival.whole,
            )
            for arrival in arrivals
        ],
        same={"office_id": office_id, "state": "waiting", "attempts": 0, "outcome": ""},
        then="ON CONFLICT DO NOTHING RETURNING id, gateway, gateway_id",
    )
    return stored.map(lambda row: (MessageKey(row[1], row[2]), row[0]))


# --- waiting -----------------------------------------------------------------------------------


class StoredMessage(NamedTuple):
    """A stored message to be handled."""

    id: int
    gateway: str
    gateway_id: str
    sender: str
    recipient: str
    text: str
    text_key: str
    sent_at: datetime | None
    received_at: datetime
    whole: bool


def waiting(office_id: int, limit: int | None = None) -> list[StoredMessage]:
    """Return the office's messages to be handled, in order of arrival. Index: inbound_waiting."""
    return _send_waiting(office_id, limit).fetch()


def _send_waiting(office_id: int, limit: int | None = None) -> Pending[StoredMessage]:
    """Send the query of `waiting` without waiting for it."""
    found = send(
        "SELECT id, gateway, gateway_id, sender, recipient, text, text_key, sent_at, received_at, whole "
        "FROM inbound {by:inbound_waiting} WHERE office_id = %s AND state = 'waiting' ORDER BY id LIMIT %s",
        [office_id, limit or _ALL],
    )
    return found.map(_stored_message)


def _stored_message(row: Row) -> StoredMessage:
    id_, gateway, gateway_id, sender, recipient, text, key, sent_at, received_at, whole = row
    return StoredMessage(
        id_, gateway, gateway_id, sender, recipient, text, key, aware(sent_at), aware(received_at), bool(whole)
    )


def still_waiting(inbound: int) -> bool:
    """Whether this message is still to be handled."""
    return models.Inbound.objects.filter(id=inbound, state="waiting").exists()


def office_with_waiting(leaving_out: Collection[int] = ()) -> int | None:
    """Return an office with messages to be handled, the longest waiting first. Index: inbound_waiting.

    leaving_out: offices whose messages could not be handled just now.

    On PostgreSQL offices locked by another worker are left out, so that workers share the offices.
    """
    others = "AND NOT {among:id} " if leaving_out else ""
    query = (
        f"SELECT id FROM office WHERE id IN (SELECT office_id FROM inbound WHERE state = 'waiting') {others}ORDER BY "
        "(SELECT MIN(id) FROM inbound WHERE office_id = office.id AND state = 'waiting') LIMIT 1 {unless_locked}"
    )
    with transaction.atomic():
        found = rows(query, [listed(leaving_out)] if leaving_out else [])
    return found[0][0] if found else None


class TakenIn(NamedTuple):
    """An office whose lock was taken, with the messages just stored, and all that wait to be handled, in order.

    stored: row ids of those that were not stored before; waiting is empty when there are none.
    """

    locked: Locked
    stored: dict[MessageKey, int]
    waiting: list[StoredMessage]


def lock_and_take_in(office_id: int, arrivals: Sequence[Arrival]) -> TakenIn:
    """Take the office's lock, store messages and read what waits, sent to the database at once."""
    with together():
        lock, taken_in, waiting = (
            offices.send_lock(office_id),
            _send_arrivals(office_id, arrivals),
            _send_waiting(office_id),
        )
    office, stored = lock.fetch()[0], dict(taken_in.fetch())
    return TakenIn(office, stored, waiting.fetch() if stored else [])


# --- decided -----------------------------------------------------------------------------------


class Decision(NamedTuple):
    """What was decided about a stored message.

    booking: the one concerned. question: the one the reply puts. repairs: the names of those the text needed.
    """

    inbound: int
    outcome: str
    answered: bool
    booking: int | None
    question: Question | None
    repairs: tuple[str, ...] = ()


_DECISION = {
    "id": "bigint",
    "state": "varchar",
    "outcome": "varchar",
    "booking_id": "bigint",
    "offers": "jsonb",
    "repairs": "varchar",
}


def answer(
    office_id: int, decisions: Sequence[Decision], replies: Sequence[writes.OutgoingMessage], now: datetime
) -> None:
    """Store the decisions about messages, so that each is handled once, and put their replies into the outbox.

    Raises: IntegrityError as `writes.send` does.
    """
    with together():
        _store_decisions(decisions)
        writes.send(office_id, replies, now)


def _store_decisions(decisions: Sequence[Decision]) -> None:
    records = [
        (
            decision.inbound,
            "answered" if decision.answered else "silent",
            decision.outcome,
            decision.booking,
            _to_json(decision.question),
            " ".join(decision.repairs)[:200],
        )
        for decision in decisions
    ]
    update(
        "inbound",
        _DECISION,
        records,
        "state = decided.state, outcome = decided.outcome, booking_id = decided.booking_id, "
        "offers = decided.offers, repairs = decided.repairs",
    )


def _to_json(question: Question | None) -> dict[str, object] | None:
    if question is None:
        return None
    kept: dict[str, object] = {"kind": question.kind}
    if question.offers:
        kept["offers"] = [
            {
                "service": offer.service,
                "date": offer.day.isoformat(),
                "time": f"{offer.at:%H:%M}",
                "name": offer.name,
                "persons": offer.persons,
                "moving": offer.moving,
            }
            for offer in question.offers
        ]
    if question.taken:
        code, day = question.taken
        kept["taken"] = {"code": code, "date": day.isoformat()}
    return kept


def note_failure(inbound: int, attempts: int) -> bool:
    """Count one more failure to handle a message; return whether it is given up now."""
    row = models.Inbound.objects.filter(id=inbound, state="waiting")
    row.update(attempts=F("attempts") + 1)
    return row.filter(attempts__gte=attempts).update(state="failed") == 1
