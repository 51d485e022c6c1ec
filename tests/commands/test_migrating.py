"""`migrate`: two at once are one, other tables are told, and nobody waits behind a lock that is waited for."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from prepazka.commands import CommandFailed, migrating
from prepazka.store import schema
from tests.commands.conftest import Prepazka
from tests.older_tables import migrate_to, return_to_latest

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "0039_figures"


@pytest.fixture
def older(transactional_db: None) -> Iterator[None]:
    """The tables of an earlier version; those of today again afterwards."""
    migrate_to([("store", BEFORE)])
    yield
    return_to_latest()


@pytest.mark.both_databases
def test_two_at_once_are_one(older: None, database_url: str, bare: dict[str, str]) -> None:
    connection.close()
    command = [sys.executable, "-m", "prepazka", "migrate"]
    named = {"DATABASE_URL": database_url, "PREPAZKA_SECRET_KEY": "a key of some fifty random letters, for a test " * 2}
    both = [subprocess.Popen(command, env={**bare, **named}, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        said = [one.communicate(timeout=120)[0] for one in both]
    finally:
        for one in both:
            one.kill()
            one.wait()
    assert [one.returncode for one in both] == [0, 0]
    assert sorted(line.partition(":")[0] for line in said) == ["migrated", "the tables are up to date\n"]
    assert schema.pending() == []


COMMANDS = (
    ("offices",),
    ("dump-office",),
    ("sms", "--from", "+420777000222", "POMOC"),
    ("gateway", "list"),
    ("user", "list"),
    ("erase",),
    ("person", "+420777000222"),
    ("check", "--without-gateways"),
    ("backup", "copy"),
)


def test_every_command_tells_of_older_tables(demo: int, prepazka: Prepazka, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("store", schema.latest())
    try:
        said = {command: prepazka(*command) for command in COMMANDS}
    finally:
        recorder.record_applied("store", schema.latest())
    assert [command for command, done in said.items() if "run: prepazka migrate" not in done.out + done.err] == []


def test_every_command_tells_of_newer_tables(demo: int, prepazka: Prepazka, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    recorder = MigrationRecorder(connection)
    recorder.record_applied("store", "9998_of_next_year")
    try:
        said = {command: prepazka(*command) for command in COMMANDS}
    finally:
        recorder.record_unapplied("store", "9998_of_next_year")
    told = "this database is newer than the program (it has "
    assert [command for command, done in said.items() if told not in done.out + done.err] == []


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.postgresql
def test_a_migration_lets_others_go_on_and_tries_again(older: None, database_url: str) -> None:
    pauses: list[float] = []
    before = lock_timeout()
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE booking IN SHARE UPDATE EXCLUSIVE MODE")

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                other.rollback()

        migrating.LOCK_WAIT = "20ms"
        try:
            assert migrating.migrate(pause)
        finally:
            migrating.LOCK_WAIT = "2s"
    assert len(pauses) == 2
    assert schema.pending() == []
    assert lock_timeout() == before, "only migrations give up so soon"


@pytest.mark.postgresql
def test_tables_in_use_all_the_time_are_told(older: None, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "LOCK_WAIT", "10ms")
    monkeypatch.setattr(migrating, "TRIES", 3)
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE booking IN SHARE UPDATE EXCLUSIVE MODE")
        with pytest.raises(CommandFailed, match="in use by a long transaction"):
            migrating.migrate(lambda _seconds: None)
    assert schema.pending()


@pytest.fixture
def bytes_only(database_url: str) -> Iterator[str]:
    """A database such as PostgreSQL makes where the machine had no locale when it was set up; its address."""
    name = "prepazka_of_bytes"
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        admin.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        yield f"{database_url.rpartition('/')[0]}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgresql
@pytest.mark.parametrize("command", ["migrate", "check", "serve --port 0"])
def test_a_database_that_cannot_hold_every_letter_is_refused(
    bytes_only: str, bare: dict[str, str], command: str
) -> None:
    named = {"DATABASE_URL": bytes_only, "PREPAZKA_SECRET_KEY": "a key of some fifty random letters, for a test " * 2}
    ours = [sys.executable, "-m", "prepazka", *command.split()]
    done = subprocess.run(ours, env={**bare, **named}, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert "its encoding is SQL_ASCII, which cannot hold every letter" in told
    assert "createdb --encoding=UTF8" in told
    assert "Traceback" not in told
    with psycopg.connect(bytes_only) as made:
        assert made.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
