"""The tables of an earlier version, for tests of what migrating keeps."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

Targets = Sequence[tuple[str, str | None]]


def one_by_one(executor: MigrationExecutor) -> MigrationExecutor:
    """Let an executor take the migrations one by one, without the one that replaces them in an empty database."""
    loader: MigrationLoader = executor.loader
    loader.replace_migrations = False  # type: ignore[attr-defined]  # newer than the stubs
    loader.build_graph()
    for name, migration in loader.replacements.items():
        loader.graph.remove_replacement_node(name, migration.replaces)
    return executor


def migrate_to(targets: Targets) -> Any:
    """Bring tables forward, or back, to those after some migrations; return the models of then."""
    return one_by_one(MigrationExecutor(connection)).migrate(list(targets)).apps


def return_to_latest() -> None:
    """Give the test's database the tables of today again, by each migration that it lacks."""
    executor = one_by_one(MigrationExecutor(connection))
    executor.migrate(executor.loader.graph.leaf_nodes())


@contextmanager
def empty_database(directory: Path) -> Iterator[None]:
    """Lead Django's connection to a database without tables, of the same kind, until the block ends."""
    at = connection.settings_dict
    tests_own, name = at["NAME"], f"empty_{uuid4().hex}"
    on_server = connection.vendor == "postgresql"
    if on_server:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    at["NAME"] = name if on_server else str(directory / name)
    try:
        yield
    finally:
        connection.close()
        at["NAME"] = tests_own
        if on_server:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


_POSTGRESQL = """
    SELECT 'column', table_name, column_name, data_type, coalesce(character_maximum_length, 0)::text, is_nullable,
           column_default FROM information_schema.columns WHERE table_schema = 'public' UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable::text, '', ''
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace UNION ALL
    SELECT 'index', tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public' UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', '', '' FROM pg_trigger
    WHERE NOT tgisinternal UNION ALL
    SELECT 'extension', extname, '', '', '', '', '' FROM pg_extension
"""


def tables() -> set[str]:
    """What the database has: each column, constraint, index and trigger on its own, wherever it stands."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL)
            return {" | ".join(str(value) for value in row) for row in cursor.fetchall()}
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        made = cursor.fetchall()
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
