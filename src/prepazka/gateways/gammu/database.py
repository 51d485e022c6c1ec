"""The database gammu-smsd and we share, on SQLite or PostgreSQL: the same statements for both, and their differences.

Columns are quoted, because PostgreSQL's bear capitals. smsd writes truth values as words, which both compare alike.
"""

import contextlib
import os
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from prepazka.gateways.gammu.settings import GammuSettings

SCHEMAS = (17, 18)
"""Versions of gammu's tables we know: 1.38 to 1.43, and from 1.44 on."""

CHANNEL = "prepazka_gammu"
"""What the triggers of `gammu-config` notify on PostgreSQL."""

# How often to look whether anything was written, in seconds: SQLite tells in microseconds, and PostgreSQL calls us.
_LOOK_EVERY = 0.2
_LOOK_ANYWAY = 2.0

DatabaseRow = tuple[Any, ...]


class WrongSchema(Exception):
    """Tables of a version we do not know."""


class Database(ABC):
    """A connection, for one thread at a time.

    exact: the collation in which texts compare octet by octet. said: the zone of the times smsd writes of messages;
    written: of those the tables' own triggers write (`written_at`).
    """

    exact: str
    said: tzinfo
    written: tzinfo

    @abstractmethod
    def run(self, statement: str, values: Sequence[object] = ()) -> tuple[list[DatabaseRow], int]:
        """The rows of a statement with `?` for each value, and how many were changed."""

    @abstractmethod
    def transaction(self, about: str = "") -> AbstractContextManager[None]:
        """All or nothing; one at a time of those about the same thing."""

    @abstractmethod
    def lasting(self) -> None:
        """Return when what was written outlasts a power cut."""

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Return when something may have been written, at the latest after so many seconds."""

    @abstractmethod
    def written_at(self, column: str) -> str:
        """An expression for the text of a column the triggers write."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[DatabaseRow]:
        """The rows of a query."""
        return self.run(statement, values)[0]

    def change(self, statement: str, values: Sequence[object] = ()) -> int:
        """How many rows a statement changed."""
        return self.run(statement, values)[1]

    def schema(self) -> int:
        """The version of the tables. Raises: WrongSchema."""
        found = self.rows('SELECT "Version" FROM gammu')
        if len(found) != 1 or found[0][0] not in SCHEMAS:
            raise WrongSchema(f"tables of version {found[0][0] if found else 'unknown'}; 17 and 18 are known")
        return int(found[0][0])


def connect(settings: GammuSettings, patience: float = 10.0) -> Database:
    """Connect; wait so many seconds for it, and for locks of others.

    Raises: sqlite3.Error, psycopg.Error, WrongSchema.
    """
    if settings.database.startswith("/"):
        return _SQLite(settings, patience)
    return _PostgreSQL(settings, patience)


def moment(text: str, zone: tzinfo) -> datetime:
    """A time of the tables. Raises: ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


class _SQLite(Database):
    exact = "COLLATE BINARY"

    def __init__(self, settings: GammuSettings, patience: float) -> None:
        # Never made here: an empty file would be taken for a database without messages.
        address = f"file:{settings.database.replace('%', '%25').replace('?', '%3f').replace('#', '%23')}?mode=rw"
        self._connection = sqlite3.connect(
            address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        self.said = ZoneInfo(settings.timezone)
        self._log = Path(f"{settings.database}-wal")
        # smsd 1.42 does not wait for a lock: it reconnects, and may crash. So ours are short, and the disk is waited
        # for after them (`lasting`). What a power cut undoes before that is heard, or given, again.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        try:
            # Version 18 writes local times where 17 wrote UTC.
            self.written = UTC if self.schema() == 17 else self.said
        except BaseException:
            self._connection.close()
            raise
        self._version = -1

    def run(self, statement: str, values: Sequence[object] = ()) -> tuple[list[DatabaseRow], int]:
        cursor = self._connection.execute(statement, tuple(values))
        return cursor.fetchall(), cursor.rowcount

    @contextlib.contextmanager
    def transaction(self, about: str = "") -> Iterator[None]:
        del about  # SQLite has one writer anyway
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_EVERY))
            version = self.rows("PRAGMA data_version")[0][0]
            if version != self._version:
                self._version = version
                return

    def written_at(self, column: str) -> str:
        return column

    def lasting(self) -> None:
        with suppress(FileNotFoundError), self._log.open("rb") as log:
            os.fsync(log.fileno())

    def close(self) -> None:
        self._connection.close()


class _PostgreSQL(Database):
    exact = 'COLLATE "C"'
    said = UTC  # smsd writes "… GMT" into columns that know no zones
    written = UTC

    def __init__(self, settings: GammuSettings, patience: float) -> None:
        secret: dict[str, Any] = {}
        if password := settings.password.get_secret_value():
            secret["password"] = password
        self._connection = psycopg.connect(
            settings.database,
            autocommit=True,
            connect_timeout=max(2, int(patience)),  # libpq takes less for 2
            application_name="prepazka",
            **secret,
        )
        try:
            self.schema()
            self._connection.execute(f"LISTEN {CHANNEL}")
        except BaseException:
            self._connection.close()
            raise

    def run(self, statement: str, values: Sequence[object] = ()) -> tuple[list[DatabaseRow], int]:
        cursor = self._connection.execute(statement.replace("?", "%s").encode(), tuple(values))
        return (cursor.fetchall() if cursor.description else []), cursor.rowcount

    @contextlib.contextmanager
    def transaction(self, about: str = "") -> Iterator[None]:
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{CHANNEL} {about}"])
            yield

    def wait(self, seconds: float) -> None:
        # Looks anyway now and then: the triggers may not be there.
        for _ in self._connection.notifies(timeout=min(seconds, _LOOK_ANYWAY), stop_after=1):
            pass

    def lasting(self) -> None:
        """Its commit waits for the disk."""

    def written_at(self, column: str) -> str:
        return f"CAST({column} AT TIME ZONE current_setting('TimeZone') AT TIME ZONE 'UTC' AS text)"

    def close(self) -> None:
        self._connection.close()
