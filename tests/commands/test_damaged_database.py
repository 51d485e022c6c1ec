"""A damaged SQLite database is replaced by its backup, and a restore that was killed half-way is told."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from prepazka.commands import CommandFailed, backup
from tests.forked import Forked

Prepazka = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def prepazka(tmp_path: Path, forked: Forked) -> Prepazka:
    """Run the program on the database of `url`."""

    def run(*arguments: str, url: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"DATABASE_URL": url, "PREPAZKA_STATE": str(tmp_path / "state")}
        return subprocess.CompletedProcess(arguments, *forked.run(arguments, environment))

    return run


# What is left of a database after a bad disk, or a copy that ended too soon.
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda whole: whole[: len(whole) // 3],
    "other bytes": lambda whole: b"\x07" * 7000,
    "its first page": lambda whole: whole[:100] + b"\xa5" * 3996 + whole[4096:],
    "another page": lambda whole: whole[: 9 * 4096] + b"\xa5" * 4096 + whole[10 * 4096 :],
    "nothing": lambda whole: b"",
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_database_is_replaced_and_kept_as_it_was(prepazka: Prepazka, tmp_path: Path, how: str) -> None:
    url, own, copy = f"sqlite:///{tmp_path / 'urad.sqlite3'}", tmp_path / "urad.sqlite3", tmp_path / "noc.prepazka"
    assert prepazka("init", "--demo", url=url).returncode == 0
    assert prepazka("backup", str(copy), url=url).returncode == 0
    damaged = DAMAGE[how](own.read_bytes())
    own.write_bytes(damaged)
    told = prepazka("offices", url=url)
    assert how in {"another page", "nothing"} or "prepazka restore FILE, with the last backup" in told.stderr
    done = prepazka("restore", str(copy), url=url)
    assert (done.returncode, "restored; offices: demo" in done.stdout) == (0, True), done.stderr
    assert prepazka("offices", url=url).stdout.startswith("demo: ")
    (kept,) = tmp_path.glob("urad.sqlite3.before-*")
    assert f"what was there before is in {kept}" in done.stdout
    assert how in {"another page", "nothing"} or kept.read_bytes() == damaged  # those can be copied
    assert {kept.stat().st_mode & 0o777, own.stat().st_mode & 0o777} == {0o600}


def test_a_restore_into_a_new_place_keeps_nothing_of_what_was_not_there(prepazka: Prepazka, tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'urad.sqlite3'}", tmp_path / "noc.prepazka"
    assert prepazka("init", "--demo", url=url).returncode == 0
    assert prepazka("backup", str(copy), url=url).returncode == 0
    drill = tmp_path / "zkouska"
    done = prepazka("restore", str(copy), url=f"sqlite:///{drill / 'urad.sqlite3'}")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "restored; offices: demo")
    assert [file.name for file in drill.iterdir() if "before" in file.name] == []


def test_a_backup_of_postgresql_is_told_apart_from_no_backup(prepazka: Prepazka, tmp_path: Path) -> None:
    copy = tmp_path / "noc.prepazka"
    copy.write_bytes(b"PGDMP\x01\x0e\x00" + bytes(700))
    done = prepazka("restore", str(copy), url=f"sqlite:///{tmp_path / 'urad.sqlite3'}")
    assert (done.returncode, f"{copy}: is a backup of PostgreSQL; name an empty one of that kind" in done.stderr) == (
        1,
        True,
    )
    assert not (tmp_path / "urad.sqlite3").exists()


def test_no_backup_of_a_damaged_database_is_made_and_its_fix_told(prepazka: Prepazka, tmp_path: Path) -> None:
    url, own, copy = f"sqlite:///{tmp_path / 'urad.sqlite3'}", tmp_path / "urad.sqlite3", tmp_path / "noc.prepazka"
    assert prepazka("init", "--demo", url=url).returncode == 0
    own.write_bytes(DAMAGE["another page"](own.read_bytes()))
    done = prepazka("backup", str(copy), url=url)
    assert (done.returncode, copy.exists()) == (1, False)
    assert "restore FILE, with the last backup" in done.stderr


def test_a_restore_that_was_killed_half_way_is_told_and_nobody_is_served(prepazka: Prepazka, tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'urad.sqlite3'}", tmp_path / "noc.prepazka"
    assert prepazka("init", "--demo", url=url).returncode == 0
    assert prepazka("backup", str(copy), url=url).returncode == 0
    (tmp_path / "urad.sqlite3.restoring").touch()  # as a killed one leaves it
    told = "tables: a restore was not finished → run the same prepazka restore again"
    assert told in prepazka("check", "--quiet", url=url).stdout
    refused = prepazka("check", "--start", "--prepare", url=url)  # what `serve` begins with
    assert (refused.returncode, told in refused.stdout + refused.stderr) == (1, True)
    assert prepazka("restore", str(copy), url=url).returncode == 0
    assert not (tmp_path / "urad.sqlite3.restoring").exists()
    assert told not in prepazka("check", "--quiet", url=url).stdout


def test_the_mark_of_a_restore_stands_until_all_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, mark = [], tmp_path / "urad.sqlite3.restoring"
    monkeypatch.setattr(backup, "_database_path", lambda: tmp_path / "urad.sqlite3")
    monkeypatch.setattr(backup, "restore_mark", lambda: mark)
    monkeypatch.setattr(backup, "_check_backup", lambda _: None)
    monkeypatch.setattr(
        backup, "_copy_database", lambda *_: seen.append((tmp_path / "urad.sqlite3.restoring").exists())
    )
    backup._restore_sqlite(tmp_path / "noc.prepazka", damaged=False)
    assert seen == [True]
    assert mark.exists()


@pytest.mark.parametrize("said", ["database or disk is full", "disk I/O error"])
def test_a_backup_that_has_no_room_says_where_to_make_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def copy(*_: object) -> None:
        raise sqlite3.OperationalError(said)

    monkeypatch.setattr(backup, "_copy_pages", copy)
    with pytest.raises(CommandFailed, match=f"{said}; make room on the disk of /zalohy: df -h"):
        backup._copy_database(tmp_path / "urad.sqlite3", Path("/zalohy/noc.prepazka.part"))
