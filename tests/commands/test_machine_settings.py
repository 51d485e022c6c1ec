"""The settings of a machine, read by every command, and root that gives up its rights for the program's user."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from prepazka.commands import CommandFailed, machine_settings
from tests.commands.conftest import Prepazka

# A user with a group of its own name that every Debian has.
USER = "games"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prepazka.env"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("PREPAZKA_HOSTS=objednani.vlkov.example", "objednani.vlkov.example"),
        ("  PREPAZKA_HOSTS = a b ", "a b"),
        ('PREPAZKA_HOSTS="a b"', "a b"),
        ("PREPAZKA_HOSTS='$HOME \"x\"'", '$HOME "x"'),
        ("PREPAZKA_HOSTS=p#ss=w%40rd", "p#ss=w%40rd"),
        ("PREPAZKA_HOSTS=", ""),
    ],
)
def test_a_line_is_read_as_systemd_reads_it(file: Path, line: str, value: str) -> None:
    assert dict(machine_settings.parse(f"# remark\n\n; other\n{line}\n", file)) == {"PREPAZKA_HOSTS": value}


@pytest.mark.parametrize("line", ["PREPAZKA_HOSTS", "export PREPAZKA_HOSTS=x", "=x", 'A="x'])
def test_a_line_that_is_no_setting_is_named(file: Path, line: str) -> None:
    with pytest.raises(CommandFailed, match=r"prepazka\.env, line 2: "):
        dict(machine_settings.parse(f"B=x\n{line}\n", file))


@pytest.mark.parametrize(
    "line",
    [
        "DATABASE_URL=sqlite:///urad.sqlite3",
        "PREPAZKA_STATE=stav",
        "PREPAZKA_DAY_LISTS=../seznamy",
        "PREPAZKA_SECRET_KEY_FILE=klic.txt",
    ],
)
def test_a_path_that_means_another_file_in_each_directory_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("PREPAZKA_ENV_FILE", str(file))
    file.write_text(f"{line}\n", "utf-8")
    before = dict(os.environ)
    with pytest.raises(CommandFailed, match=line.partition("=")[0] + ": write the whole path"):
        machine_settings.apply()
    assert dict(os.environ) == before


def test_a_mark_that_no_editor_shows_is_told(file: Path) -> None:
    with pytest.raises(CommandFailed, match="line 1: a mark that is not seen"):
        dict(machine_settings.parse("\ufeff# nastavení\nA=x\n", file))


def test_the_environment_wins_by_either_name() -> None:
    given = {"DATABASE_URL": "file", "PREPAZKA_SECRET_KEY_FILE": "/file", "PREPAZKA_HOSTS": "file", "TZ": "file"}
    environment = {"DATABASE_URL_FILE": "/own", "PREPAZKA_SECRET_KEY": "own", "PREPAZKA_HOSTS": ""}
    machine_settings.fill(environment, given)
    assert environment == {
        "DATABASE_URL_FILE": "/own",
        "PREPAZKA_SECRET_KEY": "own",
        "PREPAZKA_HOSTS": "file",  # an empty variable counts as not set
        "TZ": "file",
    }


def test_a_command_finds_the_database_by_the_file(program: Prepazka, file: Path, tmp_path: Path) -> None:
    file.write_text(f"DATABASE_URL=sqlite:///{tmp_path}/podle-souboru.sqlite3\n", "utf-8")
    done = program("migrate", PREPAZKA_ENV_FILE=str(file))
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "podle-souboru.sqlite3").exists()


def test_a_file_that_was_named_and_is_missing_is_told(program: Prepazka, file: Path) -> None:
    done = program("offices", PREPAZKA_ENV_FILE=str(file))
    assert (done.code, done.err) == (1, f"prepazka: PREPAZKA_ENV_FILE: {file}: there is no such file\n")


@pytest.fixture
def unreadable(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that this user may not read; root may, so the refusal is played."""

    def refuse(path: Path, *_: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    file.write_text("DATABASE_URL=sqlite:////var/lib/jine.sqlite3\n")
    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setenv("PREPAZKA_ENV_FILE", str(file))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return file


def test_who_may_not_read_it_is_told_how_to_run_the_command(unreadable: Path) -> None:
    with pytest.raises(CommandFailed) as refused:
        machine_settings.apply()
    [line] = refused.value.args
    assert line.startswith(f"{unreadable}: only root and ")
    assert "run: sudo prepazka …" in line


def test_who_names_a_database_needs_no_file(unreadable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////tmp/vlastni.sqlite3")
    machine_settings.apply()
    assert os.environ["DATABASE_URL"] == "sqlite:////tmp/vlastni.sqlite3"


# --- root ---------------------------------------------------------------------------------------


def test_every_right_is_given_up_groups_first(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, object]] = []
    for name in ("initgroups", "setgid", "setuid", "umask"):
        monkeypatch.setattr(os, name, lambda *given, name=name: done.append((name, given)))
    monkeypatch.setattr(machine_settings, "_BECOME", [])
    monkeypatch.setenv("HOME", "/root")
    monkeypatch.setenv("LOGNAME", "root")
    monkeypatch.setenv("SUDO_USER", "dvorak")
    user = pwd.getpwnam(USER)
    machine_settings.become(user)
    assert done == [
        ("initgroups", (USER, user.pw_gid)),
        ("setgid", (user.pw_gid,)),
        ("setuid", (user.pw_uid,)),
        ("umask", (0o077,)),
    ]
    assert (os.environ["HOME"], os.environ["LOGNAME"]) == (user.pw_dir, "dvorak")
    assert f"as the user {USER}" in machine_settings.hint("/root/urad.toml")


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that is open to the user, whoever runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="prepazka-"))
    made.chmod(0o777)
    yield made
    shutil.rmtree(made)


