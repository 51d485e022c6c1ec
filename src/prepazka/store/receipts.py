"""What gateways call messages, and what they said of them. Rules: `core.delivery`; all under the gateway's lock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prepazka.core.delivery import News, State
from prepazka.store import models
from prepazka.store.sql import aware, changed, insert, listed, moment, rows, run


@dataclass(frozen=True, slots=True)
class Report:
    """A receipt as it is kept: the office's id of a message or "", the gateway's or "", and what it says."""

    message: str
    ref: str
    status: News
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandedMessage:
    """A message receipts may speak of."""

    id: int
    made_at: datetime
    parts: int
    lost: int
    state: State


@dataclass(frozen=True, slots=True)
class GatewayRef:
    """A gateway's name for a message or a part of it; copy and total as in `models.OutboundRef`."""

    outbound: int
    ref: str
    copy: int
    total: int
    state: State = "handed"


def handed_messages(gateway: str, ids: Collection[int]) -> dict[int, HandedMessage]:
    """These messages, as far as they are this gateway's. Index: the primary key."""
    found = rows(
        "SELECT id, made_at, parts, lost, state FROM outbound WHERE {among:id} AND gateway = %s", [listed(ids), gateway]
    )
    return {row[0]: HandedMessage(*map(aware, row)) for row in found}


_REF = "SELECT outbound_id, ref, copy, total, state FROM outbound_ref "


def named(gateway: str, names: Collection[str]) -> dict[str, GatewayRef]:
    """What a gateway calls by these names. Index: one_message_a_ref."""
    found = rows(f"{_REF} WHERE gateway = %s AND {{among:ref}}", [gateway, listed(names)])
    return {row[1]: GatewayRef(*row) for row in found}


def parts(outbounds: Collection[int]) -> list[GatewayRef]:
    """All names of these messages. Index: of the foreign key."""
    return [GatewayRef(*row) for row in rows(f"{_REF} WHERE {{among:outbound_id}} ORDER BY id", [listed(outbounds)])]


_COLUMNS = {
    "outbound_id": "bigint",
    "gateway": "varchar",
    "ref": "varchar",
    "copy": "smallint",
    "total": "smallint",
    "state": "varchar",
}


def name(gateway: str, refs: Iterable[GatewayRef]) -> None:
    """Keep what a gateway calls messages. A name it gives once more is the newer message's from now on.

    What was heard of the part already is not forgotten.
    """
    once = {ref.ref: ref for ref in refs}
    if not once:
        return
    records = [(ref.outbound, gateway, ref.ref, ref.copy, ref.total, ref.state) for ref in once.values()]
    insert(
        "outbound_ref",
        _COLUMNS,
        records,
        then="ON CONFLICT (gateway, ref) DO UPDATE SET copy = excluded.copy, total = excluded.total, "
        "state = CASE WHEN outbound_ref.outbound_id = excluded.outbound_id "
        "THEN outbound_ref.state ELSE excluded.state END, outbound_id = excluded.outbound_id",
    )


def hear_of_parts(gateway: str, heard: Mapping[str, State]) -> None:
    """Keep what was heard of parts, by their names."""
    for state in set(heard.values()):
        names = [ref for ref, said in heard.items() if said == state]
        run("UPDATE outbound_ref SET state = %s WHERE gateway = %s AND {among:ref}", [state, gateway, listed(names)])


def hear_of(news: Mapping[int, tuple[News, str]]) -> None:
    """Keep what messages have come to, and why."""
    for said in set(news.values()):
        ids = [outbound for outbound, one in news.items() if one == said]
        run(
            "UPDATE outbound SET state = %s, due_at = NULL, error = %s WHERE {among:id}",
            [*said, listed(ids)],
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


def keep(gateway: str, receipts: Sequence[tuple[int | None, Report]], now: datetime) -> None:
    """Keep receipts as they were said, each once, with the message they speak of, or waiting for its answer."""
    if receipts:
        records = [
            (
                outbound,
                gateway,
                said.message,
                said.ref,
                said.status,
                said.reason,
                moment(said.at),
                moment(now),
            )
            for outbound, said in receipts
        ]
        insert("receipt", _RECEIPT, records, then="ON CONFLICT DO NOTHING")


def take_waiting(gateway: str, names: Collection[str]) -> list[Report]:
    """The receipts that waited for these names, in the order they came; they wait no longer.

    Index: one_receipt_waiting.
    """
    found = rows(
        "SELECT id, message, ref, status, reason, at FROM receipt "
        "WHERE outbound_id IS NULL AND gateway = %s AND {among:ref} ORDER BY id",
        [gateway, listed(names)],
    )
    if found:
        run("DELETE FROM receipt WHERE {among:id}", [listed([row[0] for row in found])])
    return [Report(*map(aware, row[1:])) for row in found]


def drop_waiting(before: datetime) -> int:
    """Drop receipts that have waited since before this moment; how many. Index: receipt_waiting."""
    if not models.Receipt.objects.filter(outbound=None, received_at__lte=before).exists():
        return 0
    return changed("DELETE FROM receipt WHERE outbound_id IS NULL AND received_at <= %s", [moment(before)])
