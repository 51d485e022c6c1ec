"""Plain SQL for the few statements every message needs: one text for both databases, with words for each dialect.

Through the ORM, handling a message reaches a third of the speed (docs/performance.md); everything else uses the ORM.
Many values are passed as one parameter, a JSON text, so that a statement is the same for one message and for a hundred.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper

from prepazka.core.minutes import Minute, instant, minute

T = TypeVar("T")
S = TypeVar("S")
Row = tuple[Any, ...]


# Made once: `json.dumps` makes one for each text that keeps its letters.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class _Word:
    """Writes a dialect's expression around the text after the colon: "{minute:starts_at}"."""

    def __init__(self, expression: str) -> None:
        self._expression = expression

    def __format__(self, operand: str) -> str:
        return self._expression.format(operand)


_DIALECTS = {
    "sqlite": {
        # A moment as a core.minutes.Minute, and back.
        "minute": _Word("CAST(strftime('%%s', {}) AS INTEGER) / 60"),
        "moment": _Word("datetime({} * 60, 'unixepoch')"),
        # A moment for `minute_of`: faster than {minute:…} for many rows, where texts repeat.
        "stored": _Word("({} || '')"),
        # The lanes of a group of bookings as a bit mask; a lane occurs once in a group.
        "mask": _Word("SUM(1 << {})"),
        # A moment as whole seconds since 1970, for comparing two of them.
        "seconds": _Word("CAST(strftime('%%s', {}) AS INTEGER)"),
        # A text of a record as a day, and as a moment.
        "date": _Word("({})"),
        "time": _Word("({})"),
        # One of the values of a `listed` parameter.
        "among": _Word("{} IN (SELECT value FROM json_each(%s))"),
        # The records of a `recorded` parameter, each in `value`, numbered by `key`.
        "records": "json_each(%s)",
        # An id never used, for each record; the only writer may count on from the last one.
        "next_id": _Word("(SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = '{}') + key + 1"),
        # Locks the row until the transaction ends; an IMMEDIATE transaction is the only writer anyway.
        "for_update": "",
        # The index a table is read by, behind its name: without statistics SQLite takes one that spares it the sorting,
        # and reads all messages of an office, or all tickets of a day, for the few that are meant.
        "by": _Word("INDEXED BY {}"),
        "by_index": "",
        "unless_locked": "",
    },
    "postgresql": {
        # PostgreSQL rounds a cast, and the last half second of a minute is not the next one.
        "minute": _Word("CAST(floor(extract(epoch FROM {}) / 60) AS bigint)"),
        "moment": _Word("to_timestamp({} * 60)"),
        "stored": _Word("CAST(extract(epoch FROM {}) AS bigint) / 60"),
        "mask": _Word("CAST(SUM(CAST(1 AS bigint) << {}) AS bigint)"),
        "seconds": _Word("extract(epoch FROM {})"),
        "date": _Word("CAST({} AS date)"),
        "time": _Word("CAST({} AS timestamptz)"),
        "among": _Word("{} = ANY(%s)"),
        "records": "jsonb_array_elements(CAST(%s AS jsonb)) WITH ORDINALITY AS records (value, key)",
        "next_id": _Word("nextval(CAST((SELECT pg_get_serial_sequence('{}', 'id')) AS regclass))"),
        "for_update": "FOR NO KEY UPDATE",
        "by": _Word(""),
        # A column that has each statement until the transaction ends read its tables by an index, as all of them are
        # meant to. A prepared statement keeps the plan of when its tables were small, and a new installation grows. A
        # small table without an index is then so dear by estimate that a server with JIT compiles the statement, for
        # 50 ms: so it is told not to.
        "by_index": ", set_config('enable_seqscan', 'off', true) || set_config('jit', 'off', true)",
        "unless_locked": "FOR NO KEY UPDATE SKIP LOCKED",
    },
}


@lru_cache(maxsize=1024)
def _statement(text: str, vendor: str) -> str:
    return text.format_map(_DIALECTS[vendor])


@cache
def _vendor() -> str:
    """Return which database it is; asked once, as Django looks for the connection of the thread each time."""
    return connection.vendor


