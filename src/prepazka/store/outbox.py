"""The outbox as those see it who send: what is due, claiming it, and what came of it. Rules: `core.delivery`.

Whatever changes the state of a gateway's messages holds its `lock`, but for what is given up because its time ran out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from prepazka.core.delivery import BREAK, TRANSITIONS, Attempts, CircuitState, Disposition, State
from prepazka.store.sql import aware, changed, listed, moment, picked, recorded, rows, run

# Rows looked at or changed by one statement.
BATCH = 100
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent now. booking: the state of the one it is about, None when it is about none."""

    id: int
    office: int
    kind: str
    sender: str
    recipient: str
    text: str
    parts: int
    made_at: datetime
    expires_at: datetime
    attempts: int
    lost: int
    booking: str | None
    opted_out: bool

    @property
    def so_far(self) -> Attempts:
        """Those before now."""
        return Attempts(self.kind, self.expires_at, self.attempts, self.lost)


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A message claimed by who has not answered for it in time (sending), or of which nothing was heard (unknown)."""

    id: int
    state: State
    kind: str
    attempts: int
    lost: int
    due_at: datetime
    expires_at: datetime

    @property
    def so_far(self) -> Attempts:
        """Those that are known."""
        return Attempts(self.kind, self.expires_at, self.attempts, self.lost)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be kept of a message that was not taken; before: the state it was read in."""

    id: int
    before: State
    disposition: Disposition
    so_far: Attempts
    error: str = ""

    def __post_init__(self) -> None:
        """Refuse a change the table of transitions does not have."""
        assert (self.before, self.disposition.state) in TRANSITIONS, self  # noqa: S101 -- a programmer's mistake


def busy(gateway: str, now: datetime) -> bool:
    """Whether there may be something to do for a gateway; asked without its lock.

    Indexes: outbound_queued, outbound_in_doubt.
    """
    ((found,),) = rows(
        "SELECT (EXISTS (SELECT 1 FROM outbound WHERE gateway = %s AND state = 'queued' AND due_at <= %s) "
        "OR EXISTS (SELECT 1 FROM outbound WHERE gateway = %s AND state IN ('sending', 'unknown') AND due_at <= %s)) "
        "AND NOT EXISTS (SELECT 1 FROM breaker WHERE gateway = %s AND paused_until > %s AND paused_until <= %s)",
        [*[gateway, moment(now)] * 3, moment(now + BREAK)],
    )
    return bool(found)


def lock(gateway: str) -> CircuitState:
    """Nobody else claims or answers for messages of this gateway until the transaction ends; how sending goes."""
    query = "SELECT failures, paused_until FROM breaker WHERE gateway = %s {for_update}"
    found = rows(query, [gateway])
    if not found:
        run("INSERT INTO breaker (gateway, failures) VALUES (%s, 0) ON CONFLICT DO NOTHING", [gateway])
        found = rows(query, [gateway])
    ((failures, paused),) = found
    return CircuitState(failures, aware(paused))


def go_on(gateway: str, circuit: CircuitState) -> None:
    """Keep how sending by a gateway goes."""
    run(
        "UPDATE breaker SET failures = %s, paused_until = %s WHERE gateway = %s",
        [circuit.failures, moment(circuit.paused), gateway],
    )


# --- claiming ----------------------------------------------------------------------------------


def due(gateway: str, limit: int, now: datetime) -> list[Due]:
    """What a gateway is to be given, the most urgent first, then the oldest. Index: outbound_queued."""
    found = rows(
        "SELECT id, office_id, kind, sender, recipient, text, parts, made_at, expires_at, attempts, lost, "
        "(SELECT state FROM booking WHERE id = outbound.booking_id), "
        "EXISTS (SELECT 1 FROM opt_out WHERE office_id = outbound.office_id AND sender = outbound.recipient) "
        "FROM outbound WHERE gateway = %s AND state = 'queued' AND due_at <= %s ORDER BY priority, id LIMIT %s "
        "{unless_locked}",
        [gateway, moment(now), limit],
    )
    return [Due(*map(aware, row)) for row in found]


