"""The files of this installation, which nobody else may open: closed at the start of a command, checked by `check`."""

import grp
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from prepazka import private_files
from prepazka.commands.machine_settings import SETTINGS, USER
from prepazka.process import secret_key

# Where engines mount a container's secrets, readable in it whoever runs there: nobody else does.
_OF_A_CONTAINER = "/run/secrets/"
_OF_A_DATABASE = ("", "-wal", "-shm", "-journal", ".served", ".before-*")


# docs/spec/safety.md §5.1: "Files made before this rule are closed at the start of a command"
def close_own_files() -> None:
    """Take from others the access to the files there are; what belongs to another user is left for `check` to tell."""
    for path in (settings.STATE, *_own_files()):
        private_files.close(path)


class ExposedFile(NamedTuple):
    """A file or directory that others may open, and how to close it."""

    path: Path
    fix: str


def exposed_files() -> list[ExposedFile]:
    """Return what others may open: files and directories of ours, and the operator's files of settings."""
    ours = [path for path in (*_directories(), *_own_files()) if private_files.exposed(path)]
    return [ExposedFile(path, _closing(path)) for path in ours] + [
        ExposedFile(path, _hiding(path)) for path in _secrets() if _everybody_may_open(path)
    ]


def _hiding(path: Path) -> str:
    """Return how a file of the operator's is kept from others: where `setup` has made the program's user, for both."""
    if _is_group(USER):
        return f"run: chown root:{USER} {path} && chmod 640 {path}"
    return f"run, as its owner: chmod {private_files.FILE:o} {path}"


def _is_group(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def _closing(path: Path) -> str:
    if private_files.is_of_the_system(path):
        return "move our file out of it, into a directory of its own such as /var/lib/prepazka"
    return f"run, as its owner: chmod {_mode(path):o} {path}"


def _own_files() -> Iterator[Path]:
    yield from (settings.STATE / secret_key.NAME, settings.ERASURES, *_database_files())


def _database_files() -> Iterator[Path]:
    database = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and database.parent.is_dir():
        for ending in _OF_A_DATABASE:
            yield from sorted(database.parent.glob(f"{database.name}{ending}"))


def _directories() -> list[Path]:
    """Return the state directory and the one of the database, which may be somebody's own choice."""
    found = {settings.STATE, settings.ERASURES.parent, *(path.parent for path in _database_files())}
    return sorted(found)


def _secrets() -> Iterator[Path]:
    """Yield the files with passwords and keys that the operator wrote."""
    yield SETTINGS
    for name, value in os.environ.items():
        ours = name == "DATABASE_URL_FILE" or (name.startswith("PREPAZKA_") and name.endswith("_FILE"))
        if ours and not value.startswith(_OF_A_CONTAINER):
            yield Path(value)


def _everybody_may_open(path: Path) -> bool:
    """Whether others than the owner and its group may open it: root owns it, and the office's user is its group."""
    try:
        return path.is_file() and bool(path.stat().st_mode & stat.S_IRWXO)
    except OSError:
        return False


def _mode(path: Path) -> int:
    return private_files.DIRECTORY if path.is_dir() else private_files.FILE
