"""A mark beside an SQLite database while it is served; the system takes it away with the process, however it ends."""

import fcntl
from pathlib import Path
from typing import IO

from django.db import connection


def mark_served() -> IO[bytes] | None:
    """Mark this process's database as served, until what is returned is closed; None where no file is the database."""
    if connection.vendor != "sqlite":
        return None
    mark = _mark().open("ab")
    fcntl.flock(mark, fcntl.LOCK_SH)
    return mark


def is_served() -> bool:
    """Whether any process serves the database now."""
    if connection.vendor != "sqlite" or not _mark().exists():
        return False
    with _mark().open("ab") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _mark() -> Path:
    return Path(f"{connection.settings_dict['NAME']}.served")
