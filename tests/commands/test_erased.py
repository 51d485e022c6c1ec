"""Erased means erased: not a byte in the database's files, and no backup brings anybody back."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from prepazka.process.copies import drop_old
from prepazka.store import marks
from tests.commands.conftest import Prepazka
from tests.commands.test_program import served

NUMBER, NAME, WORDS = "+420731555808", "KRALIKOVSKA", "HROZNE SPECHAM"
TRACES = [text.encode() for text in (NUMBER, NUMBER[4:], NAME, "SPECHAM")]
AT = "2026-08-03T09:00"


class Machine:
    """A machine where somebody booked and wrote, with a connection that keeps SQLite's log from being put away."""

    def __init__(self, program: Prepazka, state: Path, clock: Path) -> None:
        self.state, self.database, self._clock, self._program = state, state / "prepazka.sqlite3", clock, program
        self.at("2026-08-03T09:05+02:00")

    def at(self, moment: str) -> None:
        """Set the clock of the next commands."""
        self._clock.write_text(moment)

    def run(self, *arguments: str) -> str:
        done = self._program(*arguments, PREPAZKA_CLOCK=str(self._clock))
        assert done.code == 0, done.err
        return done.out

    def sms(self, text: str) -> None:
        self.run("sms", "--from", NUMBER, "--at", AT, text)

    def traces(self, *but: str) -> dict[str, list[bytes]]:
        """Return what is left of the person in each file of the state directory."""
        files = [path for path in self.state.rglob("*") if path.is_file() and path.name not in but]
        found = {path.name: [trace for trace in TRACES if trace in path.read_bytes()] for path in files}
        return {name: traces for name, traces in found.items() if traces}

    def booking(self) -> tuple[str, str, str]:
        with closing(sqlite3.connect(self.database)) as database:
            row: tuple[str, str, str] = database.execute("SELECT name, sender, state FROM booking").fetchone()
            return row


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


@pytest.fixture
def machine(program: Prepazka, made: None, bare: dict[str, str], tmp_path: Path) -> Iterator[Machine]:
    state = Path(bare["PREPAZKA_STATE"])
    with closing(sqlite3.connect(state / "prepazka.sqlite3")) as keeps_the_log:
        keeps_the_log.execute("SELECT COUNT(*) FROM office").fetchone()
        found = Machine(program, state, tmp_path / "clock")
        found.sms(f"OBJ ZOP 10.8. 14:00 {NAME}")
        found.sms(WORDS)
        yield found


def test_no_byte_is_left_in_the_database_and_its_log(machine: Machine) -> None:
    assert "prepazka.sqlite3-wal" in machine.traces()  # what the attacker reads before
    machine.run("person", NUMBER, "--erase", "--cancel")
    assert machine.traces() == {}
    assert machine.booking() == ("", "", "cancelled")


def test_the_schedule_leaves_no_byte_either(machine: Machine) -> None:
    machine.at("2026-09-12T04:00+02:00")
    machine.run("erase")
    assert machine.traces() == {}
    assert machine.booking() == ("", "", "booked")


def test_a_reader_of_an_old_state_delays_the_log_and_does_not_stop_erasing(machine: Machine) -> None:
    """The log cannot be emptied while somebody reads; the next erasing empties it."""
    with closing(sqlite3.connect(machine.database, isolation_level=None)) as reader:
        reader.execute("BEGIN").execute("SELECT name FROM booking").fetchone()
        machine.run("person", NUMBER, "--erase", "--cancel")
        assert machine.booking() == ("", "", "cancelled")
    machine.run("erase")
    assert machine.traces() == {}


def test_a_backup_made_before_gives_nobody_back(machine: Machine, tmp_path: Path) -> None:
    copy = tmp_path / "monday.copy"
    machine.run("backup", str(copy))
    assert NAME.encode() in copy.read_bytes()
    machine.run("person", NUMBER, "--erase", "--cancel")
    told = machine.run("restore", str(copy))
    assert "erased again, as on the list of erasures: 5 rows" in told
    assert machine.booking() == ("", "", "cancelled")
    kept = [path.name for path in machine.state.glob("*.before-*")]
    assert machine.traces(*kept) == {}
    # And once more, for the list was not lost with the database it was in.
    assert ": 5 rows" in machine.run("restore", str(copy))
    assert machine.booking() == ("", "", "cancelled")


def test_a_copy_put_back_by_hand_is_cleaned_before_anybody_is_served(
    machine: Machine, bare: dict[str, str], tmp_path: Path
) -> None:
    copy = tmp_path / "monday.copy"
    machine.run("backup", str(copy))
    machine.run("person", NUMBER, "--erase", "--cancel")
    with closing(sqlite3.connect(copy)) as old, closing(sqlite3.connect(machine.database)) as new:
        old.backup(new)
    assert machine.booking() == (NAME, NUMBER, "booked")
    with served({**bare, "PREPAZKA_CLOCK": str(tmp_path / "clock")}):
        assert machine.booking() == ("", "", "cancelled")


