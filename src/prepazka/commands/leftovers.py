"""What a refused command made on its way (a key, an empty database) is removed: a mistake leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DatabaseError, connection

from prepazka.commands.serving_mark import is_served
from prepazka.process.secret_key import OWN_KEY
from prepazka.store import models, schema

# The demo offices that this process made, by the name of their database.
_DEMOS: list[str] = []


def note_demo() -> None:
    """Remember that the command has made the demo office on its way."""
    _DEMOS.append(str(connection.settings_dict["NAME"]))


class Leftovers:
    """The files that were not there when the command began."""

    def __init__(self) -> None:
        self._database = Path(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None
        self._new_database = self._database is not None and not self._database.exists()
        self._new_directories = [one for one in self._database.parents if not one.exists()] if self._database else []

    def remove(self) -> None:
        """Remove them, unless there are tables by now: then something may be kept under the key.

        A demo office that was made on the way goes, too, as long as nobody has texted it and nobody serves it.
        """
        if not (self._new_database or OWN_KEY.made) or (_has_tables() and not self._is_new_demo()):
            return
        connection.close()
        if self._database and self._new_database:
            for end in ("", "-wal", "-shm", ".served"):
                with suppress(NotADirectoryError):  # above it there is a file
                    Path(f"{self._database}{end}").unlink(missing_ok=True)
        for path in (*OWN_KEY.made, *self._new_directories):
            with suppress(OSError):  # of a directory that holds something else by now
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)

    def _is_new_demo(self) -> bool:
        try:
            return str(self._database) in _DEMOS and not (is_served() or models.Inbound.objects.exists())
        except DatabaseError:
            return False


def _has_tables() -> bool:
    try:
        return bool(schema.applied())
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
