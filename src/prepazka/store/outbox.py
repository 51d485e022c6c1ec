"""The outbox: finding due messages, claiming them, and storing the gateways' answers. Rules: `core.delivery`.

The state of a gateway's messages is changed under its `lock`, except by `expire` and `end_claims`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from prepazka.core.circuit import BREAK, CircuitState
from prepazka.core.delivery import TRANSITIONS, Attempts, DeliveryState, Disposition
from prepazka.store.sql import (
    NOTHING,
    Pending,
    aware,
    changed,
    listed,
    moment,
    rows,
    run,
    send,
    together,
    update,
)

# Rows read or changed by one statement.
BATCH = 100
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is due.

    booking: the state of the booking it is about, None when it is about none. replies_only: its office sends nothing
    else.
    """

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
    replies_only: bool

    @property
    def so_far(self) -> Attempts:
        """The attempts before this one."""
        return Attempts(self.kind, self.expires_at, self.attempts, self.lost)


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A message whose lease ran out without an answer (sending), or whose wait for a receipt did (unknown)."""

    id: int
    state: DeliveryState
    kind: str
    attempts: int
    lost: int
    due_at: datetime
    expires_at: datetime

    @property
    def so_far(self) -> Attempts:
        """The attempts stored so far."""
        return Attempts(self.kind, self.expires_at, self.attempts, self.lost)


@dataclass(frozen=True, slots=True)
class StateChange:
    """The new state of a message that was not taken; before: the state it was read in."""

    id: int
    before: DeliveryState
    disposition: Disposition
    so_far: Attempts
    error: str = ""
    cause: str = ""

    def __post_init__(self) -> None:
        """Refuse a change that the table of transitions does not have."""
        assert (self.before, self.disposition.state) in TRANSITIONS, self  # noqa: S101 -- a programmer's mistake


def has_work(gateway: str, now: datetime) -> bool:
    """Whether there may be something to do for a gateway; read without its lock.

    Indexes: outbound_queued, outbound_in_doubt.
    """
    ((found,),) = rows(
        "SELECT (EXISTS (SELECT 1 FROM outbound WHERE gateway = %s AND state = 'queued' AND due_at <= %s) "
        "OR EXISTS (SELECT 1 FROM outbound WHERE gateway = %s AND state IN ('sending', 'unknown') AND due_at <= %s)) "
        "AND NOT EXISTS (SELECT 1 FROM breaker WHERE gateway = %s AND paused_until > %s AND paused_until <= %s)",
        [*[gateway, moment(now)] * 3, moment(now + BREAK)],
    )
    return bool(found)


def with_work(gateways: Collection[str], now: datetime) -> set[str]:
    """Return those of a few gateways for which there may be messages to send; read without a lock, in one query.

    Indexes: outbound_queued, outbound_in_doubt.
    """
    found = rows(
        "SELECT gateway FROM outbound WHERE {among:gateway} AND state = 'queued' AND due_at <= %s UNION "
        "SELECT gateway FROM outbound WHERE {among:gateway} AND state IN ('sending', 'unknown') AND due_at <= %s",
        [listed(gateways), moment(now)] * 2,
    )
    return {gateway for (gateway,) in found}


def lock(gateway: str) -> CircuitState:
    """Take the lock of a gateway's messages until the transaction ends; return the state of its circuit breaker."""
    found = send_lock(gateway).fetch()
    if not found:
        run("INSERT INTO breaker (gateway, failures) VALUES (%s, 0) ON CONFLICT DO NOTHING", [gateway])
        found = send_lock(gateway).fetch()
    (circuit,) = found
    return circuit


def send_lock(gateway: str) -> Pending[CircuitState]:
    """Send the statement of `lock` without waiting for it; it finds the lock only after the first time."""
    found = send("SELECT failures, paused_until{by_index} FROM breaker WHERE gateway = %s {for_update}", [gateway])
    return found.map(lambda row: CircuitState(row[0], aware(row[1])))


def keep_circuit(gateway: str, circuit: CircuitState) -> None:
    """Store the state of a gateway's circuit breaker."""
    run(
        "UPDATE breaker SET failures = %s, paused_until = %s WHERE gateway = %s",
        [circuit.failures, moment(circuit.paused), gateway],
    )


# --- claiming ----------------------------------------------------------------------------------


def find_work(gateway: str, limit: int, now: datetime) -> tuple[list[InDoubt], list[Due]]:
    """Return a gateway's messages in doubt, and so many of its due ones. Two queries, sent together."""
    with together():
        in_doubt = _find_in_doubt(gateway, now)
        due = send_due(gateway, limit, now) if limit else NOTHING
    return in_doubt.fetch(), due.fetch()


def find_due(gateway: str, limit: int, now: datetime) -> list[Due]:
    """Return so many of a gateway's due messages, the most urgent first, then the oldest. Index: outbound_queued."""
    return send_due(gateway, limit, now).fetch() if limit else []


