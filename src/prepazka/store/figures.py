"""What operators watch: counts that stay cheap however many messages there are; each names its index."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from prepazka.store.sql import aware, moment, rows

# Messages of one queue are counted up to this many.
_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Queue:
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


def waiting() -> Queue:
    """Messages stored but not handled. Index: inbound_waiting."""
    return _queue("SELECT COUNT(*), MIN(received_at) FROM inbound WHERE state = 'waiting'")


def to_be_sent() -> Queue:
    """Replies and notices no gateway has taken yet. Index: outbound_queued."""
    return _queue("SELECT COUNT(*), MIN(made_at) FROM outbound WHERE state = 'queued'")


def _queue(query: str) -> Queue:
    # Plain SQL: SQLite uses a partial index only for what stands in the statement, not for a parameter.
    [(count, since)] = rows(query)
    return Queue(count, aware(datetime.fromisoformat(since) if isinstance(since, str) else since))


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