def test_an_upgrade_leaves_no_secret_and_no_number_of_an_older_version(
    program: Prepazka, bare: dict[str, str], tmp_path: Path
) -> None:
    to = "from tests.older_tables import migrate_to; migrate_to([('store', '0017_freed_offer')])"
    make = [sys.executable, "-c", f"import django; django.setup(); {to}"]
    environment = {**bare, "DJANGO_SETTINGS_MODULE": "prepazka.settings"}
    subprocess.run(make, env=environment, check=True, capture_output=True)
    older = Machine(program, Path(bare["PREPAZKA_STATE"]), tmp_path / "clock")
    with closing(sqlite3.connect(older.database)) as keeps_the_log:
        keeps_the_log.execute("SELECT COUNT(*) FROM office").fetchone()
        with closing(sqlite3.connect(older.database)) as old, old:
            old.execute(
                "INSERT INTO gateway (name, kind, settings, made_at, held_by, told_level, told_what, told_mend) "
                "VALUES ('smsc', 'smpp', '{\"password\": \"KRALIKOVSKA\"}', '2026-01-01', '', '', '', '')"
            )
            old.execute(
                "INSERT INTO audit (at, who, what, details) VALUES ('2026-01-01', 'eva', 'messages looked up', ?)",
                [f'{{"number": "{NUMBER}"}}'],
            )
        assert {"prepazka.sqlite3-wal"} <= older.traces().keys()
        assert "store.0021_register" in older.run("migrate")
        assert older.traces() == {}


def test_a_disk_that_is_lost_takes_the_list_not_along(machine: Machine, tmp_path: Path) -> None:
    copy, listed = tmp_path / "monday.copy", tmp_path / "elsewhere.jsonl"
    machine.run("backup", str(copy))
    machine.run("person", NUMBER, "--erase", "--cancel")
    shutil.copy(machine.state / "erasures.jsonl", listed)
    assert not any(trace in listed.read_bytes() for trace in TRACES)
    for path in machine.state.glob("prepazka.sqlite3*"):
        path.unlink()
    (machine.state / "erasures.jsonl").unlink()
    machine.run("restore", str(copy), "--erasures", str(listed))
    assert machine.booking() == ("", "", "cancelled")
    assert machine.traces() == {}
    assert (machine.state / "erasures.jsonl").read_text() == listed.read_text()


def test_a_copy_in_a_directory_is_named_by_its_time_and_old_ones_go(machine: Machine, tmp_path: Path) -> None:
    nightly = tmp_path / "nightly"
    nightly.mkdir()
    for name in ("prepazka-backup-20260628T230000", "prepazka-backup-20260630T230000", "of-somebody-else"):
        (nightly / name).write_bytes(b"")
    machine.run("backup", str(nightly))
    (made,) = names(nightly) - {"prepazka-backup-20260630T230000", "of-somebody-else"}
    assert made.startswith("prepazka-backup-20260803T07")
    assert (nightly / made).stat().st_mode & 0o777 == 0o600


def test_what_a_restore_replaced_is_not_kept_longer_than_backups(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_DAYS = 3
    for moment in ("20270104T120001", "20270104T115959", "2027"):
        (tmp_path / f"urad.sqlite3.before-{moment}").write_bytes(b"")
    drop_old(tmp_path, "urad.sqlite3.before-", datetime(2027, 1, 7, 12, tzinfo=UTC))
    assert names(tmp_path) == {"urad.sqlite3.before-2027", "urad.sqlite3.before-20270104T120001"}


def test_what_a_killed_backup_left_is_kept_no_longer_than_backups(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_DAYS = 3
    for moment in ("20270104T120001", "20270104T115959"):
        for ending in (".part", ".part-journal"):
            (tmp_path / f".prepazka-backup-{moment}{ending}").write_bytes(b"")
    (tmp_path / ".prepazka-backup-notes").write_bytes(b"")
    drop_old(tmp_path, "prepazka-backup-", datetime(2027, 1, 7, 12, tzinfo=UTC))
    assert names(tmp_path) == {
        ".prepazka-backup-20270104T120001.part", ".prepazka-backup-20270104T120001.part-journal",
        ".prepazka-backup-notes",
    }  # fmt: skip


def test_a_backup_made_elsewhere_is_noted_only_where_one_can_be(prepazka: Prepazka, tmp_path: Path, demo: int) -> None:
    (tmp_path / "soubor").touch()
    for place, told in (("soubor", "is no directory"), ("", "it is empty")):
        given = str(tmp_path / place) if place else ""
        done = prepazka("backup", "--made", given)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
    assert marks.moment(marks.BACKUP) is None
    elsewhere = prepazka("backup", "--made", str(tmp_path / "nikde"))
    assert (elsewhere.code, "there is no such directory on this machine" in elsewhere.err) == (0, True)
    done = prepazka("backup", "--made", str(tmp_path))
    assert (done.code, done.err) == (0, "")


def test_a_backup_to_a_variable_that_is_not_set_is_made_nowhere(
    prepazka: Prepazka, tmp_path: Path, demo: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = prepazka("backup", "")
    assert (done.code, names(tmp_path)) == (2, set())
    assert "argument FILE: names no place: it is empty" in done.err
