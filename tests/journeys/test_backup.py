"""Backups: made while the office works, complete or absent, and restored to exactly their content."""

import fcntl
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from django.db import connection

from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.forked import Forked
from tests.journeys.conftest import NOW, NUMBER

Prepazka = Callable[..., "subprocess.CompletedProcess[str]"]
ME = "+420777123456"


@pytest.fixture
def prepazka(office_id: int, database_url: str, tmp_path: Path, forked: Forked) -> Prepazka:
    """Run the program on the tests' database, or on that of `url`."""

    def run(*arguments: str, url: str = database_url) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"DATABASE_URL": url, "PREPAZKA_STATE": str(tmp_path / "state")}
        return subprocess.CompletedProcess(arguments, *forked.run(arguments, environment))

    return run


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute("CREATE DATABASE restored")
        yield database_url.rpartition("/")[0] + "/restored"
        server.execute("DROP DATABASE restored WITH (FORCE)")


def say(text: str, id_: str) -> None:
    receive([Inbound("test", id_, ME, NUMBER, text, NOW)], NOW)


def test_what_is_restored_is_what_was_backed_up(prepazka: Prepazka, empty: str, tmp_path: Path) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK", "1")
    copy = tmp_path / "copy"
    done = prepazka("backup", str(copy))
    assert (done.returncode, done.stderr) == (0, "")
    assert copy.stat().st_mode & 0o777 == 0o600, "names and numbers are for nobody else on the machine"
    restored = prepazka("restore", str(copy), url=empty)
    assert restored.returncode == 0, restored.stderr
    assert "offices: demo" in restored.stdout
    mine = prepazka("sms", "--from", ME, "--at", "2026-08-03T09:00", "MOJE", url=empty)
    assert models.Booking.objects.get().code in mine.stdout


def test_two_backups_to_one_name_are_one_and_the_other_is_told(prepazka: Prepazka, tmp_path: Path) -> None:
    copy, being_written = tmp_path / "noc.prepazka", tmp_path / ".noc.prepazka.part"
    with being_written.open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        first.write("half of a backup")
        first.flush()
        done = prepazka("backup", str(copy))
        told = f"prepazka: {copy}: is being written by another command; wait for its end, or choose another name\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
        assert (being_written.read_text("ascii"), copy.exists()) == ("half of a backup", False)
    assert prepazka("backup", str(copy)).returncode == 0, "the first was killed, and what it left counts no more"
    assert [path.name for path in tmp_path.glob("*noc*")] == ["noc.prepazka"]


def test_a_backup_is_made_while_messages_are_booked(
    prepazka: Prepazka, empty: str, tmp_path: Path, settings: Any
) -> None:
    """The copy is consistent: it has each answered message with its reply."""
    settings.LIMITS = {"sms_replies_an_hour": 1_000_000, "sms_replies_a_day": 1_000_000}
    stop = Event()
    booked: list[int] = []

    def work() -> None:
        while not stop.is_set():
            place = len(booked)
            day = NOW + timedelta(days=7 + place // 8 % 5)
            hour = 8 + place % 3
            # Never the same text again: more than a few would have no reply, by the loop guard.
            name = "".join(chr(65 + place // 26**power % 26) for power in range(3))
            say(f"OBJ ZOP {day.day}.{day.month}. {hour}:00 JANA {name}", str(place))
            booked.append(place)
        connection.close()

    working = Thread(target=work)
    working.start()
    try:
        done = prepazka("backup", str(tmp_path / "copy"))
    finally:
        stop.set()
        working.join()
    assert done.returncode == 0, done.stderr
    assert prepazka("restore", str(tmp_path / "copy"), url=empty).returncode == 0
    held = prepazka("person", ME, url=empty)
    assert held.returncode == 0
    unanswered = held.stdout.count('"outcome": "ignored"')  # by the guards: some of the names read like words
    assert held.stdout.count('"received_at"') - unanswered == held.stdout.count('"kind": "reply"')


@pytest.mark.postgresql
def test_a_database_that_is_not_there_is_not_told_to_lack_tables(prepazka: Prepazka, database_url: str) -> None:
    done = prepazka("dump-office", url=database_url.rpartition("/")[0] + "/nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("prepazka: the database: ")
    assert 'database "nowhere" does not exist; as PostgreSQL\'s administrator: CREATE DATABASE nowhere' in done.stderr


def test_messages_that_waited_to_be_sent_are_not_sent_again(prepazka: Prepazka, empty: str, tmp_path: Path) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK", "1")
    models.Outbound.objects.update(state="queued", due_at=NOW, expires_at=NOW + timedelta(hours=4))
    prepazka("backup", str(tmp_path / "copy"))
    assert "1 messages that waited" in prepazka("restore", str(tmp_path / "copy"), url=empty).stdout


def test_a_file_that_is_there_is_not_overwritten(prepazka: Prepazka, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("precious")
    assert prepazka("backup", str(copy)).returncode == 2
    assert copy.read_text() == "precious"


def test_a_backup_that_cannot_be_made_leaves_nothing(prepazka: Prepazka, tmp_path: Path) -> None:
    done = prepazka("backup", str(tmp_path / "nowhere" / "copy"))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.glob("**/*copy*")) == []


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + b"\xff" * 200])
def test_a_file_that_is_no_backup_is_refused(prepazka: Prepazka, empty: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy").write_bytes(content)
    done = prepazka("restore", str(tmp_path / "copy"), url=empty)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_database_that_is_served_is_not_restored_over(prepazka: Prepazka, tmp_path: Path) -> None:
    prepazka("backup", str(tmp_path / "copy"))
    models.Gateway.objects.create(name="modem", made_at=NOW, held_by="here/1/1", held_until=NOW + timedelta(days=9999))
    done = prepazka("restore", str(tmp_path / "copy"))
    assert (done.returncode, "end `prepazka serve`" in done.stderr) == (1, True)


def test_what_was_there_before_is_kept_or_refused(prepazka: Prepazka, database_url: str, tmp_path: Path) -> None:
    prepazka("backup", str(tmp_path / "copy"))
    say("OBJ ZOP 10.8. 14:00 NOVAK", "1")
    done = prepazka("restore", str(tmp_path / "copy"))
    if connection.vendor == "postgresql":
        assert (done.returncode, "not empty" in done.stderr) == (1, True)
        assert models.Booking.objects.count() == 1
        return
    assert models.Booking.objects.count() == 0
    (kept,) = Path(database_url.removeprefix("sqlite:///")).parent.glob("*.before-*")
    with closing(sqlite3.connect(kept)) as before:
        assert before.execute("SELECT COUNT(*) FROM booking").fetchone() == (1,)
