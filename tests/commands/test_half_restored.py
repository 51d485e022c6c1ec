"""A restore into PostgreSQL that was killed half-way: it is told, nobody is served, and it can be gone on with."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which

import psycopg
import pytest
from django.test import Client

from prepazka.store import restore_mark
from tests.commands.conftest import Done, Prepazka

TOLD = "tables: a restore was not finished → run the same prepazka restore again"
# What may have gone out since the backup, and must not go out again.
WAITING = """
    INSERT INTO outbound (office_id, gateway, kind, sender, recipient, text, septets, parts, state, made_at, due_at,
                          expires_at, attempts)
    SELECT id, 'modem', 'notice', '+420739000321', '+420603222111', 'Uvolnilo se', 11, 1, 'queued', now(), now(),
           now() + interval '9 years', 0
    FROM office
"""

pytestmark = pytest.mark.postgresql


@pytest.fixture
def databases(database_url: str) -> Iterator[tuple[str, str]]:
    """The addresses of the database that is backed up, and of an empty one."""
    names = tuple(f"prepazka_{name}_{os.getpid()}" for name in ("zalohovana", "obnovena"))
    with psycopg.connect(database_url, autocommit=True) as admin:
        for name in names:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        first, second = (f"{database_url.rpartition('/')[0]}/{name}" for name in names)
        yield first, second
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def copy(databases: tuple[str, str], program: Prepazka, tmp_path: Path) -> Path:
    """A backup of the demo office in which a message waits."""
    file = tmp_path / "noc.prepazka"
    assert program("init", "--demo", DATABASE_URL=databases[0]).code == 0
    with psycopg.connect(databases[0], autocommit=True) as there:
        there.execute(WAITING)
    assert program("backup", str(file), DATABASE_URL=databases[0]).code == 0
    return file


@pytest.fixture
def run(databases: tuple[str, str], program: Prepazka) -> Callable[..., Done]:
    """Run a command on the database that is restored."""
    return lambda *arguments, **environment: program(*arguments, DATABASE_URL=databases[1], **environment)


def killing(directory: Path, *, behind: bool) -> str:
    """A PATH on which pg_restore ends whoever called it: before it has done anything, or behind it."""
    tool = directory / "bin" / "pg_restore"
    tool.parent.mkdir()
    real = f'{which("pg_restore")} "$@"\n' if behind else ""
    tool.write_text(f"#!/bin/sh\n{real}kill -9 $PPID\n")
    tool.chmod(0o700)
    return f"{tool.parent}:{os.environ['PATH']}"


def states(address: str) -> list[tuple[str]]:
    with psycopg.connect(address) as there:
        return there.execute("SELECT state FROM outbound WHERE recipient = '+420603222111'").fetchall()


@pytest.mark.parametrize("behind", [True, False])
def test_a_killed_restore_is_told_nobody_is_served_and_it_goes_on(
    run: Callable[..., Done], databases: tuple[str, str], copy: Path, tmp_path: Path, *, behind: bool
) -> None:
    assert run("restore", str(copy), PATH=killing(tmp_path, behind=behind)).code != 0
    assert TOLD in run("check", "--quiet").out
    refused = run("check", "--start", "--prepare")  # what `serve` begins with
    assert (refused.code, TOLD in refused.out + refused.err) == (1, True)
    if not behind:
        made = run("migrate")  # or the tables of the backup would have no place any more
        assert (made.code, "run the same prepazka restore again" in made.err) == (1, True)
    done = run("restore", str(copy))
    assert (done.code, "1 messages that waited" in done.out) == (0, True), done.err
    assert ("are there already" in done.out) is behind
    assert states(databases[1]) == [("expired",)]
    assert TOLD not in run("check", "--quiet").out
    assert run("backup", str(tmp_path / "dalsi.prepazka")).code == 0
    again = run("restore", str(copy))
    assert (again.code, "the database is not empty" in again.err) == (1, True)


def test_a_killed_restore_is_not_gone_on_with_by_another_backup(
    run: Callable[..., Done], databases: tuple[str, str], copy: Path, program: Prepazka, tmp_path: Path
) -> None:
    other = tmp_path / "vcera.prepazka"
    assert program("backup", str(other), DATABASE_URL=databases[0]).code == 0
    run("restore", str(copy), PATH=killing(tmp_path, behind=True))
    done = run("restore", str(other))
    assert (done.code, "another backup was not finished" in done.err) == (1, True)
    assert states(databases[1]) == [("queued",)]
    done = run("restored")  # which does the rest of any backup
    assert (done.code, states(databases[1])) == (0, [("expired",)])
    assert TOLD not in run("check", "--quiet").out


def test_what_is_no_backup_leaves_an_empty_database(
    run: Callable[..., Done], databases: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "dopis.txt").write_text("Vážená paní starostko", "utf-8")
    (tmp_path / "noc.prepazka").write_bytes(b"SQLite format 3\0" + bytes(700))
    for name, told in (
        ("dopis.txt", "prepazka: pg_restore: input file"),
        ("noc.prepazka", f"prepazka: {tmp_path}/noc.prepazka: is a backup of SQLite; name an empty one of that kind"),
    ):
        done = run("restore", str(tmp_path / name))
        assert (done.code, done.err.count("\n"), done.err.startswith(told)) == (1, 1, True), done.err
    with psycopg.connect(databases[1]) as there:
        assert there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]


def test_a_node_that_was_not_ended_is_noticed(run: Callable[..., Done], databases: tuple[str, str], copy: Path) -> None:
    with psycopg.connect(databases[1]):
        done = run("restore", str(copy))
        assert (done.code, "end `prepazka serve` on every node" in done.err) == (1, True)
    assert run("restore", str(copy)).code == 0


def test_a_process_that_serves_is_not_ready(transactional_db: None) -> None:
    restore_mark.put("f00d")
    try:
        answer = Client().get("/readyz")
    finally:
        restore_mark.remove()
    assert (answer.status_code, answer.json()["check"]) == (503, "restore")
    assert answer.json()["detail"] == "a restore was not finished; run the same prepazka restore again"
