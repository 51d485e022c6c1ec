"""What operators watch: counts that stay cheap however many messages there are; each names its index."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min

from prepazka.store import models
from prepazka.store.sql import moment, rows


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
    found = models.Inbound.objects.filter(state="waiting").aggregate(count=Count("id"), since=Min("received_at"))
    return Queue(**found)


def to_be_sent() -> Queue:
    """Replies and notices no gateway has taken yet. Index: outbound_queued."""
    found = models.Outbound.objects.filter(state="queued").aggregate(count=Count("id"), since=Min("made_at"))
    return Queue(**found)


def outcomes_of_last_hour(now: datetime) -> dict[str, int]:
    """How many messages came to what. Index: inbound_by_time."""
    lately = models.Inbound.objects.filter(received_at__gt=now - timedelta(hours=1)).exclude(state="waiting")
    return dict(lately.values_list("outcome").annotate(Count("id")).order_by("outcome"))


def bookings_to_come(now: datetime) -> int:
    """Active bookings that have not begun; asked agenda by agenda. Index: booking_taken, alone."""
    [(count,)] = rows(
        "SELECT COUNT(*) FROM agenda JOIN booking ON booking.agenda_id = agenda.id "
        "WHERE booking.state = 'booked' AND booking.starts_at > %s",
        [moment(now)],
    )
    return int(count)
