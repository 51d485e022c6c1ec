"""Rows that many tests begin with: the program makes them once, and the same rows are put there for every other test.

Only where the database has what it had before they were made, which is nearly always nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

from django.db import connection, transaction

from prepazka.core.office.office import Office
from prepazka.store import offices

# Of each table, the number of its rows and the highest id; by table, the rows as SQL writes them.
Fingerprint = frozenset[tuple[str, int, int]]
Rows = Mapping[str, frozenset[str]]

_QUOTED = {"sqlite": "quote({})", "postgresql": "quote_nullable({})"}
_made: dict[tuple[str, Fingerprint], list[str]] = {}
_read: dict[tuple[str, int], Office] = {}


def kept_once(office: Office, now: datetime) -> Office:
    """Store an office and return it, as the program stores and reads it."""
    name = f"{now} {office!r}"
    made_once(name, lambda: offices.keep(office, now))
    office_id = offices.find(office.slug)
    assert office_id is not None
    if (name, office_id) not in _read:  # the same rows come to the same value, and cannot be changed in it
        _read[name, office_id] = offices.load(office_id)
    return _read[name, office_id]


def made_once(name: str, make: Callable[[], object]) -> None:
    """Have the rows that `make` makes, which adds some and changes none; name: what they are, for the next test.

    Their ids are those of the first time: sequences are past them, and no row of a test outlives it.
    """
    before = _fingerprint()
    if (name, before) not in _made:
        had = _rows()
        make()
        _made[name, before] = _inserts(had, _rows())
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _made[name, before]:
            cursor.execute(statement)


def _inserts(before: Rows, after: Rows) -> list[str]:
    assert all(before[table] <= after[table] for table in before), "rows were changed or removed"
    new = {table: sorted(after[table] - before[table]) for table in after}
    return [
        f"INSERT INTO {table} ({', '.join(_columns()[table])}) VALUES {', '.join(rows)}"
        for table, rows in new.items()
        if rows
    ]


@cache
def _columns() -> Mapping[str, list[str]]:
    tables = sorted(connection.introspection.django_table_names(only_existing=True))
    with connection.cursor() as cursor:
        return {
            table: [f'"{one.name}"' for one in connection.introspection.get_table_description(cursor, table)]
            for table in tables
        }


@cache
def _counting() -> str:
    ids = {table: 'COALESCE(MAX("id"), 0)' if '"id"' in columns else "0" for table, columns in _columns().items()}
    return " UNION ALL ".join(f"SELECT '{table}', COUNT(*), {highest} FROM {table}" for table, highest in ids.items())


def _fingerprint() -> Fingerprint:
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        return frozenset(cursor.fetchall())


def _rows() -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for table, columns in _columns().items():
            quoted = " || ', ' || ".join(_QUOTED[connection.vendor].format(column) for column in columns)
            cursor.execute(f"SELECT '(' || {quoted} || ')' FROM {table}")
            found[table] = frozenset(row for (row,) in cursor.fetchall())
    return found
