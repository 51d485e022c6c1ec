"""What operators watch: counts that stay cheap however many messages there are; each names its index."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from prepazka.store.sql import aware, listed, moment, rows

# Messages of one queue are counted up to this many.
_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """Messages that wait, and since when the longest has."""

    count: int
    since: datetime | None

    def age(self, now: datetime) -> float:
        """Seconds the longest waiting message has waited; 0 when none waits."""
        return max((now - self.since).total_seconds(), 0) if self.since else 0


def migrated() -> bool:
    """Whether the tables are those this version works with."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def waiting() -> WaitingMessages:
    """Messages stored but not handled. Index: inbound_waiting."""
    return _queue("SELECT COUNT(*), MIN(received_at) FROM inbound WHERE state = 'waiting'")


@dataclass(frozen=True, slots=True)
class Unsent:
    """What waits to be sent by a gateway: how much, since when the oldest, and when the first of it is due."""

    count: int
    since: datetime
    due: datetime

    def age(self, now: datetime) -> float:
        """Seconds since the oldest was made."""
        return max((now - self.since).total_seconds(), 0)

    def overdue(self, now: datetime) -> float:
        """Seconds since the first of it was due; 0 when all of it waits for a later moment."""
        return max((now - self.due).total_seconds(), 0)


def unsent() -> dict[str, Unsent]:
    """Messages no gateway has taken yet, by gateway. Index: outbound_queued."""
    found = rows(
        "SELECT gateway, COUNT(*), MIN(made_at), MIN(due_at) FROM outbound WHERE state = 'queued' "
        "GROUP BY gateway ORDER BY gateway"
    )
    return {row[0]: Unsent(row[1], _moment(row[2]), _moment(row[3])) for row in found}


def in_doubt() -> dict[tuple[str, str], int]:
    """Messages being sent, and those of which it is not known yet whether they were, by gateway and state.

    Index: outbound_in_doubt.
    """
    found = rows(
        "SELECT gateway, state, COUNT(*) FROM outbound WHERE state IN ('sending', 'unknown') AND due_at IS NOT NULL "
        "GROUP BY gateway, state ORDER BY gateway, state"
    )
    return {(row[0], row[1]): row[2] for row in found}


def given_in_last_hour(now: datetime) -> dict[tuple[str, str], int]:
    """What came of the messages given to gateways, by gateway and state. Index: outbound_tried."""
    found = rows(
        "SELECT gateway, state, COUNT(*) FROM outbound WHERE tried_at > %s GROUP BY gateway, state "
        "ORDER BY gateway, state",
        [moment(now - timedelta(hours=1))],
    )
    return {(row[0], row[1]): row[2] for row in found}


def unsent_replies(before: datetime) -> dict[str, int]:
    """Replies made before this moment and not sent, by gateway, of those that can send. Index: outbound_queued."""
    found = rows(
        "SELECT gateway, COUNT(*) FROM outbound WHERE state = 'queued' AND priority = 0 AND made_at < %s "
        "AND NOT EXISTS (SELECT 1 FROM gateway WHERE name = outbound.gateway AND kind = 'http') "
        "GROUP BY gateway ORDER BY gateway",
        [moment(before)],
    )
    return {row[0]: row[1] for row in found}


def _queue(query: str, values: Sequence[Any] = ()) -> WaitingMessages:
    # Plain SQL: SQLite uses a partial index only for what stands in the statement, not for a parameter.
    [(count, since)] = rows(query, values)
    return WaitingMessages(count, since and _moment(since))


def _moment(stored: datetime | str) -> datetime:
    """SQLite gives what an aggregate finds as it is stored."""
    found: datetime = aware(datetime.fromisoformat(stored) if isinstance(stored, str) else stored)
    return found


def outcomes_of_last_hour(now: datetime) -> dict[str, int]:
    """How many messages came to what. Index: inbound_by_time."""
    found = rows(
        "SELECT outcome, COUNT(*) FROM inbound WHERE received_at > %s AND text_key > '' AND state <> 'waiting' "
        "GROUP BY outcome ORDER BY outcome",
        [moment(now - timedelta(hours=1))],
    )
    return {row[0]: row[1] for row in found}


def bookings_to_come(now: datetime) -> int:
    """Active bookings that have not begun; asked agenda by agenda. Index: booking_taken, alone."""
    [(count,)] = rows(
        "SELECT COALESCE(SUM((SELECT COUNT(*) FROM booking WHERE agenda_id = agenda.id "
        "AND state = 'booked' AND starts_at > %s)), 0) FROM agenda",
        [moment(now)],
    )
    return int(count)


@dataclass(frozen=True, slots=True)
class OfOffice:
    """How one office is doing."""

    waiting: WaitingMessages
    unsent: WaitingMessages
    booked_today: int


def of_office(office_id: int, gateways: Collection[str], today: date) -> OfOffice:
    """Indexes: inbound_waiting, outbound_queued, booking_of_day."""
    # Plain SQL for the partial index, as in `_queue`.
    [(booked_today,)] = rows(
        "SELECT COUNT(*) FROM booking WHERE office_id = %s AND day = %s AND name > '' AND state = 'booked'",
        [office_id, today.isoformat()],
    )
    return OfOffice(
        waiting=_queue(
            "SELECT COUNT(*), MIN(received_at) FROM inbound WHERE state = 'waiting' AND office_id = %s", [office_id]
        ),
        unsent=_queue(
            "SELECT COUNT(*), MIN(made_at) FROM outbound WHERE state = 'queued' AND {among:gateway} AND office_id = %s",
            [listed(gateways), office_id],
        ),
        booked_today=int(booked_today),
    )
