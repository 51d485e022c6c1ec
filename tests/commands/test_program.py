"""The program itself, on a machine without settings or data."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from prepazka.core.rate_limits import LIMITS
from tests.commands.conftest import MakeTables, Prepazka
from tests.waiting import until

SMS = ("sms", "--from", "+420777123456", "--at", "2026-08-03T09:00", "OBJ ZOP 10.8. 14:00 NOVAK")


def test_the_first_message_makes_the_demo_office(started: Prepazka, tmp_path: Path) -> None:
    done = started(*SMS)
    assert done.err == f"prepazka: made {tmp_path}/state/prepazka.sqlite3 with the demo office\n"
    assert (done.code, done.out[:10]) == (0, "Objednano:")


@pytest.mark.usefixtures("made")
def test_a_message_piped_in_is_answered_on_a_pipe(started: Prepazka) -> None:
    done = started("replay", "-", stdin='{"from": "+420777123456", "text": "POMOC"}\n', PYTHONIOENCODING="ascii")
    assert (done.code, '"outcome": "help"' in done.out) == (0, True)


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("encoding", ["ascii", "iso8859-2", "cp1252"])
def test_a_terminal_that_lacks_characters_ends_no_command(started: Prepazka, encoding: str) -> None:
    """The message is booked by then, and whoever types it must read the reply."""
    commands = [
        ("offices",), ("check", "--without-gateways"), ("gateway", "kinds"), ("user", "list"), ("gateway", "delivery"),
        ("sms", "--from", "+420603271828", "Допомога"),
    ]  # fmt: skip
    for command in commands:
        done = started(*command, PYTHONIOENCODING=encoding)
        assert done.out or command == ("gateway", "delivery")
        assert "Traceback" not in done.err
    for command in [("sms", "--json", "--from", "+420603271829", "Допомога"), ("person", "+420603271828")]:
        done = started(*command, PYTHONIOENCODING=encoding)
        assert "Допомога" in done.out or "Надішліть" in done.out, "what programs read is whole"
        json.loads(done.out)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "mysql://a/b",
            "the settings in the environment are wrong: "
            "DATABASE_URL must be sqlite:///path.db or postgresql://user@host/name",
            id="another kind",
        ),
        pytest.param(
            "sqlite:///{}/new.db",
            "the database has no tables of this version (no such table: office); "
            "run: prepazka init, or prepazka migrate",
            id="an empty one",
        ),
        pytest.param(
            "sqlite:///{}/none/new.db",
            "the database: there is no directory {}/none; make it, or correct DATABASE_URL",
            id="no directory",
        ),
        pytest.param("sqlite:///{}", "the database: {} is a directory; name a file in DATABASE_URL", id="a directory"),
        pytest.param(
            f"sqlite:///{__file__}",
            "the database: file is not a database; if it was this program's: end the service, and run: prepazka "
            "restore FILE, with the last backup; otherwise name another file in DATABASE_URL",
            id="a file that is no database",
        ),
    ],
)
def test_an_impossible_database_is_reported_in_one_line(
    program: Prepazka, tmp_path: Path, url: str, expected: str
) -> None:
    done = program(*SMS, DATABASE_URL=url.format(tmp_path))
    assert (done.code, done.out, done.err) == (1, "", f"prepazka: {expected.format(tmp_path)}\n")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PREPAZKA_CLOCK", "/none/clock", "PREPAZKA_CLOCK: /none/clock: No such file or directory"),
        (
            "PREPAZKA_HOSTS",
            "https://hlinsko.example",
            "PREPAZKA_HOSTS: 'https://hlinsko.example' is more than a host name; write hlinsko.example",
        ),
        (
            "DATABASE_URL",
            "postgresql://urad:p@ss@db/urad",
            "DATABASE_URL: in a user or password write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and % as %25",
        ),
        ("PREPAZKA_SECRET_KEY_FILE", "/none/key", "PREPAZKA_SECRET_KEY_FILE: /none/key: No such file or directory"),
        ("PREPAZKA_BACKUP_DAYS", "měsíc", "PREPAZKA_BACKUP_DAYS must be a whole number, not 'měsíc'"),
        ("PREPAZKA_HTTPS", "ture", "PREPAZKA_HTTPS must be true or false"),
        ("PREPAZKA_SIMULATOR", "2", "PREPAZKA_SIMULATOR must be true or false"),
        (
            "PREPAZKA_PROXIES",
            "127.0.0.1, proxy.example",
            "PREPAZKA_PROXIES: 'proxy.example' is no address or network, such as 127.0.0.1 or 10.0.0.0/8",
        ),
        (
            "PREPAZKA_LIMITS",
            "web_bookings_ipv4=0",
            "PREPAZKA_LIMITS: 'web_bookings_ipv4=0' is not NAME=FIGURE with one of the names " + ", ".join(LIMITS),
        ),
        (
            "PREPAZKA_PRINTERS",
            "10.0.0.0/8,tiskarna",
            "PREPAZKA_PRINTERS: 'tiskarna' is no address or network, such as 192.168.1.50:4000 or 10.0.0.0/8",
        ),
        (
            "PREPAZKA_PRINTERS",
            "10.0.0.0/8:4000",
            "PREPAZKA_PRINTERS: '10.0.0.0/8:4000' is no address or network, such as 192.168.1.50:4000 or 10.0.0.0/8",
        ),
        (
            "PREPAZKA_SECRET_KEY",
            "short",
            "PREPAZKA_SECRET_KEY must have at least 50 characters, 5 of them different, such as 50 random letters",
        ),
    ],
)
def test_a_setting_that_means_nothing_is_reported_and_never_guessed(
    program: Prepazka, name: str, value: str, expected: str
) -> None:
    done = program("sms", "--from", "+420777123456", "POMOC", **{name: value})
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1] == f"prepazka: the settings in the environment are wrong: {expected}"
    assert "Traceback" not in done.err


@pytest.mark.usefixtures("made")
def test_a_misspelt_setting_is_told_by_every_command(program: Prepazka) -> None:
    line = "PREPAZKA_HSOTS is no setting; did you mean PREPAZKA_HOSTS?"
    done = program("user", "list", PREPAZKA_HSOTS="urad.example")
    assert (done.code, done.err) == (0, f"prepazka: {line}\n")
    checked = program("check", "--start", "--quiet", PREPAZKA_HSOTS="urad.example")
    assert (checked.code, checked.err) == (0, "")
    assert f"settings: {line}" in checked.out


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`prepazka serve` on a free port, from the moment it says that it listens."""
    with subprocess.Popen(
        [sys.executable, "-m", "prepazka", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            match = next((found for line in process.stdout if (found := re.search(r":(\d+)/", line))), None)
            assert match is not None
            yield process, int(match[1])
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.usefixtures("made")
def test_serve_starts_whatever_offices_there_are(bare: dict[str, str], program: Prepazka, tmp_path: Path) -> None:
    own = {"DATABASE_URL": f"sqlite:///{bare['PREPAZKA_STATE']}/prepazka.sqlite3"}
    (tmp_path / "founded.toml").write_text('[office]\nslug = "lhota"\nname = "Obec Lhota"\n', "utf-8")
    assert program("load-office", str(tmp_path / "founded.toml"), **own).code == 0
    with closing(sqlite3.connect(f"{bare['PREPAZKA_STATE']}/prepazka.sqlite3")) as database, database:
        database.execute("UPDATE office SET timezone = 'Europe/Nowhere', version = version + 1 WHERE slug = 'demo'")
    with served({**bare, **own}) as (_, port):
        for path in ("healthz", "lhota/", ""):
            with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as answer:
                assert answer.status == 200
    checked = program("check", "--without-gateways", "--quiet", **own)
    assert checked.code == 1
    assert "office lhota: has no services" in checked.out
    assert "office demo: cannot be read (No time zone found with key Europe/Nowhere); its messages wait" in checked.out


@pytest.mark.usefixtures("made")
def test_serve_answers_and_ends_cleanly_on_ctrl_c(bare: dict[str, str], program: Prepazka, tmp_path: Path) -> None:
    with served(bare) as (process, port):
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            assert answer.status == 200
        second = program("serve", "--port", str(port))
        assert second.code == 1
        assert f"cannot listen on 127.0.0.1 port {port}: Address already in use; choose another" in second.err
        assert program("backup", str(tmp_path / "copy")).code == 0
        restored = program("restore", str(tmp_path / "copy"))
        assert (restored.code, restored.out) == (1, "")
        assert "end `prepazka serve` first" in restored.err
        with urlopen(f"http://127.0.0.1:{port}/api/v1/offices/demo/board/stream", timeout=30) as stream:
            assert stream.readline().startswith(b"retry:")
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes at once
            stream.read()  # a listener is let go; a line cut off would raise IncompleteRead
        rest, _ = process.communicate(timeout=30)
        assert process.returncode == 0
        assert program("restore", str(tmp_path / "copy")).code == 0
        assert "Traceback" not in rest


@pytest.mark.usefixtures("made")
def test_serve_starts_when_its_output_goes_to_a_file(bare: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "prepazka", "serve", "--port", "0"]
    told = tmp_path / "told"
    with told.open("w") as out, subprocess.Popen(command, env=bare, stdout=out, stderr=out) as process:
        try:
            until(lambda: process.poll() is not None or "Ctrl-C" in told.read_text("utf-8"), "it has started, or ended")
            assert process.poll() is None, told.read_text("utf-8")
        finally:
            process.terminate()


@pytest.mark.usefixtures("made")
def test_no_process_stays_behind_a_killed_one_and_holds_the_port(bare: dict[str, str]) -> None:
    with served(bare) as (process, port):
        process.kill()
        process.wait()

        def refused() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) != 0

        assert until(refused, "nobody listens any more")


def test_serve_refuses_to_start_on_a_broken_database(program: Prepazka, tmp_path: Path) -> None:
    done = program("serve", "--port", "0", DATABASE_URL=f"sqlite:///{tmp_path}/none/new.db")
    assert done.code == 1
    assert done.err.splitlines() == [
        f"error   database: there is no directory {tmp_path}/none → make it, or correct DATABASE_URL",
        "prepazka: not started; the lines above say what to fix",
    ]


@pytest.mark.usefixtures("made")
def test_check_goes_on_without_a_rehearsals_time(program: Prepazka) -> None:
    done = program("check", PREPAZKA_CLOCK="/none/clock")
    assert done.code == 1
    assert "error   clock: PREPAZKA_CLOCK: /none/clock: No such file or directory → unset PREPAZKA_CLOCK" in done.out
    assert "Traceback" not in done.err


def test_serve_starts_although_a_gateway_cannot_be_reached(
    program: Prepazka, tmp_path: Path, make_tables: MakeTables
) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    make_tables(tmp_path / "new.db")
    assert program("init", DATABASE_URL=url).code == 0
    phone = ("url=http://127.0.0.1:1", "signing_key=0123456789")
    assert program("gateway", "set", "mobil", "android", *phone, DATABASE_URL=url).code == 0
    assert "gateway mobil: the phone does not answer" in program("check", DATABASE_URL=url).out
    with (
        served({**os.environ, "DATABASE_URL": url}) as (_, port),
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer,
    ):
        assert answer.status == 200


# --- the first start ---------------------------------------------------------------------------


def lines_of_start(environment: dict[str, str]) -> str:
    """Serve until the last line of the announcement, and return all of them."""
    with subprocess.Popen(
        [sys.executable, "-m", "prepazka", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        if found := re.search(r"(http://\S+)/account/first/(\S+)", said):
            with urlopen(found[0]) as page:
                said += page.read().decode()
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    return said


def test_the_first_start_on_an_empty_database_prints_a_link_that_makes_the_operator(
    bare: dict[str, str], program: Prepazka, tmp_path: Path
) -> None:
    """And a second start another one; with an account there is none any more."""
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/urad.sqlite3"}
    first, second = lines_of_start(bare | own), lines_of_start(bare | own)
    links = [re.findall(r"/account/first/(\S+)", said)[0] for said in (first, second)]
    assert links[0] != links[1]
    assert '<input type="password" name="password1"' in second
    assert program("offices", **own).out == ""
    assert program("user", "add", "dvorak", "--operator", **own).code == 0
    assert "/account/first/" not in lines_of_start(bare | own)


def test_a_database_of_which_a_table_is_gone_is_no_database(
    program: Prepazka, made: None, bare: dict[str, str]
) -> None:
    """As after a restore that another tool ended half-way: the migrations are noted, and the bookings are not there."""
    with closing(sqlite3.connect(Path(bare["PREPAZKA_STATE"], "prepazka.sqlite3"))) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DROP TABLE booking")
        database.commit()
    done = program("check", "--quiet", "--without-gateways")
    assert done.code == 1
    assert "tables: 1 are not there any more (booking) → end the service, and run: prepazka restore FILE" in done.out
    done = program(*SMS)
    assert done.code == 1
    assert "no such table: booking, though every migration was applied; end the service, and run" in done.err


@pytest.mark.usefixtures("made")
def test_a_served_database_whose_file_is_away_is_not_made_anew(bare: dict[str, str], tmp_path: Path) -> None:
    state = Path(bare["PREPAZKA_STATE"])
    files = [state / f"prepazka.sqlite3{ending}" for ending in ("", "-wal", "-shm")]
    with served(bare | {"PREPAZKA_SIMULATOR": "false"}) as (_, port):
        until(lambda: readyz(port)[0] == 200)
        away = tmp_path / "odpojeny"
        away.mkdir()
        for one in files:
            one.rename(away / one.name) if one.exists() else None
        until(lambda: readyz(port)[0] == 503)
        until(lambda: "unable to open database file" in readyz(port)[1], "what is the matter is told")
        assert not files[0].exists()
        for one in away.iterdir():
            one.rename(state / one.name)
        until(lambda: readyz(port)[0] == 200)


def readyz(port: int) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
