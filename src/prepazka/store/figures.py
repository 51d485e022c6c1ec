"""Figures for monitoring: counts that stay cheap however many messages there are; each names its index."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from prepazka.store import models, restore_mark, schema
from prepazka.store.sql import listed, moment, moment_of, rows

# Messages of one queue are counted up to this many.
_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """How many messages are waiting, and since when the oldest has been."""

    count: int
    since: datetime | None

    def age(self, now: datetime) -> float:
        """Return the seconds the oldest message has been waiting; 0 when none is."""
        return max((now - self.since).total_seconds(), 0) if self.since else 0


def is_migrated() -> bool:
    """Whether the tables are those of this version; a start has looked at those of our libraries, too."""
    return not schema.is_older()


def is_half_restored() -> bool:
    """Whether a backup is being brought back: what it holds waiting may have gone out."""
    return restore_mark.is_there()


def waiting_messages() -> WaitingMessages:
    """Return the messages stored but not handled. Index: inbound_waiting."""
    return _queue("SELECT COUNT(*), MIN(received_at) FROM inbound WHERE state = 'waiting'")


@dataclass(frozen=True, slots=True)
class Unsent:
    """How many messages wait to be sent by a gateway, since when the oldest, and when the first is due."""

    count: int
    since: datetime
    due: datetime

    def age(self, now: datetime) -> float:
        """Return the seconds since the oldest was made."""
        return max((now - self.since).total_seconds(), 0)

    def overdue(self, now: datetime) -> float:
        """Return the seconds since the first was due; 0 when all are due later."""
        return max((now - self.due).total_seconds(), 0)


def unsent_messages() -> dict[str, Unsent]:
    """Return the messages no gateway has taken yet, by gateway. Index: outbound_queued."""
    found = rows(
        "SELECT gateway, COUNT(*), MIN(made_at), MIN(due_at) FROM outbound WHERE state = 'queued' "
        "GROUP BY gateway ORDER BY gateway"
    )
    return {row[0]: Unsent(row[1], moment_of(row[2]), moment_of(row[3])) for row in found}


class GatewayState(NamedTuple):
    """A gateway and a state of messages."""

    gateway: str
    state: str


def messages_in_doubt() -> dict[GatewayState, int]:
    """Return how many messages are being sent or in doubt. Index: outbound_in_doubt."""
    found = rows(
        "SELECT gateway, state, COUNT(*) FROM outbound WHERE state IN ('sending', 'unknown') AND due_at IS NOT NULL "
        "GROUP BY gateway, state ORDER BY gateway, state"
    )
    return {GatewayState(row[0], row[1]): row[2] for row in found}


def tried_in_last_hour(now: datetime) -> dict[GatewayState, int]:
    """Return how many messages gateways were given in the last hour. Index: outbound_tried."""
    found = rows(
        "SELECT gateway, state, COUNT(*) FROM outbound WHERE tried_at > %s GROUP BY gateway, state "
        "ORDER BY gateway, state",
        [moment(now - timedelta(hours=1))],
    )
    return {GatewayState(row[0], row[1]): row[2] for row in found}


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """How many messages of a gateway have a state that is no success, for one cause."""

    gateway: str
    state: str
    cause: str
    count: int


def not_delivered(since: datetime) -> list[NotDelivered]:
    """Count messages made since then that did not arrive, or nobody knows it. Index: outbound_not_delivered."""
    found = rows(
        "SELECT gateway, state, why, COUNT(*) FROM (SELECT gateway, state, "
        "CASE WHEN error > '' THEN error ELSE cause END AS why FROM outbound "
        "WHERE state IN ('failed', 'undelivered', 'unknown') AND made_at > %s) AS troubled "
        "GROUP BY gateway, state, why",
        [moment(since)],
    )
    return [NotDelivered(*row) for row in found]


def unsent_replies(before: datetime) -> dict[str, int]:
    """Count unsent replies made before this moment, by gateway, of those that can send. Index: outbound_queued."""
    found = rows(
        "SELECT gateway, COUNT(*) FROM outbound WHERE state = 'queued' AND priority = 0 AND made_at < %s "
        "AND NOT EXISTS (SELECT 1 FROM gateway WHERE name = outbound.gateway AND kind = 'http') "
        "GROUP BY gateway ORDER BY gateway",
        [moment(before)],
    )
    return {row[0]: row[1] for row in found}


def _queue(query: str, values: Sequence[Any] = ()) -> WaitingMessages:
    # Plain SQL: SQLite uses a partial index only when its condition is in the statement, not in a parameter.
    [(count, since)] = rows(query, values)
    return WaitingMessages(count, moment_of(since))


def outcomes_of_last_hour(now: datetime) -> dict[str, int]:
    """Return how many messages had each outcome. Index: inbound_by_time."""
    found = rows(
        "SELECT outcome, COUNT(*) FROM inbound WHERE received_at > %s AND text_key > '' AND state <> 'waiting' "
        "GROUP BY outcome ORDER BY outcome",
        [moment(now - timedelta(hours=1))],
    )
    return {row[0]: row[1] for row in found}


def bookings_to_come(now: datetime) -> int:
    """Count active bookings that have not begun, agenda by agenda. Index: booking_taken, alone."""
    [(count,)] = rows(
        "SELECT COALESCE(SUM((SELECT COUNT(*) FROM booking WHERE agenda_id = agenda.id "
        # The index has held places too; SQLite uses it only where its whole condition is in the statement.
        "AND state IN ('booked', 'held') AND state = 'booked' AND starts_at > %s)), 0) FROM agenda",
        [moment(now)],
    )
    return int(count)


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """The figures of one office."""

    waiting: WaitingMessages
    unsent: WaitingMessages
    booked_today: int


def office_figures(office_id: int, gateways: Collection[str], today: date) -> OfficeFigures:
    """Return the figures of one office. Indexes: inbound_waiting, outbound_queued, booking_of_day."""
    # Plain SQL for the partial index, as in `_queue`.
    [(booked_today,)] = rows(
        "SELECT COUNT(*) FROM booking WHERE office_id = %s AND day = %s AND name > '' AND state = 'booked'",
        [office_id, today.isoformat()],
    )
    return OfficeFigures(
        waiting=_queue(
            "SELECT COUNT(*), MIN(received_at) FROM inbound WHERE state = 'waiting' AND office_id = %s", [office_id]
        ),
        unsent=_queue(
            "SELECT COUNT(*), MIN(made_at) FROM outbound {by:outbound_queued} "
            "WHERE state = 'queued' AND {among:gateway} AND office_id = %s",
            [listed(gateways), office_id],
        ),
        booked_today=int(booked_today),
    )


def maybe_unfinished() -> list[str]:
    """Return the slugs of the offices that are public only once they are finished. Few are being set up at a time."""
    return list(models.Office.objects.filter(public_unfinished=False).values_list("slug", flat=True))
