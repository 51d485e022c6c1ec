"""An empty database gets its tables at once, and they are those that all migrations one by one come to."""

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ONE_BY_ONE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.older_tables import one_by_one
executor = one_by_one(MigrationExecutor(connection))
executor.migrate(executor.loader.graph.leaf_nodes())
"""
AT_ONCE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"

POSTGRESQL = """
    SELECT 'column', table_name, column_name, data_type, coalesce(character_maximum_length, 0)::text, is_nullable,
           column_default FROM information_schema.columns WHERE table_schema = 'public' UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable::text, '', ''
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace UNION ALL
    SELECT 'index', tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public' UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', '', '' FROM pg_trigger
    WHERE NOT tgisinternal UNION ALL
    SELECT 'extension', extname, '', '', '', '', '' FROM pg_extension
"""
SOME = ("booking_no_overlap", "one_ticket_a_booking", "unmatched_receipts")


def test_the_tables_made_at_once_are_those_of_all_migrations(tmp_path: Path) -> None:
    made = []
    for program in (ONE_BY_ONE, AT_ONCE):
        with _database(tmp_path) as url:
            given = {
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "prepazka.settings",
                "PREPAZKA_STATE": str(tmp_path),
            }
            command = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
            subprocess.run(command, env=os.environ | given, check=True)
            made.append(_tables(url))
    one_by_one, at_once = made
    assert all(any(name in found for found in at_once) for name in SOME)
    assert (sorted(one_by_one - at_once), sorted(at_once - one_by_one)) == ([], [])


@contextmanager
def _database(directory: Path) -> Iterator[str]:
    """An empty database of the kind that the tests have."""
    name = f"empty_{uuid.uuid4().hex}"
    if connection.vendor == "sqlite":
        yield f"sqlite:///{directory / name}"
        return
    at = connection.settings_dict
    server = f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _tables(url: str) -> set[str]:
    """What a database has, each column, constraint, index and trigger on its own, wherever it stands."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as opened:
            return {" | ".join(str(value) for value in row) for row in opened.execute(POSTGRESQL)}
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as opened:
        made = opened.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    found = set()
    for kind, name, sql in made:
        statement = " ".join(sql.replace('"', "").split())
        parts = _parts(statement) if kind == "table" else [statement]
        found |= {f"{kind} {name} | {part}" for part in parts}
    return found


def _parts(statement: str) -> list[str]:
    """Return the columns and constraints of a CREATE TABLE, their words in one order, which SQLite varies."""
    depth, parts = 0, [""]
    for sign in statement[statement.index("(") + 1 : statement.rindex(")")]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [" ".join(sorted(part.split())) for part in parts]
