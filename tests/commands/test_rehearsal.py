"""A rehearsal as docs/operations.md describes it: on a restored backup that can reach nobody."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from prepazka.commands.serving_mark import restore_mark
from tests.commands.conftest import Prepazka

ACCOUNT = ("host=127.0.0.1", "port=2781", "system_id=lhota", "password=velmi-tajne-heslo")
REAL = "gateways that reach people → unset PREPAZKA_CLOCK; or rehearse on a copy: prepazka restore --rehearsal FILE"


@pytest.fixture
def night(program: Prepazka, tmp_path: Path) -> Path:
    """A backup of the demo office, whose number a provider and a program with a token serve."""
    real = {"DATABASE_URL": f"sqlite:///{tmp_path}/urad.sqlite3"}
    assert program("init", "--demo", **real).code == 0
    assert program("gateway", "set", "linka", "smpp", *ACCOUNT, **real).code == 0
    token = program("gateway", "token", "kanal", **real)
    assert token.code == 0
    with closing(sqlite3.connect(tmp_path / "urad.sqlite3")) as there, there:
        there.execute("UPDATE number SET gateway_id = (SELECT id FROM gateway WHERE name = 'linka')")
    assert program("backup", str(tmp_path / "noc.prepazka"), **real).code == 0
    return tmp_path / "noc.prepazka"


def test_a_restored_backup_can_be_rehearsed_and_holds_nothing_that_reaches_anybody(
    program: Prepazka, night: Path, tmp_path: Path
) -> None:
    monday = tmp_path / "monday"
    monday.write_text("2026-08-10T07:55:00+02:00\n")
    copied = tmp_path / "zkouska" / "urad.sqlite3"
    own = {"DATABASE_URL": f"sqlite:///{copied}", "PREPAZKA_STATE": str(tmp_path / "zkouska")}
    done = program("restore", "--rehearsal", str(night), **own)
    assert (done.code, done.out.splitlines()[-1]) == (
        0,
        "for a rehearsal, these gateways reach nobody any more: kanal, linka",
    )
    with closing(sqlite3.connect(copied)) as there:
        assert there.execute("SELECT DISTINCT kind, settings, token_sha256 FROM gateway").fetchall() == [
            ("http", "{}", None)
        ]
        assert there.execute("SELECT gateway.name FROM number JOIN gateway ON gateway_id = gateway.id").fetchall() == [
            ("linka",)
        ]
    checked = program("check", "--start", "--quiet", **own, PREPAZKA_CLOCK=str(monday))
    assert (checked.code, "warning clock: shows 2026-08-10 05:5" in checked.out) == (0, True)
    replied = program("sms", "--from", "+420602111873", "OBJ ZOP 10.8. 9:00 DVORSKA", **own, PREPAZKA_CLOCK=str(monday))
    assert "pon 10.8. 9:00, DVORSKA" in replied.out


def test_the_real_database_is_neither_rehearsed_nor_replaced(program: Prepazka, night: Path, tmp_path: Path) -> None:
    monday = tmp_path / "monday"
    monday.write_text("2026-08-10T07:55:00+02:00\n")
    real = {"DATABASE_URL": f"sqlite:///{tmp_path}/urad.sqlite3"}
    checked = program("check", "--start", "--quiet", **real, PREPAZKA_CLOCK=str(monday))
    assert (checked.code, REAL in checked.out) == (1, True)
    done = program("restore", "--rehearsal", str(night), **real)
    assert (done.code, "is there already; a rehearsal has a database of its own: DATABASE_URL" in done.err) == (2, True)
    assert "smpp" in program("gateway", "list", **real).out


def test_one_that_was_ended_half_way_is_gone_on_with(program: Prepazka, night: Path, tmp_path: Path) -> None:
    copied = tmp_path / "zkouska" / "urad.sqlite3"
    own = {"DATABASE_URL": f"sqlite:///{copied}", "PREPAZKA_STATE": str(tmp_path / "zkouska")}
    copied.parent.mkdir()
    with closing(sqlite3.connect(night)) as source, closing(sqlite3.connect(copied)) as half:
        source.backup(half)
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(connection.settings_dict, "NAME", str(copied))
        restore_mark().touch()
    assert "run the same prepazka restore again" in program("check", "--quiet", **own).out
    done = program("restore", "--rehearsal", str(night), **own)
    assert (done.code, "these gateways reach nobody any more: kanal, linka" in done.out) == (0, True)