def send_due(gateway: str, limit: int, now: datetime) -> Pending[Due]:
    """Send the query of `find_due` without waiting for it."""
    found = send(
        "SELECT id, office_id, kind, sender, recipient, text, parts, made_at, expires_at, attempts, lost, "
        "(SELECT state FROM booking WHERE id = outbound.booking_id), "
        "EXISTS (SELECT 1 FROM opt_out WHERE office_id = outbound.office_id AND sender = outbound.recipient), "
        "(SELECT replies_only FROM office WHERE id = outbound.office_id) "
        "FROM outbound WHERE gateway = %s AND state = 'queued' AND due_at <= %s ORDER BY priority, id LIMIT %s "
        "{unless_locked}",
        [gateway, moment(now), limit],
    )
    return found.map(lambda row: Due(*map(aware, row)))


def _find_in_doubt(gateway: str, now: datetime) -> Pending[InDoubt]:
    """Return the messages in doubt that a gateway was given and that are due. Index: outbound_in_doubt."""
    found = send(
        "SELECT id, state, kind, attempts, lost, due_at, expires_at FROM outbound "
        "WHERE gateway = %s AND state IN ('sending', 'unknown') AND due_at <= %s ORDER BY due_at LIMIT %s "
        "{unless_locked}",
        [gateway, moment(now), BATCH],
    )
    return found.map(lambda row: InDoubt(*map(aware, row)))


def parts_in_last_minute(gateway: str, now: datetime) -> int:
    """Return how many parts a gateway was given in the last minute. Index: outbound_tried, alone.

    The next minute counts too, because a clock may be set back a little. Times after that were written by a wrong
    clock and do not count.
    """
    ((parts,),) = rows(
        "SELECT COALESCE(SUM(parts), 0) FROM outbound WHERE tried_at > %s AND tried_at <= %s AND gateway = %s",
        [moment(now - _MINUTE), moment(now + _MINUTE), gateway],
    )
    return int(parts)


def claim(ids: Collection[int], now: datetime, until: datetime) -> None:
    """Claim these messages for sending until the lease runs out."""
    run(
        "UPDATE outbound SET state = 'sending', tried_at = %s, due_at = %s WHERE {among:id}",
        [moment(now), moment(until), listed(ids)],
    )


def end_claims(gateways: Collection[str], now: datetime) -> None:
    """Let the claims on these gateways' messages run out now: their process has ended. Index: outbound_in_doubt."""
    run(
        "UPDATE outbound SET due_at = %s WHERE {among:gateway} AND state = 'sending' AND due_at > %s",
        [moment(now), listed(sorted(gateways)), moment(now)],
    )


# --- answers -----------------------------------------------------------------------------------


def mark_handed(ids: Collection[int]) -> None:
    """Mark messages as taken by their gateway, even late, unless a receipt has raised their state already."""
    run(
        "UPDATE outbound SET state = 'handed', due_at = NULL, error = '', cause = '', attempts = attempts + 1 "
        "WHERE {among:id} AND state IN ('queued', 'sending', 'unknown', 'expired')",
        [listed(ids)],
    )


def mark_delivered(ids: Collection[int]) -> None:
    """Mark messages shown on a screen as delivered."""
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
    "cause": "varchar",
    "error": "varchar",
}


def keep_changes(changes: Sequence[StateChange], claimed: datetime | None = None) -> None:
    """Store the new states of messages that were not taken.

    claimed: the time of the claim the answers belong to; a message changed since that claim stays as it is.
    """
    if not changes:
        return
    records = [
        (
            one.id,
            one.disposition.state,
            moment(one.disposition.due),
            one.so_far.attempts,
            one.so_far.lost,
            one.cause,
            one.error[:200],
        )
        for one in changes
    ]
    update(
        "outbound",
        _CHANGE,
        records,
        "state = decided.state, due_at = decided.due_at, attempts = decided.attempts, "
        "doubted = outbound.doubted OR decided.lost > 0, "
        "lost = decided.lost, error = CASE WHEN decided.error > '' THEN decided.error ELSE outbound.error END, "
        "cause = CASE WHEN decided.cause > '' THEN decided.cause ELSE outbound.cause END",
        ("outbound.state = 'sending' AND outbound.tried_at = %s", [moment(claimed)]) if claimed else ("", ()),
    )


def expire(now: datetime) -> int:
    """Give up messages whose time is over, of all gateways; return how many. Index: outbound_expiring.

    A message that is being sent, or may have been, becomes unknown rather than expired.
    """
    late = "state IN ('queued', 'sending') AND expires_at <= %s AND (state = 'queued' OR due_at <= %s)"
    at = moment(now)
    if not rows(f"SELECT 1 FROM outbound WHERE {late} LIMIT 1", [at, at]):  # the usual case; read without a lock
        return 0
    return changed(
        "UPDATE outbound SET state = CASE WHEN state = 'sending' OR lost > 0 THEN 'unknown' ELSE 'expired' END, "
        "due_at = NULL, cause = CASE WHEN cause > '' THEN cause ELSE 'out_of_time' END, "
        "error = CASE WHEN error > '' THEN error ELSE 'its time ran out before it was sent' END "
        f"WHERE id IN (SELECT id FROM outbound WHERE {late} LIMIT %s)",
        [at, at, BATCH],
    )