def run(text: str, values: Sequence[Any] = ()) -> None:
    """Execute one statement."""
    _execute(text, values)


def _execute(text: str, values: Sequence[Any]) -> CursorWrapper | sqlite3.Cursor:
    """Execute one statement and return its cursor.

    On SQLite it is the driver's own: Django's looks several times for the connection and its state, and translates the
    placeholders, for each statement. Those that are logged, counted or wrapped, or the first, take Django's way.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if (
        _vendor() == "sqlite"
        and database.connection is not None
        and not (database.queries_logged or database.execute_wrappers)
    ):
        database.validate_no_broken_transaction()
        try:
            return sqlite3.Connection.execute(database.connection, _translated(text), values)
        except sqlite3.Error:
            with database.wrap_database_errors:
                raise
    cursor = database.cursor()
    cursor.execute(_statement(text, _vendor()), values)
    return cursor


def _fetch(cursor: CursorWrapper | sqlite3.Cursor) -> list[Row]:
    """Return all rows."""
    if isinstance(cursor, sqlite3.Cursor):
        try:
            return cursor.fetchall()
        except sqlite3.Error:
            with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
                raise
    found: list[Row] = cursor.fetchall()
    return found


@lru_cache(maxsize=1024)
def _translated(text: str) -> str:
    """Return a statement of SQLite with its own placeholders."""
    return re.sub("(?<!%)%s", "?", _statement(text, "sqlite")).replace("%%", "%")


@dataclass(frozen=True, slots=True)
class Pending(Generic[T]):
    """What a statement that was sent will give; it stays in the store, whose functions return values to the flows."""

    fetch: Callable[[], list[T]]
    """Wait for the database and return all of it; once."""

    def map(self, read: Callable[[T], S]) -> "Pending[S]":
        """Return the same with each row read by a function, when it is fetched."""
        return Pending(lambda: [read(row) for row in self.fetch()])


NOTHING: Pending[Any] = Pending(list)
"""In place of a statement that would find nothing."""


def send(text: str, values: Sequence[Any] = ()) -> Pending[Row]:
    """Send one statement without waiting for its rows: within `together`, the next one is sent before they come."""
    return Pending(partial(_fetch, _execute(text, values)))


def rows(text: str, values: Sequence[Any] = ()) -> list[Row]:
    """Return all rows of one query."""
    return send(text, values).fetch()


def together() -> AbstractContextManager[None]:
    """Send the statements within without waiting for each other; what they give is fetched behind the block.

    On PostgreSQL a round trip costs as much as a small statement, and the end of the block is one. SQLite has none.
    """
    return _pipeline() if _vendor() == "postgresql" else nullcontext()


@contextmanager
def _pipeline() -> Iterator[None]:
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def changed(text: str, values: Sequence[Any] = ()) -> int:
    """Execute one statement; return how many rows it changed."""
    return int(_execute(text, values).rowcount)


def listed(values: Collection[Any]) -> Any:
    """Return values as the parameter of {among:…}."""
    return _encode(list(values)) if _vendor() == "sqlite" else list(values)


def insert(
    table: str,
    columns: Mapping[str, str],
    records: Sequence[Sequence[Any]],
    *,
    same: Mapping[str, Any] | None = None,
    then: str = "",
) -> Pending[Row]:
    """Insert records, in their order, by one statement; columns are names and types as `picked` takes them.

    same: values of the first columns that are the same in all records, which leave them out. then: the rest of the
    statement. The rows of its RETURNING have to be fetched: SQLite ends the statement only then. JSON is given as text.
    """
    given = [] if same is None else list(same.values())
    if _vendor() == "sqlite" and len(records) in _BY_PLACEHOLDERS:
        values: list[Any] = []
        for record in records:
            values += given
            values += record
        return send(_insertion_of_rows(table, tuple(columns.items()), len(records), then), values)
    statement = _insertion(table, tuple(columns.items()), len(given), then, _vendor())
    return send(statement, [*given, recorded(records)])


# So many records are inserted into SQLite by placeholders: picking the values out of a text takes longer than to store
# them. A few, as they come alone, and a full batch (`flows.inbound.receive`): each number is a statement of its own.
_BY_PLACEHOLDERS = frozenset({*range(1, 9), 100})


@lru_cache(maxsize=256)
def _insertion_of_rows(table: str, columns: tuple[tuple[str, str], ...], count: int, then: str) -> str:
    names = ", ".join(name for name, _ in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)} {then}"


@lru_cache(maxsize=64)
def _insertion(table: str, columns: tuple[tuple[str, str], ...], same: int, then: str, vendor: str) -> str:
    names = ", ".join(name for name, _ in columns)
    given = [f"CAST(%s AS {kind})" if vendor == "postgresql" else "%s" for _, kind in columns[:same]]
    values = ", ".join([*given, picked(dict(columns[same:]), vendor)])
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {{records}} WHERE true ORDER BY key {then}"


def update(
    table: str,
    columns: Mapping[str, str],
    records: Sequence[Sequence[Any]],
    changes: str,
    where: tuple[str, Sequence[Any]] = ("", ()),
) -> None:
    """Change rows by one statement, each as its record says; columns as `picked` takes them, the first one the id.

    changes: the assignments, in which the record is called `decided`. where: what else must hold of a row, and the
    values of that.
    """
    vendor, (condition, values) = _vendor(), where
    # PostgreSQL expects a hundred records, however few there are, and reads the table for them; by ids it finds each.
    ids = [[record[0] for record in records]] if vendor == "postgresql" else []
    run(_update(table, tuple(columns.items()), changes, condition, vendor), [recorded(records), *ids, *values])


@lru_cache(maxsize=64)
def _update(table: str, columns: tuple[tuple[str, str], ...], changes: str, where: str, vendor: str) -> str:
    told = f" AND {table}.id = ANY(%s)" if vendor == "postgresql" else ""
    also = f" AND {where}" if where else ""
    return (
        f"UPDATE {table} SET {changes} FROM (SELECT {picked(dict(columns), vendor)} FROM {{records}}) AS decided "
        f"WHERE {table}.id = decided.id{told}{also}"
    )


def recorded(records: Sequence[Sequence[Any]]) -> str:
    """Return records as the parameter of {records}."""
    return _encode(records)


def picked(columns: Mapping[str, str], vendor: str) -> str:
    """Return the columns of a record by place; the types are PostgreSQL's."""
    return ", ".join(f"{_cast(place, kind, vendor)} AS {name}" for place, (name, kind) in enumerate(columns.items()))


