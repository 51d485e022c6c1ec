"""Sessions of PostgreSQL whose client has stopped in the middle of a transaction, as that of a paused process does.

Within `sql.together` a client sends statements and reads their rows before it ends the exchange. If it stops there, its
statement is over and its transaction is not idle by the server's reckoning: none of the server's limits ends it, and
what it has locked stays locked.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from prepazka.store.sql import rows


class Session(NamedTuple):
    """A session by its process, and when its last statement began."""

    process: int
    began_at: datetime


# A COPY reads from its client as long as it lasts: that is a restore at work.
_WAITS_FOR_CLIENT = """
    datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    AND state = 'active' AND wait_event = 'ClientRead' AND query !~* '^\\s*copy'
"""


def waiting_for_client() -> set[Session]:
    """Return the sessions of our user that wait for more from their client now; most of them for a millisecond."""
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
