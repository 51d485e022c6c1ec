"""Sessions of PostgreSQL whose client has stopped in the middle of a transaction, as that of a paused process does.

Within `sql.together` a client sends statements and reads their rows before it ends the exchange. If it stops there, its
statement is over and its transaction is not idle by the server's reckoning: none of the server's limits ends it, and
what it has locked stays locked. The same where it stops in the middle of many rows, which the server cannot get rid of.
Between two exchanges the server has a limit, which it forgets when the client, as this driver does, has asked it for
what it has (a Flush without a Sync).
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from prepazka.store.sql import rows
from prepazka.store.time_limits import COMMAND


class Session(NamedTuple):
    """A session by its process, and when its last statement began."""

    process: int
    began_at: datetime


# A COPY reads from its client as long as it lasts, or writes to it: that is a restore at work, or a backup. Commands
# may think for long. Whoever reads many rows over a slow network is let go on while nobody waits for it.
_WAITS_FOR_CLIENT = f"""
    datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    AND query !~* '^\\s*copy' AND application_name <> '{COMMAND}'
    AND (state = 'active' AND wait_event = 'ClientRead'
        OR state IN ('active', 'idle in transaction') AND wait_event IN ('ClientRead', 'ClientWrite') AND pid IN (
            SELECT unnest(pg_blocking_pids(waiting.pid)) FROM pg_stat_activity waiting WHERE wait_event_type = 'Lock'))
"""


def waiting_for_client() -> set[Session]:
    """Return the sessions of our user that wait for their client now; most of them for a millisecond."""
    if connection.vendor != "postgresql":
        return set()
    return {Session(*row) for row in rows(f"SELECT pid, state_change FROM pg_stat_activity WHERE {_WAITS_FOR_CLIENT}")}


def end(sessions: Collection[Session]) -> int:
    """End those that still wait after the same statement; return how many."""
    query = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        f"WHERE pid = %s AND state_change = %s AND {_WAITS_FOR_CLIENT}"
    )
    return sum(int(rows(query, session)[0][0]) for session in sessions)
