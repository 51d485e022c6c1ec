"""Messages that did not arrive, or are not known to have."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from prepazka.core.delivery import DeliveryState
from prepazka.core.resending import TROUBLED, SentMessage
from prepazka.store.sql import aware, listed, moment, moment_of, rows


@dataclass(frozen=True, slots=True)
class TroubleGroup:
    """How many messages of a gateway ended in one state for one cause, and when the last of them was made.

    cause: one of `gateways.values.Cause` or `core.delivery.OwnCause`; "" from a version that kept none.
    """

    gateway: str
    state: DeliveryState
    cause: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """One such message. number: "" once erased; error: the gateway's own words, for the operator."""

    id: int
    at: datetime
    gateway: str
    kind: str
    number: str
    text: str
    state: DeliveryState
    cause: str
    error: str


def groups(office_id: int | None, since: datetime) -> list[TroubleGroup]:
    """Return the troubles of an office by gateway, state and cause, most first; of all offices for None.

    Index: outbound_troubled.
    """
    of_office, values = ("office_id = %s AND ", [office_id]) if office_id is not None else ("", [])
    found = rows(
        "SELECT gateway, state, cause, COUNT(*) AS count, MAX(made_at) FROM outbound "
        f"WHERE {of_office}state IN {TROUBLED!r} AND made_at >= %s "
        "GROUP BY gateway, state, cause ORDER BY count DESC, gateway, state, cause",
        [*values, moment(since)],
    )
    return [TroubleGroup(row[0], row[1], row[2], row[3], moment_of(row[4])) for row in found]


def latest(office_id: int, since: datetime, before: int | None, size: int) -> list[Trouble]:
    """Return an office's troubles, the newest first. before: a row id the page ends before. Index: outbound_troubled.

    Plain SQL: SQLite uses a partial index only when its condition is in the statement, not in a parameter.
    """
    page, values = ("AND id < %s ", [before]) if before is not None else ("", [])
    found = rows(
        "SELECT id, made_at, gateway, kind, recipient, text, state, cause, error FROM outbound {by:outbound_troubled} "
        f"WHERE office_id = %s AND state IN {TROUBLED!r} AND made_at >= %s {page}ORDER BY id DESC LIMIT %s",
        [office_id, moment(since), *values, size],
    )
    return [Trouble(row[0], aware(row[1]), *row[2:]) for row in found]


def sent_messages(office_id: int, ids: Collection[int], now: datetime) -> dict[int, SentMessage]:
    """Return what `core.resending.obstacle` needs of these messages of an office, by row id. One query.

    Indexes: the primary keys, outbound_of_recipient, one_opt_out_a_number.
    """
    found = rows(
        "SELECT outbound.id, outbound.state, outbound.kind, outbound.text > '' AND outbound.recipient > '', "
        "outbound.lost, booking.state, COALESCE(booking.starts_at <= %s, FALSE), "
        "EXISTS (SELECT 1 FROM opt_out WHERE opt_out.office_id = outbound.office_id "
        "AND opt_out.sender = outbound.recipient), "
        "EXISTS (SELECT 1 FROM outbound AS later WHERE later.office_id = outbound.office_id "
        "AND later.recipient = outbound.recipient AND later.id > outbound.id AND later.kind = 'resent' "
        "AND later.text = outbound.text) "
        "FROM outbound LEFT JOIN booking ON booking.id = outbound.booking_id "
        "WHERE {among:outbound.id} AND outbound.office_id = %s",
        [moment(now), listed(ids), office_id],
    )
    return {
        id_: SentMessage(state, kind, bool(whole), lost, booking, bool(over), bool(opted_out), bool(again))
        for id_, state, kind, whole, lost, booking, over, opted_out, again in found
    }
