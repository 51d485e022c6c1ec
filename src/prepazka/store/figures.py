"""What operators watch: counts that stay cheap however many messages there are; each names its index."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count

from prepazka.store import models
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
    return _queue("SELECT received_at AS since FROM inbound WHERE state = 'waiting' ORDER BY office_id, id")


def to_be_sent() -> Queue:
    """Replies and notices no gateway has taken yet. Index: outbound_queued."""
    return _queue("SELECT made_at AS since FROM outbound WHERE state = 'queued' ORDER BY id")


def _queue(waiting: str) -> Queue:
    """Plain SQL with the order of the index: SQLite would read all messages there ever were otherwise."""
    found = rows(
        f"SELECT COUNT(*) OVER (), since FROM ({waiting} LIMIT %s) AS waiting ORDER BY since LIMIT 1", [_COUNTED]
    )
    for count, since in found:
        return Queue(count, aware(since))
    return Queue(0, None)


def outcomes_of_last_hour(now: datetime) -> dict[str, int]:
    """How many messages came to what. Index: inbound_by_time."""
    lately = models.Inbound.objects.filter(received_at__gt=now - timedelta(hours=1)).exclude(state="waiting")
    return dict(lately.values_list("outcome").annotate(Count("id")).order_by("outcome"))


def bookings_to_come(now: datetime) -> int:
    """Active bookings that have not begun; asked agenda by agenda. Index: booking_taken, alone."""
    [(count,)] = rows(
        "SELECT COALESCE(SUM((SELECT COUNT(*) FROM booking WHERE agenda_id = agenda.id "
        "AND state = 'booked' AND starts_at > %s)), 0) FROM agenda",
        [moment(now)],
    )
    return int(count)
