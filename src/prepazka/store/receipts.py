"""Receipts, and the gateways' ids of messages. Rules: `core.delivery`; everything under the gateway's lock."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prepazka.core.delivery import DeliveryState, News
from prepazka.store import models
from prepazka.store.sql import NOTHING, Pending, Row, aware, insert, listed, moment, rows, run, send, together


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt. message: the office's id of the message, or ""; ref: the gateway's id, or ""."""

    message: str
    ref: str
    status: News
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandedMessage:
    """A message that receipts may be about."""

    id: int
    made_at: datetime
    parts: int
    lost: int
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class GatewayRef:
    """A gateway's id of a message or of a part of it. copy, total: as in `models.OutboundRef`; row: 0 for a new one."""

    outbound: int
    ref: str
    copy: int
    total: int
    state: DeliveryState = "handed"
    row: int = 0


class MatchedReceipt(NamedTuple):
    """A receipt with the row id of its message; None while the message is not known."""

    outbound: int | None
    receipt: StoredReceipt


class RaisedState(NamedTuple):
    """The new state of a message, and the reason of a failure: in a word, and in the gateway's own words."""

    state: News
    cause: str
    error: str


class Named(NamedTuple):
    """What receipts name: messages by row id, parts by the gateway's ids."""

    messages: dict[int, HandedMessage]
    parts: dict[str, GatewayRef]


def find_named(gateway: str, ids: Collection[int], refs: Collection[str]) -> Named:
    """Return what is known of these messages and ids of a gateway. Two queries, sent together.

    Indexes: the primary key, one_message_a_ref.
    """
    with together():
        messages = _find_messages(gateway, ids)
        parts = _find_parts("gateway = %s AND {among:ref}", [gateway, listed(refs)]) if refs else NOTHING
    return _named(messages, parts)


def find_concerned(gateway: str, ids: Collection[int], in_parts: Collection[int]) -> Named:
    """Return more messages of a gateway, and all parts of some. Two queries, sent together.

    Indexes: the primary key, of the foreign key.
    """
    with together():
        messages = _find_messages(gateway, ids)
        parts = _find_parts("{among:outbound_id}", [listed(in_parts)]) if in_parts else NOTHING
    return _named(messages, parts)


def _named(messages: Pending[HandedMessage], parts: Pending[GatewayRef]) -> Named:
    return Named({one.id: one for one in messages.fetch()}, {one.ref: one for one in parts.fetch()})


def _find_messages(gateway: str, ids: Collection[int]) -> Pending[HandedMessage]:
    if not ids:
        return NOTHING
    found = send(
        "SELECT id, made_at, parts, lost, state FROM outbound WHERE {among:id} AND gateway = %s", [listed(ids), gateway]
    )
    return found.map(lambda row: HandedMessage(*map(aware, row)))


def _find_parts(condition: str, values: Sequence[object]) -> Pending[GatewayRef]:
    found = send(f"SELECT outbound_id, ref, copy, total, state, id FROM outbound_ref WHERE {condition}", values)
    return found.map(lambda row: GatewayRef(*row))


_COLUMNS = {
    "outbound_id": "bigint",
    "gateway": "varchar",
    "ref": "varchar",
    "copy": "smallint",
    "total": "smallint",
    "state": "varchar",
}


def keep_refs(gateway: str, refs: Iterable[GatewayRef]) -> None:
    """Store a gateway's ids of messages. An id it gives once more means the newer message from now on.

    The state already known of a part stays.
    """
    distinct = {ref.ref: ref for ref in refs}
    if not distinct:
        return
    records = [(ref.outbound, gateway, ref.ref, ref.copy, ref.total, ref.state) for ref in distinct.values()]
    insert(
        "outbound_ref",
        _COLUMNS,
        records,
        then="ON CONFLICT (gateway, ref) DO UPDATE SET copy = excluded.copy, total = excluded.total, "
        "state = CASE WHEN outbound_ref.outbound_id = excluded.outbound_id "
        "THEN outbound_ref.state ELSE excluded.state END, outbound_id = excluded.outbound_id",
    )


@dataclass(frozen=True, slots=True)
class Reported:
    """What receipts say: parts not known before, new states of others by row id, and new states of messages."""

    receipts: Sequence[MatchedReceipt]
    new_parts: Sequence[GatewayRef]
    parts: Mapping[int, DeliveryState]
    messages: Mapping[int, RaisedState]


def keep(gateway: str, reported: Reported, now: datetime) -> None:
    """Store receipts, each once, and what they say. Statements sent together."""
    with together():
        _keep_receipts(gateway, reported.receipts, now)
        keep_refs(gateway, reported.new_parts)
        _raise_parts(reported.parts)
        _raise_messages(reported.messages)


def _raise_parts(states: Mapping[int, DeliveryState]) -> None:
    for state in set(states.values()):
        rows_ = [row for row, one in states.items() if one == state]
        run("UPDATE outbound_ref SET state = %s WHERE {among:id}", [state, listed(rows_)])


def _raise_messages(states: Mapping[int, RaisedState]) -> None:
    for raised in set(states.values()):
        ids = [outbound for outbound, one in states.items() if one == raised]
        run(
            "UPDATE outbound SET state = %s, due_at = NULL, cause = %s, error = %s WHERE {among:id}",
            [raised.state, raised.cause, raised.error, listed(ids)],
        )


_RECEIPT = {
    "outbound_id": "bigint",
    "gateway": "varchar",
    "message": "varchar",
    "ref": "varchar",
    "status": "varchar",
    "reason": "varchar",
    "at": "timestamptz",
    "received_at": "timestamptz",
}


def _keep_receipts(gateway: str, matched: Sequence[MatchedReceipt], now: datetime) -> None:
    """Store receipts, each once, with their message, or waiting for the answer that names it."""
    if matched:
        records = [
            (
                outbound,
                gateway,
                receipt.message,
                receipt.ref,
                receipt.status,
                receipt.reason,
                moment(receipt.at),
                moment(now),
            )
            for outbound, receipt in matched
        ]
        insert("receipt", _RECEIPT, records, then="ON CONFLICT DO NOTHING")


def send_early(gateway: str, refs: Collection[str]) -> Pending[Row]:
    """Send the query for the receipts that wait for these ids, in the order they came, without waiting for it.

    Index: one_receipt_waiting.
    """
    return send(
        "SELECT id, message, ref, status, reason, at FROM receipt "
        "WHERE outbound_id IS NULL AND gateway = %s AND {among:ref} ORDER BY id",
        [gateway, listed(refs)],
    )


def take_out(early: Sequence[Row]) -> list[StoredReceipt]:
    """Take out the receipts that `send_early` found; return them."""
    if early:
        run("DELETE FROM receipt WHERE {among:id}", [listed([row[0] for row in early])])
    return [StoredReceipt(*map(aware, row[1:])) for row in early]


def drop_waiting(before: datetime) -> Mapping[str, int]:
    """Drop receipts that have waited since before this moment; return how many, by gateway. Index: receipt_waiting."""
    if not models.Receipt.objects.filter(outbound=None, received_at__lte=before).exists():
        return {}
    gone = "DELETE FROM receipt WHERE outbound_id IS NULL AND received_at <= %s RETURNING gateway"
    return Counter(gateway for (gateway,) in rows(gone, [moment(before)]))