_PROGRAM = """
import os, sys
from prepazka.commands import machine_settings
machine_settings.apply()
open(sys.argv[1], "x").close()
print(os.getuid(), os.geteuid(), os.getgid(), 0 in os.getgroups())
try:
    os.setuid(0)
    print("root again")
except PermissionError:
    print("for good")
"""


def test_root_becomes_the_user_of_the_settings_for_good(open_directory: Path) -> None:
    """And anybody else stays who they are. A process of its own, whose modules are all loaded by then."""
    root = os.geteuid() == 0
    settings, made = open_directory / "prepazka.env", open_directory / "made"
    settings.write_text("DATABASE_URL=sqlite:////none.sqlite3\n", "utf-8")
    settings.chmod(0o640)
    user = pwd.getpwnam(USER) if root else pwd.getpwuid(os.getuid())
    if root:
        shutil.chown(settings, "root", USER)
    environment = os.environ | {"PREPAZKA_ENV_FILE": str(settings)}
    command = [sys.executable, "-c", _PROGRAM, str(made)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"{user.pw_uid} {user.pw_uid} {user.pw_gid} False\nfor good\n"
    assert (made.stat().st_uid, made.stat().st_mode & 0o777) == (user.pw_uid, 0o600)


@pytest.mark.parametrize("group", [0, 4_000_000], ids=["root's own", "a group without a name"])
def test_settings_of_no_user_make_root_nobody_else(file: Path, monkeypatch: pytest.MonkeyPatch, group: int) -> None:
    class Found:
        st_gid = group

    monkeypatch.setattr(Path, "stat", lambda _path: Found)
    assert machine_settings.owner(file) is None


@pytest.mark.parametrize(("group", "user", "refused"), [(0, True, True), (0, False, False), (4_000_000, True, False)])
def test_settings_that_only_root_may_read_are_refused_where_the_program_has_a_user(
    file: Path, monkeypatch: pytest.MonkeyPatch, group: int, user: bool, refused: bool
) -> None:
    """As `scp` brings them to a new machine: what root made by them, the service could not open."""

    class Found:
        st_gid = group

    monkeypatch.setattr(Path, "stat", lambda _path: Found)
    monkeypatch.setattr(machine_settings, "is_user", lambda name: user and name == "prepazka")
    if not refused:
        machine_settings.refuse_roots_own(file)
        return
    with pytest.raises(CommandFailed, match=f"run: chown root:prepazka {file} && chmod 640 {file}"):
        machine_settings.refuse_roots_own(file)


def test_a_setting_that_stands_twice_is_told_and_the_last_line_counts(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("PREPAZKA_SMS_PRICE=1.10\nPREPAZKA_LOG=json\nPREPAZKA_SMS_PRICE=2.30\n", "utf-8")
    monkeypatch.setattr(os, "environ", {"PREPAZKA_ENV_FILE": str(file)})
    machine_settings.apply()
    assert os.environ["PREPAZKA_SMS_PRICE"] == "2.30"
    told = f"prepazka: {file}: PREPAZKA_SMS_PRICE is set twice, and the last line counts; leave one out\n"
    assert capsys.readouterr().err == told
