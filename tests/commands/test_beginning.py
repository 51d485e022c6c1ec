"""The first steps on an empty machine: none of them needs a later one, and a refused command leaves nothing behind."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import MakeTables, Prepazka

OFFICE = '[office]\nslug = "lhota"\nname = "Obec Lhota"\nnumbers = ["+420739000044"]\n'


def url(directory: Path) -> str:
    return f"sqlite:///{directory}/urad.sqlite3"


def left(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*"))


# --- before there is an office -----------------------------------------------------------------


def test_an_operator_and_a_gateway_can_come_before_the_first_office(
    program: Prepazka, tmp_path: Path, make_tables: MakeTables
) -> None:
    own = {"DATABASE_URL": url(tmp_path)}
    make_tables(tmp_path / "urad.sqlite3")
    operator = program("user", "add", "dvorak", "--operator", **own)
    assert (operator.code, operator.err, operator.out.startswith("password of dvorak: ")) == (0, "", True)
    token = program("gateway", "token", "kanal", **own)
    assert (token.code, token.err) == (0, "token: messages; for no number: bind one to this gateway\n")
    listed = program("gateway", "list", **own)
    assert (listed.code, "kanal" in listed.out) == (0, True)
    clerk = program("user", "add", "novak", "--role", "clerk", **own)
    assert (clerk.code, "there is no office yet; run: prepazka load-office FILE" in clerk.err) == (1, True)
    assert "novak" not in program("user", "list", **own).out


def test_the_nightly_work_and_what_a_person_may_ask_need_no_office(
    program: Prepazka, tmp_path: Path, make_tables: MakeTables
) -> None:
    """The timers run from the first night on, and a provider whose offices moved away still holds a register."""
    own = {"DATABASE_URL": url(tmp_path)}
    make_tables(tmp_path / "urad.sqlite3")
    copies = tmp_path / "copies"
    copies.mkdir()
    made = program("backup", str(copies), **own)
    assert (made.code, made.err, len(list(copies.iterdir()))) == (0, "", 1)
    erased = program("erase", **own)
    assert (erased.code, erased.err, "gateways (30 days): " in erased.out) == (0, "", True)
    for scope in ((), ("--all",)):
        held = program("person", "+420605987651", *scope, **own)
        assert (held.code, held.err, json.loads(held.out)["bookings"]) == (0, "", [])
        gone = program("person", "+420605987651", *scope, "--erase", **own)
        assert (gone.code, gone.out, gone.err) == (0, "erased from 0 rows\n", "")


@pytest.mark.parametrize("mark", [";", ","])
def test_migrate_says_what_got_the_new_secret_key(
    program: Prepazka, tmp_path: Path, make_tables: MakeTables, mark: str
) -> None:
    before, today = (
        f"eine alte Losung{mark} die lang genug ist; " * 2,
        "nová, dost dlouhá a nikomu neznámá fráze " * 2,
    )
    own = {"DATABASE_URL": url(tmp_path)}
    make_tables(tmp_path / "urad.sqlite3")
    account = ("host=127.0.0.1", "port=2777", "system_id=lhota", "password=nikomu")
    program("gateway", "set", "linka", "smpp", *account, **own, PREPAZKA_SECRET_KEY=before)
    changed = own | {"PREPAZKA_SECRET_KEY": today, "PREPAZKA_SECRET_KEY_BEFORE": before}
    up_to_date = "the tables are up to date\n"
    done = program("migrate", **changed)
    assert (done.err, done.out) == ("", f"{up_to_date}encrypted with the key of today: gateways 1, second steps 0\n")
    assert program("migrate", **changed).out == up_to_date


def test_without_tables_the_command_to_run_is_named(program: Prepazka, tmp_path: Path) -> None:
    done = program("user", "add", "dvorak", "--operator", DATABASE_URL=url(tmp_path))
    assert (done.code, done.out) == (1, "")
    assert "run: prepazka init, or prepazka migrate" in done.err


def test_init_makes_the_tables_of_a_named_database_and_no_office(program: Prepazka, tmp_path: Path) -> None:
    own = {"DATABASE_URL": url(tmp_path)}
    done = program("init", **own)
    assert (done.code, done.err) == (0, "")
    assert "has no office yet; run: prepazka serve" in done.out
    assert program("offices", **own).out == ""
    assert program("init", "--demo", **own).out.startswith("created the demo office demo\npassword of ")


def test_the_first_operators_link_is_printed_until_there_is_one(
    program: Prepazka, tmp_path: Path, make_tables: MakeTables
) -> None:
    own = {"DATABASE_URL": url(tmp_path), "PREPAZKA_HOSTS": "objednani.vlkov.example", "PREPAZKA_HTTPS": "true"}
    make_tables(tmp_path / "urad.sqlite3")
    first, second = (program("user", "first-link", **own).out for _ in range(2))
    assert first.startswith("https://objednani.vlkov.example/account/first/")
    assert first != second
    program("user", "add", "dvorak", "--operator", **own)
    refused = program("user", "first-link", **own)
    assert (refused.code, refused.out, "there is an operator already" in refused.err) == (2, "", True)


# --- a refused command -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"PREPAZKA_HTTPS": "ture"},
        {"DATABASE_URL": "sqlite:////none/urad.sqlite3"},
    ],
    ids=["a setting", "no directory"],
)
def test_a_first_start_that_is_refused_leaves_nothing_behind(
    program: Prepazka, tmp_path: Path, wrong: dict[str, str]
) -> None:
    done = program("serve", "--port", "0", **{"DATABASE_URL": url(tmp_path)} | wrong)
    assert (done.code, done.out) == (1, "")
    assert left(tmp_path) == []


def test_what_was_there_before_a_refused_command_stays(
    program: Prepazka, tmp_path: Path, make_tables: MakeTables
) -> None:
    own = {"DATABASE_URL": url(tmp_path)}
    (tmp_path / "urad.toml").write_text(OFFICE, "utf-8")
    make_tables(tmp_path / "urad.sqlite3")
    assert program("init", "--office", str(tmp_path / "urad.toml"), **own).code == 0
    before = [name for name in left(tmp_path) if not name.endswith(("-wal", "-shm"))]
    key = (tmp_path / "state/secret.key").read_bytes()
    assert program("init", "--office", str(tmp_path / "urad.toml"), **own).code == 2
    assert [name for name in left(tmp_path) if not name.endswith(("-wal", "-shm"))] == before
    assert (tmp_path / "state/secret.key").read_bytes() == key


# --- tables of another version ------------------------------------------------------------------


def applied(directory: Path, statement: str, *values: str) -> None:
    """Change what the database says was applied."""
    with closing(sqlite3.connect(directory / "urad.sqlite3")) as opened, opened:
        opened.execute(statement, values)


def test_older_and_newer_tables_are_told_apart(program: Prepazka, tmp_path: Path, make_tables: MakeTables) -> None:
    own = {"DATABASE_URL": url(tmp_path)}
    make_tables(tmp_path / "urad.sqlite3")
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('store', ?, '2031-01-01')"
    applied(tmp_path, newer, "0999_of_a_later_version")
    checked = program("check", "--start", **own)
    assert checked.code == 0
    assert "this database is newer than the program (it has store.0999_of" in checked.out
    migrated = program("migrate", **own)
    assert (migrated.code, "this database is newer than the program" in migrated.err) == (0, True)
    applied(tmp_path, "DELETE FROM django_migrations WHERE app = 'store' AND name > '0002'")
    checked = program("check", "--start", **own)
    assert (checked.code, "run: prepazka migrate" in checked.out) == (1, True)
    assert "newer than" not in checked.out


def test_a_column_that_a_later_version_took_away_is_explained(
    program: Prepazka, tmp_path: Path, make_tables: MakeTables
) -> None:
    own = {"DATABASE_URL": url(tmp_path)}
    make_tables(tmp_path / "urad.sqlite3")
    assert program("init", "--demo", **own).code == 0
    applied(tmp_path, "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '0999_later', '2031-01-01')")
    applied(tmp_path, "ALTER TABLE office RENAME COLUMN slug TO label")
    done = program("offices", **own)
    assert (done.code, done.out) == (1, "")
    assert "this database is newer than the program (it has store.0999_later)" in done.err
