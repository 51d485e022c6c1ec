"""The database shared with gammu-smsd, on SQLite or PostgreSQL: one set of statements, and the differences.

Columns are quoted, because PostgreSQL's names contain capitals. smsd writes booleans as words, which both databases
compare alike.
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
"""The supported versions of gammu's tables: 1.38 to 1.43, and from 1.44 on."""

CHANNEL = "prepazka_gammu"
"""The channel the triggers of `gammu-config` notify on PostgreSQL."""

# Seconds between two looks for new rows: a look costs microseconds on SQLite, and PostgreSQL notifies us.
_LOOK_EVERY = 0.2
_LOOK_ANYWAY = 2.0

DatabaseRow = tuple[Any, ...]


class WrongSchema(Exception):
    """The version of the tables is not supported."""


class Database(ABC):
    """A connection, for one thread at a time.

    octet_collation: the collation that compares texts octet by octet. message_zone: the zone of the times smsd writes
    for messages; trigger_zone: the zone of the times the tables' triggers write (`trigger_time`).
    """

    octet_collation: str
    message_zone: tzinfo
    trigger_zone: tzinfo

    @abstractmethod
    def run(self, statement: str, values: Sequence[object] = ()) -> tuple[list[DatabaseRow], int]:
        """Run a statement with `?` for each value; return its rows and the number of changed rows."""

    @abstractmethod
    def transaction(self, about: str = "") -> AbstractContextManager[None]:
        """Open a transaction, one at a time for the same subject."""

    @abstractmethod
    def flush(self) -> None:
        """Return when all changes would survive a power cut."""

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Return when something may have been written, or after so many seconds."""

    @abstractmethod
    def trigger_time(self, column: str) -> str:
        """Return an expression for the text of a column the triggers write."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[DatabaseRow]:
        """Return the rows of a query."""
        return self.run(statement, values)[0]

    def change(self, statement: str, values: Sequence[object] = ()) -> int:
        """Return the number of rows a statement changed."""
        return self.run(statement, values)[1]

    def schema(self) -> int:
        """Return the version of the tables. Raises: WrongSchema."""
        found = self.rows('SELECT "Version" FROM gammu')
        if len(found) != 1 or found[0][0] not in SCHEMAS:
            raise WrongSchema(f"tables of version {found[0][0] if found else 'unknown'}; 17 and 18 are known")
        return int(found[0][0])


def connect(settings: GammuSettings, patience: float = 10.0) -> Database:
    """Connect. patience: seconds to wait for the connection, and for locks.

    Raises: sqlite3.Error, psycopg.Error, WrongSchema.
    """
    if settings.database.startswith("/"):
        return _SQLite(settings, patience)
    return _PostgreSQL(settings, patience)


def to_time(text: str, zone: tzinfo) -> datetime:
    """Return a time of the tables. Raises: ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


class _SQLite(Database):
    octet_collation = "COLLATE BINARY"

    def __init__(self, settings: GammuSettings, patience: float) -> None:
        # The file is never created here: an empty one would pass for a database without messages.
        address = f"file:{settings.database.replace('%', '%25').replace('?', '%3f').replace('#', '%23')}?mode=rw"
        self._connection = sqlite3.connect(
            address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        self.message_zone = ZoneInfo(settings.timezone)
        self._log = Path(f"{settings.database}-wal")
        # smsd 1.42 does not wait for a lock: it reconnects, and may crash. So transactions are short, and `flush` waits
        # for the disk after them. A message a power cut undoes before that is received, or sent, again.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        try:
            # Version 18 writes local times where 17 wrote UTC.
            self.trigger_zone = UTC if self.schema() == 17 else self.message_zone
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

    def trigger_time(self, column: str) -> str:
        return column

    def flush(self) -> None:
        with suppress(FileNotFoundError), self._log.open("rb") as log:
            os.fsync(log.fileno())

    def close(self) -> None:
        self._connection.close()


class _PostgreSQL(Database):
    octet_collation = 'COLLATE "C"'
    message_zone = UTC  # smsd writes "… GMT" into columns without a zone
    trigger_zone = UTC

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
        # The timeout is short, because the triggers may be missing.
        for _ in self._connection.notifies(timeout=min(seconds, _LOOK_ANYWAY), stop_after=1):
            pass

    def flush(self) -> None:
        """Do nothing: a commit waits for the disk."""

    def trigger_time(self, column: str) -> str:
        return f"CAST({column} AT TIME ZONE current_setting('TimeZone') AT TIME ZONE 'UTC' AS text)"

    def close(self) -> None:
        self._connection.close()
