"""Plain SQL for the few statements every message needs: one text for both databases, with their dialects' words.

Through the ORM the same journey reaches a third of the speed (docs/performance.md); everything that is not on a
message's way uses the ORM.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

# Words of the dialects: {minute:column} reads a moment as a Minute, {moment} takes a Minute as a moment.
_MINUTE = {
    "sqlite": "CAST(strftime('%%s', {}) AS INTEGER) / 60",
    "postgresql": "CAST(extract(epoch FROM {}) AS bigint) / 60",
}
_MOMENT = {"sqlite": "datetime(%s * 60, 'unixepoch')", "postgresql": "to_timestamp(%s * 60)"}
# What Django's JSONField is made of.
_JSON = {"sqlite": "text", "postgresql": "jsonb"}
# Lanes a booking holds, as a bit mask over the rows of a group (a lane stands once in a group).
_MASK = {"sqlite": "SUM(1 << {})", "postgresql": "CAST(SUM(CAST(1 AS bigint) << {}) AS bigint)"}


class _Column:
    """Writes a dialect's expression around the column named after the colon."""

    def __init__(self, expression: str) -> None:
        self._expression = expression

    def __format__(self, column: str) -> str:
        return self._expression.format(column)


@lru_cache(maxsize=1024)
def _statement(text: str, vendor: str) -> str:
    return text.format(
        minute=_Column(_MINUTE[vendor]), mask=_Column(_MASK[vendor]), moment=_MOMENT[vendor], json=_JSON[vendor]
    )


def run(text: str, values: Sequence[Any] = ()) -> CursorWrapper:
    """Execute one statement and give its cursor."""
    cursor = connection.cursor()
    cursor.execute(_statement(text, connection.vendor), values)
    return cursor


def rows(text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one query."""
    return run(text, values).fetchall()


def places(count: int) -> str:
    """The placeholders of an IN list or a row."""
    return ", ".join(["%s"] * count)


def insert(into: str, records: Sequence[Sequence[Any]], one: str, *, then: str = "") -> CursorWrapper:
    """Insert many records by one statement; `into` is the table with its columns, `one` a record's placeholders."""
    return run(f"INSERT INTO {into} VALUES {', '.join([one] * len(records))} {then}", list(flat(records)))


def flat(records: Iterable[Sequence[Any]]) -> Iterator[Any]:
    """The values of all records, one after another."""
    for record in records:
        yield from record


def moment(at: datetime | None) -> Any:
    """An aware datetime as the database stores it."""
    return connection.ops.adapt_datetimefield_value(at)
