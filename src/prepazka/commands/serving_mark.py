"""Files beside an SQLite database: a lock while it is served, freed by the system, and a mark while it is restored."""

import fcntl
from pathlib import Path
from typing import IO

from django.db import connection


def mark_served() -> IO[bytes] | None:
    """Mark this process's database as served until the returned file is closed; None for a database without a file."""
    if connection.vendor != "sqlite":
        return None
    mark = _mark_path().open("ab")
    fcntl.flock(mark, fcntl.LOCK_SH)
    return mark


def is_served() -> bool:
    """Return whether any process serves the database now."""
    if connection.vendor != "sqlite" or not _mark_path().exists():
        return False
    with _mark_path().open("ab") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def restore_mark() -> Path:
    """Return the file that is there from the moment a backup takes the database's place until all is done to it."""
    return Path(f"{connection.settings_dict['NAME']}.restoring")


def is_half_restored() -> bool:
    """Whether a restore ended before it was done: what went out since the backup would go out again."""
    return connection.vendor == "sqlite" and restore_mark().exists()


def _mark_path() -> Path:
    return Path(f"{connection.settings_dict['NAME']}.served")
