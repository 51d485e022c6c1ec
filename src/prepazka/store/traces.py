"""Traces of erased data in the database's own files: old pages of SQLite's log, dead rows of PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.db import connection, transaction

from prepazka.store import time_limits
from prepazka.store.sql import listed, moment, rows

log = structlog.get_logger()

TABLES = ("booking", "inbound", "outbound", "watch", "opt_out", "stray", "inbound_part", "audit", "access", "gateway")
"""Tables from which personal data or secrets are erased."""

_PATIENCE = 1_000
"""Milliseconds to wait for a reader of an old state: whoever wants to write waits as long."""

_VACUUM_EVERY = timedelta(hours=20)


# docs/spec/safety.md §5.3: "neither in the database's file nor in its log"
def remove() -> None:
    """Empty SQLite's log, as soon as the current transaction has committed: it holds pages as they were before.

    Erased bytes in the database's file itself are overwritten at once (`secure_delete`). Nothing to do on PostgreSQL,
    whose dead rows `vacuum` removes.
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(_empty_log)


def _empty_log() -> None:
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        try:
            (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
    if _patience.is_over(busy=bool(busy), seconds=monotonic()):
        log.warning("the database's log could not be emptied for an hour: something reads an old state all the time")


class Patience:
    """Since when the log could not be emptied: somebody who reads an old state just then is no news."""

    def __init__(self) -> None:
        self._since: float | None = None

    def is_over(self, *, busy: bool, seconds: float) -> bool:
        """Note how a try ended; return whether all have failed for an hour. seconds: of a clock that is never set."""
        if not busy:
            self._since = None
            return False
        self._since = seconds if self._since is None else self._since
        return seconds - self._since >= _KEEPS_FAILING


# The worker tries once an hour, a little less than that apart.
_KEEPS_FAILING = 3_500.0

# Of this process.
_patience = Patience()


def vacuum(now: datetime) -> list[str]:
    """Remove dead rows from the tables that were not vacuumed within the last day; return which. PostgreSQL only.

    Every worker may call it at any time: the server knows when each table was vacuumed. An empty file has no traces,
    and from its vacuum on the server would take the table for one that stays empty: it would go on reading all of it
    for each row that refers to one of its own, until it counts the rows.
    """
    if connection.vendor != "postgresql":
        return []
    due = rows(
        "SELECT relname FROM pg_stat_user_tables WHERE {among:relname} AND schemaname = current_schema() "
        "AND pg_relation_size(relid) > 0 AND COALESCE(GREATEST(last_vacuum, last_autovacuum) < %s, true) "
        "ORDER BY relname",
        [listed(TABLES), moment(now - _VACUUM_EVERY)],
    )
    tables = [str(table) for (table,) in due]
    if tables:
        _vacuum(tables)
    return tables


def _vacuum(tables: Sequence[str]) -> None:
    """Vacuum on a connection of its own: it takes as long as it takes, and holds up nobody."""
    patient = connection.copy()
    time_limits.lift(patient.settings_dict)
    try:
        with patient.cursor() as cursor:
            for table in tables:
                cursor.execute(f"VACUUM {table}")
    finally:
        patient.close()
