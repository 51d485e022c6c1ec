"""The mark in a PostgreSQL database while a backup is brought back into it: a table of its own, outside all migrations.

It is there before the backup's tables are, and as long as what went out since the backup might go out again.
"""

from django.db import connection

from prepazka.store.sql import rows, run

TABLE = "restore_not_finished"


def put(backup: str) -> None:
    """Mark that a backup is being brought back, by the digest of its file."""
    remove()
    run(f"CREATE TABLE {TABLE} (backup text NOT NULL)", [])
    run(f"INSERT INTO {TABLE} (backup) VALUES (%s)", [backup])


def is_there() -> bool:
    """Whether a backup is being brought back, or the rest is not done; SQLite has a file for that."""
    return connection.vendor == "postgresql" and bool(rows("SELECT to_regclass(%s) IS NOT NULL", [TABLE])[0][0])


def backup() -> str:
    """Return the digest of the backup that is being brought back; "" where none is."""
    if not is_there():
        return ""
    found = rows(f"SELECT backup FROM {TABLE}")
    return str(found[0][0]) if found else "unknown"


def remove() -> None:
    """Take the mark away: all is done."""
    run(f"DROP TABLE IF EXISTS {TABLE}", [])


def other_users() -> int:
    """Return how many connections but this one our role has to the database, those of psql left out."""
    return int(
        rows(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND application_name <> 'psql'"
        )[0][0]
    )