def in_doubt(gateway: str, now: datetime) -> list[InDoubt]:
    """What a gateway's messages have to be decided about that were given to it. Index: outbound_in_doubt."""
    found = rows(
        "SELECT id, state, kind, attempts, lost, due_at, expires_at FROM outbound "
        "WHERE gateway = %s AND state IN ('sending', 'unknown') AND due_at <= %s ORDER BY due_at LIMIT %s "
        "{unless_locked}",
        [gateway, moment(now), BATCH],
    )
    return [InDoubt(*map(aware, row)) for row in found]


def used(gateway: str, now: datetime) -> int:
    """How many parts a gateway was given in the last minute. Index: outbound_tried, alone.

    The next minute counts too, for a clock may be set back a little; what was given in a later time than that was given
    by a clock that was wrong, and holds nobody up.
    """
    ((parts,),) = rows(
        "SELECT COALESCE(SUM(parts), 0) FROM outbound WHERE tried_at > %s AND tried_at <= %s AND gateway = %s",
        [moment(now - _MINUTE), moment(now + _MINUTE), gateway],
    )
    return int(parts)


def claim(ids: Collection[int], now: datetime, until: datetime) -> None:
    """These are being sent by who asks, until the lease runs out."""
    run(
        "UPDATE outbound SET state = 'sending', tried_at = %s, due_at = %s WHERE {among:id}",
        [moment(now), moment(until), listed(ids)],
    )


# --- what came of it ---------------------------------------------------------------------------


def handed(ids: Collection[int]) -> None:
    """A gateway has taken these. It is true even when it is known late, but receipts may have said more already."""
    run(
        "UPDATE outbound SET state = 'handed', due_at = NULL, error = '', attempts = attempts + 1 "
        "WHERE {among:id} AND state IN ('queued', 'sending', 'unknown', 'expired')",
        [listed(ids)],
    )


def shown(ids: Collection[int]) -> None:
    """These stand on a screen, so they have arrived."""
    run(
        "UPDATE outbound SET state = 'delivered', due_at = NULL, attempts = attempts + 1 WHERE {among:id}",
        [listed(ids)],
    )


_CHANGE = {
    "id": "bigint",
    "state": "varchar",
    "due_at": "timestamptz",
    "attempts": "smallint",
    "lost": "smallint",
    "error": "varchar",
}


def change(changes: Sequence[Change], claimed: datetime | None = None) -> None:
    """Keep what became of messages that were not taken.

    claimed: when they were, by who says so; what has happened to one since then stands.
    """
    if not changes:
        return
    came = picked(_CHANGE, connection.vendor)
    fence = " AND outbound.state = 'sending' AND outbound.tried_at = %s" if claimed else ""
    records = [
        (
            one.id,
            one.disposition.state,
            moment(one.disposition.due),
            one.so_far.attempts,
            one.so_far.lost,
            one.error[:200],
        )
        for one in changes
    ]
    run(
        "UPDATE outbound SET state = came.state, due_at = came.due_at, attempts = came.attempts, lost = came.lost, "
        "error = CASE WHEN came.error > '' THEN came.error ELSE outbound.error END "
        f"FROM (SELECT {came} FROM {{records}}) AS came WHERE outbound.id = came.id{fence}",
        [recorded(records), *([moment(claimed)] if claimed else [])],
    )


def expire(now: datetime) -> int:
    """Give up what is of no use any more, whichever gateway should have sent it; how many. Index: outbound_to_expire.

    What is being sent, or may have been, is not known to have failed.
    """
    late = "state IN ('queued', 'sending') AND expires_at <= %s AND (state = 'queued' OR due_at <= %s)"
    at = moment(now)
    if not rows(f"SELECT 1 FROM outbound WHERE {late} LIMIT 1", [at, at]):  # almost always; asked without a lock
        return 0
    return changed(
        "UPDATE outbound SET state = CASE WHEN state = 'sending' OR lost > 0 THEN 'unknown' ELSE 'expired' END, "
        "due_at = NULL, error = CASE WHEN error > '' THEN error ELSE 'its time ran out before it was sent' END "
        f"WHERE id IN (SELECT id FROM outbound WHERE {late} LIMIT %s)",
        [at, at, BATCH],
    )