def _cast(place: int, kind: str, vendor: str) -> str:
    """Return a value of a record with its type; SQLite gives it the type of the column it is stored in."""
    return f"CAST(value ->> {place} AS {kind})" if vendor == "postgresql" else f"(value ->> {place})"


@lru_cache(maxsize=16)  # a batch stores the same few moments many times
def moment(at: datetime | None) -> str | None:
    """Return an aware datetime as the database reads it."""
    if at is None:
        return None
    return str(at.astimezone(UTC).replace(tzinfo=None) if _vendor() == "sqlite" else at)


@lru_cache(maxsize=4096)  # an office's starts are the same for all its lanes
def minute_stored(at: Minute) -> str:
    """Return a Minute as the database reads it."""
    return str(moment(instant(at)))


def aware(stored: Any) -> Any:
    """Return a moment (or NULL) from the database, made aware: SQLite returns it without UTC."""
    return stored.replace(tzinfo=UTC) if isinstance(stored, datetime) and stored.tzinfo is None else stored


def moment_of(aggregated: Any) -> Any:
    """Return a moment (or NULL) from MIN or MAX, made aware: SQLite returns it as the stored text."""
    return aware(datetime.fromisoformat(aggregated) if isinstance(aggregated, str) else aggregated)


@lru_cache(maxsize=100_000)
def minute_of(stored: int | str) -> Minute:
    """Return a {stored:…} moment as a Minute. SQLite takes a microsecond for each; a week has a thousand starts."""
    if isinstance(stored, int):
        return Minute(stored)
    return minute(datetime.fromisoformat(stored).replace(tzinfo=UTC))


def minute_shown(stored: datetime) -> Minute:
    """Return the minute a clock showed at a stored moment: 14:00:59 is 14:00."""
    return minute(aware(stored).replace(second=0, microsecond=0))
