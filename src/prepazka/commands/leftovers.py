"""What a refused command made on its way (a key, an empty database) is removed: a mistake leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection


class Leftovers:
    """The files that were not there when the command began."""

    def __init__(self) -> None:
        self._database = Path(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None
        self._new_database = self._database is not None and not self._database.exists()

    def remove(self) -> None:
        """Remove them, unless there are tables by now: then something may be kept under the key."""
        if not (self._new_database or settings.MADE) or _has_tables():
            return
        connection.close()
        if self._database and self._new_database:
            for end in ("", "-wal", "-shm"):
                Path(f"{self._database}{end}").unlink(missing_ok=True)
        for path in settings.MADE:
            with suppress(OSError):  # of a directory that holds something else by now
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)


def _has_tables() -> bool:
    try:
        return bool(connection.introspection.table_names())
    except DatabaseError:
        return False


@contextmanager
def removed_when_refused() -> Iterator[list[int]]:
    """Run a command, whose exit code is appended to the list; an exception, or a code but 0, is a refusal."""
    leftovers, codes = Leftovers(), list[int]()
    try:
        yield codes
    finally:
        if codes != [0]:
            leftovers.remove()
