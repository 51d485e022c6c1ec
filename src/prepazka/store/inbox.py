"""The inbox of an office: storing messages, reading those to be handled, keeping what was decided.

A constant number of statements whatever the size of the batch, in the caller's transaction.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F

from prepazka.core.booking.questions import Question, Unfinished
from prepazka.store import models, offices, writes
from prepazka.store.offices import Locked
from prepazka.store.sql import Pending, Row, aware, insert, listed, moment, recorded, rows, send, together, update

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


_ARRIVED = {
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
    stored = insert(
        "inbound",
        {"office_id": "bigint", "state": "varchar", "attempts": "smallint", "outcome": "varchar"} | _ARRIVED,
        [_arrived(arrival) for arrival in arrivals],
        same={"office_id": office_id, "state": "waiting", "attempts": 0, "outcome": ""},
        then="ON CONFLICT DO NOTHING RETURNING id, gateway, gateway_id",
    )
    return {MessageKey(gateway, gateway_id): id_ for id_, gateway, gateway_id in stored.fetch()}


def _arrived(message: "Arrival | WaitingMessage") -> tuple[Any, ...]:
    """Return the values of `_ARRIVED`."""
    return (
        message.gateway,
        message.gateway_id,
        message.sender,
        message.recipient,
        message.text,
        message.text_key,
        moment(message.sent_at),
        moment(message.received_at),
        message.fingerprint,
        message.whole,
    )


# --- waiting -----------------------------------------------------------------------------------


class WaitingMessage(NamedTuple):
    """A message to be handled, as it arrived; stored: whether its row is there, and not yet to be written."""

    id: int
    gateway: str
    gateway_id: str
    sender: str
    recipient: str
    text: str
    text_key: str
    sent_at: datetime | None
    received_at: datetime
    fingerprint: str | None
    whole: bool
    stored: bool


def waiting(office_id: int, limit: int | None = None) -> list[WaitingMessage]:
    """Return the office's messages to be handled, in order of arrival. Index: inbound_waiting."""
    return _send_waiting(office_id, limit).fetch()


def _send_waiting(office_id: int, limit: int | None = None) -> Pending[WaitingMessage]:
    """Send the query of `waiting` without waiting for it."""
    found = send(
        "SELECT id, gateway, gateway_id, sender, recipient, text, text_key, sent_at, received_at, fingerprint, whole "
        "FROM inbound {by:inbound_waiting} WHERE office_id = %s AND state = 'waiting' ORDER BY id LIMIT %s",
        [office_id, limit or _ALL],
    )
    return found.map(_stored_message)


def _stored_message(row: Row) -> WaitingMessage:
    *begin, sent_at, received_at, fingerprint, whole = row
    return WaitingMessage._make([*begin, aware(sent_at), aware(received_at), fingerprint, bool(whole), True])


def still_waiting(inbound: int) -> bool:
    """Whether this message is still to be handled."""
    return models.Inbound.objects.filter(id=inbound, state="waiting").exists()


def office_with_waiting(leaving_out: Collection[int] = ()) -> int | None:
    """Return an office with messages to be handled, the longest waiting first. Index: inbound_waiting.

    leaving_out: offices whose messages could not be handled just now.

    On PostgreSQL offices locked by another worker are left out, so that workers share the offices.
    """
    others = "AND NOT {among:id} " if leaving_out else ""
    # From one office to the next by the index: a crowd of messages of one office is not read through.
    query = (
        "WITH RECURSIVE concerned (id) AS ("
        "SELECT MIN(office_id) FROM inbound {by:inbound_waiting} WHERE state = 'waiting' UNION ALL "
        "SELECT (SELECT MIN(office_id) FROM inbound {by:inbound_waiting} WHERE state = 'waiting' "
        "AND office_id > concerned.id) FROM concerned WHERE concerned.id IS NOT NULL) "
        f"SELECT id FROM office WHERE id IN (SELECT id FROM concerned) {others}ORDER BY (SELECT MIN(id) FROM inbound "
        "{by:inbound_waiting} WHERE office_id = office.id AND state = 'waiting') LIMIT 1 {unless_locked}"
    )
    found = rows(query, [listed(leaving_out)] if leaving_out else [])
    return found[0][0] if found else None


class Begun(NamedTuple):
    """An office whose lock was taken, with all its messages to be handled, in order of arrival.

    new: the ids of the arrivals that were not stored before; their rows are written with what is decided (`answer`).
    Without any, `waiting` is empty: whoever stored what waits sees to it.
    """

    locked: Locked
    new: dict[MessageKey, int]
    waiting: list[WaitingMessage]


