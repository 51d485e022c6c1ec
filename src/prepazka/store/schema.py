"""Whether the database's tables are those of this version, older or newer."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def pending() -> list[str]:
    """Return the migrations not applied yet, in their order: the tables are older than the program."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def newer() -> list[str]:
    """Return the applied migrations of ours that this version does not have: the tables are newer than the program."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app == "store" and (app, name) not in known
    )


FIX_NEWER = "install that version here, or a later one"


def explain_newer(names: list[str]) -> str:
    """Return the sentence for a database that a newer version has migrated."""
    return f"this database is newer than the program (it has {names[-1]})"
