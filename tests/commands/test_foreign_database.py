"""A database of another program made with Django: every command says so, and none mixes the two."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from prepazka.store import schema
from tests.commands.conftest import MakeTables, Prepazka

FIX = "make an empty one for this program, and name it in DATABASE_URL"
COMMANDS = [("migrate",), ("init", "--demo"), ("serve", "--port", "1"), ("check", "--quiet"), ("offices",)]
# The apps another program has applied, in its order.
PLAIN, WITH_ADMIN = ("contenttypes", "auth"), ("admin", "auth", "contenttypes", "sessions")


def make_foreign(file: Path, applied: Sequence[str], *, finished: bool) -> None:
    """Make a database as Django does for a project that has no app of its own; finished: not killed on the way."""
    with sqlite3.connect(file) as database:
        database.executescript(
            "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied text);"
            "CREATE TABLE django_content_type (id integer PRIMARY KEY, app_label text, model text);"
            "CREATE TABLE auth_user (id integer PRIMARY KEY, username text);"
        )
        database.executemany("INSERT INTO django_migrations (app, name) VALUES (?, '0001_initial')", zip(applied))
        if finished:
            database.execute("INSERT INTO django_content_type (app_label, model) VALUES ('auth', 'user')")
    database.close()


def tables(file: Path) -> list[tuple[str]]:
    with sqlite3.connect(file) as database:
        found = database.execute("SELECT name FROM sqlite_master ORDER BY name").fetchall()
    database.close()
    return found


@pytest.mark.parametrize(
    ("applied", "finished", "named"),
    [
        pytest.param(
            PLAIN, True, "django_migrations of auth, django_migrations of contenttypes", id="no app of its own"
        ),
        pytest.param(
            WITH_ADMIN, True, "django_migrations of admin, django_migrations of sessions", id="with the admin"
        ),
        pytest.param(WITH_ADMIN, False, "django_migrations of admin, django_migrations of sessions", id="half made"),
    ],
)
def test_every_command_says_that_it_is_another_programs_and_makes_nothing(
    program: Prepazka, tmp_path: Path, applied: Sequence[str], finished: bool, named: str, whole: bool
) -> None:
    file = tmp_path / "jiny.sqlite3"
    make_foreign(file, applied, finished=finished)
    before = tables(file)
    state = tmp_path / "stav"
    for command in COMMANDS if whole else COMMANDS[2:4] if applied == PLAIN else COMMANDS[3:4]:
        done = program(*command, DATABASE_URL=f"sqlite:///{file}", PREPAZKA_STATE=str(state))
        said = [line for line in (done.out + done.err).splitlines() if "another program" in line]
        assert done.code == 1, done
        assert len(said) == 1, (command, done)
        assert f"it has tables of another program ({named})" in said[0]
        assert FIX in said[0]
        assert "Traceback" not in done.err
        assert "run: prepazka migrate" not in done.out + done.err, (command, done)
    assert tables(file) == before
    assert not state.exists(), "nothing can be kept under a key of ours in another program's database"


def test_a_first_migration_of_ours_that_was_killed_goes_on(
    program: Prepazka, make_tables: MakeTables, tmp_path: Path, whole: bool
) -> None:
    """It has Django's own tables, and none of the types that the end of a migration notes."""
    file = tmp_path / "nas.sqlite3"
    make_tables(file)
    named = {"DATABASE_URL": f"sqlite:///{file}"}
    with sqlite3.connect(file) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        database.execute("PRAGMA foreign_keys = OFF")
        for name in names:
            if not name.startswith(("auth_", "django_", "sqlite_")) or name == "django_session":
                database.execute(f"DROP TABLE {name}")
        database.execute("DELETE FROM django_migrations WHERE app NOT IN ('auth', 'contenttypes')")
        database.execute("DELETE FROM auth_permission")
        database.execute("DELETE FROM django_content_type")
    database.close()
    done = program("check", "--quiet", **named)
    assert "run: prepazka migrate" in done.out
    if whole:
        assert program("migrate", **named).code == 0
        assert "another program" not in program("check", "--quiet", **named).out


def test_an_older_database_of_ours_is_ours(program: Prepazka, make_tables: MakeTables, tmp_path: Path) -> None:
    file = tmp_path / "starsi.sqlite3"
    make_tables(file)
    with sqlite3.connect(file) as database:
        database.execute(
            "DELETE FROM django_migrations WHERE name = (SELECT MAX(name) FROM django_migrations WHERE app = 'store')"
        )
    database.close()
    done = program("check", "--quiet", DATABASE_URL=f"sqlite:///{file}")
    assert "another program" not in done.out
    assert "run: prepazka migrate" in done.out


@pytest.mark.django_db
def test_what_comes_before_our_first_migration_is_known() -> None:
    """Only that far may a first migration have come that was killed."""
    loader = MigrationExecutor(connection).loader
    plan = loader.graph.forwards_plan(("store", min(name for app, name in loader.graph.nodes if app == "store")))
    assert {app for app, _ in plan} - {"store"} == schema.BEFORE_OURS
