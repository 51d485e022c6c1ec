"""Receipts, and the gateways' ids of messages. Rules: `core.delivery`; everything under the gateway's lock."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prepazka.core.delivery import DeliveryState, News
from prepazka.store import models
from prepazka.store.sql import Pending, Row, aware, insert, listed, moment, rows, run, send


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
    """A gateway's id of a message or of a part of it; copy and total as in `models.OutboundRef`."""

    outbound: int
    ref: str
    copy: int
    total: int
    state: DeliveryState = "handed"


class MatchedReceipt(NamedTuple):
    """A receipt with the row id of its message; None while the message is not known."""

    outbound: int | None
    receipt: StoredReceipt


class RaisedState(NamedTuple):
    """The new state of a message, and the reason of a failure: in a word, and in the gateway's own words."""

    state: News
    cause: str
    error: str


def handed_messages(gateway: str, ids: Collection[int]) -> dict[int, HandedMessage]:
    """Return these messages, as far as they are this gateway's. Index: the primary key."""
    found = rows(
        "SELECT id, made_at, parts, lost, state FROM outbound WHERE {among:id} AND gateway = %s", [listed(ids), gateway]
    )
    return {row[0]: HandedMessage(*map(aware, row)) for row in found}


_REF = "SELECT outbound_id, ref, copy, total, state FROM outbound_ref "


def refs_by_name(gateway: str, refs: Collection[str]) -> dict[str, GatewayRef]:
    """Return what is known of these ids of a gateway. Index: one_message_a_ref."""
    found = rows(f"{_REF} WHERE gateway = %s AND {{among:ref}}", [gateway, listed(refs)])
    return {row[1]: GatewayRef(*row) for row in found}


def refs_of(outbounds: Collection[int]) -> list[GatewayRef]:
    """Return all ids of these messages. Index: of the foreign key."""
    return [GatewayRef(*row) for row in rows(f"{_REF} WHERE {{among:outbound_id}} ORDER BY id", [listed(outbounds)])]


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


def raise_parts(gateway: str, states: Mapping[str, DeliveryState]) -> None:
    """Store the new states of parts, by the gateway's ids."""
    for state in set(states.values()):
        refs = [ref for ref, one in states.items() if one == state]
        run("UPDATE outbound_ref SET state = %s WHERE gateway = %s AND {among:ref}", [state, gateway, listed(refs)])


def raise_messages(states: Mapping[int, RaisedState]) -> None:
    """Store the new states of messages, by row id."""
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


def keep(gateway: str, matched: Sequence[MatchedReceipt], now: datetime) -> None:
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
