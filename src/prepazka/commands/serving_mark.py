"""Marks of a database: beside an SQLite file a lock while it is served, freed by the system; one while it is restored.

PostgreSQL knows itself who serves; its mark of a restore is a table (`store/restore_mark.py`).
"""

import errno
import fcntl
from pathlib import Path
from typing import IO

from django.db import connection

from prepazka.commands import CommandFailed
from prepazka.store import restore_mark as mark_in_database


def mark_served() -> IO[bytes] | None:
    """Mark this process's database as served until the returned file is closed; None for a database without a file."""
    if connection.vendor != "sqlite":
        return None
    mark = _mark_path().open("ab")
    fcntl.flock(mark, fcntl.LOCK_SH)
    return mark


def check_mark() -> None:
    """Raises: CommandFailed where this process could not mark the database as served, nor write to it."""
    try:
        if mark := mark_served():
            mark.close()
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        fix = "make room there" if full else "let this user write the database's file and its directory"
        raise CommandFailed(f"{error.filename}: {error.strerror}; {fix}") from error


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
    return restore_mark().exists() if connection.vendor == "sqlite" else mark_in_database.is_there()


def end_restore() -> None:
    """Take the mark of a restore away: all is done."""
    if connection.vendor == "sqlite":
        restore_mark().unlink(missing_ok=True)
    else:
        mark_in_database.remove()


def _mark_path() -> Path:
    return Path(f"{connection.settings_dict['NAME']}.served")
