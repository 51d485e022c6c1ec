"""Whether the database's tables are those of this version, older or newer."""

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from prepazka.store import migrations
from prepazka.store.sql import rows

BEFORE_OURS = frozenset({"contenttypes", "auth"})
"""The apps of Django's whose migrations come before our first one."""

# By its name: a process without accounts has no model of it.
_TYPES = "django_content_type"


def pending() -> list[str]:
    """Return the migrations not applied yet, in their order: the tables are older than the program.

    None is read where the names of all are noted in the database, which is what every start finds.
    """
    if _of_all_apps() <= _noted():
        return []
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- it loads much, and few commands ask

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _of_all_apps() -> set[tuple[str, str]]:
    """Return the migrations of this version with their apps, by the names of their files."""
    folders = {app.label: Path(app.path) / "migrations" for app in apps.get_app_configs()}
    return {(label, found.stem) for label, folder in folders.items() for found in folder.glob("0*.py")}


def _noted() -> set[tuple[str, str]]:
    """Return the migrations that the tables had, with their apps; empty for a database without tables."""
    if MigrationRecorder.Migration._meta.db_table not in connection.introspection.table_names():
        return set()
    return {(app, name) for app, name in rows("SELECT app, name FROM django_migrations")}


def is_older() -> bool:
    """Whether the tables are older than the program, as the names of our migrations say it; none of them is read."""
    return not known() <= applied()


def newer() -> list[str]:
    """Return the applied migrations of ours that this version does not have: the tables are newer than the program."""
    return sorted(f"store.{name}" for name in applied() - known())


def known() -> set[str]:
    """Return the names of our migrations that this version has: those of the files, which none has to read for that."""
    return {found.stem for found in Path(migrations.__path__[0]).glob("0*.py")}


def applied() -> set[str]:
    """Return the names of our migrations that the tables had; empty for a database without tables."""
    return {name for app, name in _noted() if app == "store"}


def foreign() -> list[str]:
    """Return the tables of another program where ours would be made; none where the place is free.

    Another program made with Django is known by its migrations, or where it has only Django's own, by the types that
    Django notes when they are all applied: a first migration of ours that was killed has noted none. Asked only where
    no migration of ours is applied.
    """
    there = set(connection.introspection.table_names())
    noted = MigrationRecorder.Migration._meta.db_table
    if noted not in there:
        return sorted(there & set(connection.introspection.django_table_names()))
    applied_of = {str(app) for (app,) in rows("SELECT DISTINCT app FROM django_migrations")}
    whole = _TYPES in there and bool(rows(f"SELECT 1 FROM {_TYPES} LIMIT 1"))
    others = sorted(applied_of - BEFORE_OURS) or sorted(applied_of if whole else ())
    models = apps.get_app_config("store").get_models()
    return [f"{noted} of {app}" for app in others] or sorted(there & {model._meta.db_table for model in models})


def missing() -> list[str]:
    """Return our tables that are not there, though every migration was applied: somebody, or something, took them."""
    there = set(connection.introspection.table_names())
    models = apps.get_app_config("store").get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} - there)


def latest() -> str:
    """Return the name of this version's last migration."""
    return max(known())


def knows(migration: str) -> bool:
    """Whether this version has a migration: whether it can read what was written with the tables of then."""
    return migration in known()


FIX_NEWER = "install that version here, or a later one"


def explain_newer(names: list[str]) -> str:
    """Return the sentence for a database that a newer version has migrated."""
    return f"this database is newer than the program (it has {names[-1]})"
