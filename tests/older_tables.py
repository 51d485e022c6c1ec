"""The tables of an earlier version, for tests of what migrating keeps."""

import sqlite3
from collections.abc import Sequence

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def one_by_one(executor: MigrationExecutor) -> MigrationExecutor:
    """Let an executor take the migrations one by one, without the one that replaces them in an empty database."""
    loader: MigrationLoader = executor.loader
    loader.replace_migrations = False  # type: ignore[attr-defined]  # newer than the stubs
    loader.build_graph()
    for name, migration in loader.replacements.items():
        loader.graph.remove_replacement_node(name, migration.replaces)
    return executor


# Empty databases with older tables, by their migrations: going back to them takes longer than the tests.
_copies: dict[tuple[tuple[str, str | None], ...], sqlite3.Connection] = {}


def go_back(targets: Sequence[tuple[str, str | None]]) -> MigrationExecutor:
    """Give the test's empty database the tables of earlier migrations; return what did, which knows their models."""
    key = tuple(targets)
    if key in _copies:
        connection.ensure_connection()
        _copies[key].backup(connection.connection)
        return one_by_one(MigrationExecutor(connection))
    executor = one_by_one(MigrationExecutor(connection))
    executor.migrate(list(targets))
    if connection.vendor == "sqlite":
        _copies[key] = sqlite3.connect(":memory:")
        connection.connection.backup(_copies[key])
    return executor


def return_to_latest() -> None:
    """Give the test's database the tables of today again."""
    latest = MigrationExecutor(connection)
    latest.migrate(latest.loader.graph.leaf_nodes())