def begin(office_id: int, arrivals: Sequence[Arrival]) -> Begun:
    """Take the office's lock, find which arrivals are new, and read what waits before them; sent at once.

    A row that is written once, decided, costs two thirds of one that is stored, read back and changed.
    """
    with together():
        lock, free_ids, waiting = offices.send_lock(office_id), _send_free_ids(arrivals), _send_waiting(office_id)
    locked, new, before = lock.fetch()[0], list(_new(arrivals, free_ids.fetch())), waiting.fetch()
    ids = {MessageKey(message.gateway, message.gateway_id): message.id for message in new}
    return Begun(locked, ids, [*before, *new] if new else [])


def _send_free_ids(arrivals: Sequence[Arrival]) -> Pending[Row]:
    """Find the places of the arrivals that are not stored, and as many ids of messages never used."""
    known = ["SELECT id FROM inbound WHERE gateway = value ->> 1 AND gateway_id = value ->> 2"]
    if any(arrival.fingerprint for arrival in arrivals):
        known.append("SELECT id FROM inbound WHERE gateway = value ->> 1 AND fingerprint = value ->> 3")
    unknown = " AND ".join(f"({query}) IS NULL" for query in known)
    return send(
        f"SELECT CAST(value ->> 0 AS integer), {{next_id:inbound}} FROM {{records}} WHERE {unknown}",
        [recorded([(place, one.gateway, one.gateway_id, one.fingerprint) for place, one in enumerate(arrivals)])],
    )


def _new(arrivals: Sequence[Arrival], found: Sequence[Row]) -> Iterator[WaitingMessage]:
    """Yield the arrivals found to be new with their ids, in order; of equal ones, the first."""
    taken: set[tuple[str, ...]] = set()
    for place, id_ in zip(sorted(row[0] for row in found), sorted(row[1] for row in found), strict=True):
        one = arrivals[place]
        keys = {("id", one.gateway, one.gateway_id)}
        if one.fingerprint:
            keys.add(("fingerprint", one.gateway, one.fingerprint))
        if not keys & taken:
            taken |= keys
            yield WaitingMessage._make([id_, *one, False])


# --- decided -----------------------------------------------------------------------------------


class Decision(NamedTuple):
    """What was decided about a message.

    booking: the one concerned. question: the one the reply puts. repairs: the names of those the text needed.
    """

    message: WaitingMessage
    outcome: str
    answered: bool
    booking: int | None
    question: Question | None
    repairs: tuple[str, ...] = ()


_DECIDED = {"state": "varchar", "outcome": "varchar", "booking_id": "bigint", "offers": "jsonb", "repairs": "varchar"}


def answer(
    office_id: int, decisions: Sequence[Decision], replies: Sequence[writes.OutgoingMessage], now: datetime
) -> None:
    """Store the decisions about messages, so that each is handled once, and put their replies into the outbox.

    Raises: IntegrityError as `writes.send` does, and when another transaction has stored a new message meanwhile.
    """
    new = [
        (decision.message.id, *_arrived(decision.message), *_decided(decision))
        for decision in decisions
        if not decision.message.stored
    ]
    stored = [(decision.message.id, *_decided(decision)) for decision in decisions if decision.message.stored]
    with together():
        if new:
            insert("inbound", _NEW, new, same={"office_id": office_id, "attempts": 0})
        if stored:
            changes = ", ".join(f"{column} = decided.{column}" for column in _DECIDED)
            update("inbound", {"id": "bigint"} | _DECIDED, stored, changes)
        writes.send(office_id, replies, now)


_NEW = {"office_id": "bigint", "attempts": "smallint", "id": "bigint"} | _ARRIVED | _DECIDED


def _decided(decision: Decision) -> tuple[Any, ...]:
    """Return the values of `_DECIDED`."""
    return (
        "answered" if decision.answered else "silent",
        decision.outcome,
        decision.booking,
        _to_json(decision.question),
        " ".join(decision.repairs)[:200],
    )


def _to_json(question: Question | None) -> str | None:
    if question is None:
        return None
    kept: dict[str, object] = {"kind": question.kind, "asked": question.asked.isoformat()}
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
    if question.wanted:
        kept["wanted"] = question.wanted.isoformat()
    if question.unfinished:
        kept["unfinished"] = _wish_to_json(question.unfinished)
    return json.dumps(kept)


def _wish_to_json(wish: Unfinished) -> dict[str, object]:
    known: dict[str, object] = {"service": wish.service, "name": wish.name, "persons": wish.persons}
    known |= {"moving": wish.moving, "soonest": wish.soonest, "refused": wish.refused, "of_part": wish.of_part}
    known |= {key: day.isoformat() for key, day in (("date", wish.day), ("told", wish.told)) if day}
    times = (("time", wish.at), ("first", wish.first), ("last", wish.last))
    return known | {key: f"{at:%H:%M}" for key, at in times if at}


def note_failure(inbound: int, attempts: int) -> bool:
    """Count one more failure to handle a message; return whether it is given up now."""
    row = models.Inbound.objects.filter(id=inbound, state="waiting")
    row.update(attempts=F("attempts") + 1)
    return row.filter(attempts__gte=attempts).update(state="failed") == 1
