"""Copies of the database: none is kept longer than the privacy page promises."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

NIGHTLY = "prepazka-backup-"
"""What a backup in a directory is called; the moment it was made follows."""

_MOMENT = "%Y%m%dT%H%M%S"


def stamp(now: datetime) -> str:
    """Return a moment as the names of copies have it."""
    return f"{now:{_MOMENT}}"


def replaced(database: Path) -> str:
    """Return what a restore calls the database it replaced; the moment follows."""
    return f"{database.name}.before-"


# docs/spec/safety.md §5.3: "kept for 35 days at most"
def drop_old(directory: Path, prefix: str, now: datetime) -> None:
    """Delete the copies whose names say that they are older than the setting allows; nothing else in the directory.

    What a killed command left of one is a copy, too.
    """
    kept_from = stamp(now - timedelta(days=settings.BACKUP_DAYS))
    name = re.compile(
        rf"{re.escape(prefix)}(\d{{8}}T\d{{6}})(?:-wal)?|\.{re.escape(prefix)}(\d{{8}}T\d{{6}})\.part(-[a-z]+)?"
    )
    for path in (*directory.glob(f"{prefix}*"), *directory.glob(f".{prefix}*")):
        if (found := name.fullmatch(path.name)) and (found[1] or found[2]) < kept_from:
            path.unlink(missing_ok=True)


def drop_replaced(now: datetime) -> None:
    """Delete what restores replaced too long ago, beside an SQLite database."""
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        drop_old(database.parent, replaced(database), now)
