"""Nobody else may open the files of the program, whatever the umask it was started with, and whatever made them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from prepazka import private_files
from prepazka.commands import own_files
from prepazka.commands.own_files import exposed_files
from tests.commands.conftest import Prepazka

pytestmark = pytest.mark.usefixtures("db")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def modes(directory: Path) -> dict[str, int]:
    return {path.name: mode(path) for path in directory.rglob("*")} | {".": mode(directory)}


def test_files_are_private_whatever_the_umask(bare: dict[str, str], tmp_path: Path) -> None:
    """By the umask that takes nothing away: what is private then is so by any other."""
    state, copy = Path(bare["PREPAZKA_STATE"]), tmp_path / "nightly.copy"
    for arguments in (["sms", "--from", "+420731222333", "OBJ ZOP KOLARIKOVA"], ["backup", str(copy)]):
        command = [sys.executable, "-m", "prepazka", *arguments]
        subprocess.run(command, env=bare, check=True, capture_output=True, umask=0)
    found = modes(state)
    assert {"prepazka.sqlite3", "secret.key"} < found.keys()
    assert {name: f"{bits:o}" for name, bits in found.items() if bits & 0o077} == {}
    assert mode(copy) == 0o600


def test_files_of_an_older_version_are_closed_at_the_start(program: Prepazka, made: None, bare: dict[str, str]) -> None:
    state = Path(bare["PREPAZKA_STATE"])
    old = state / "prepazka.sqlite3.before-20250102T030405"
    old.write_bytes(b"a copy")
    for path in (state, old, state / "prepazka.sqlite3", state / "secret.key"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    told = program("check", "--without-gateways").out
    assert [line.split()[5] for line in told.splitlines() if "others may open" in line] == [
        str(path) for path in (state, state / "secret.key", state / "prepazka.sqlite3", old)
    ]
    assert "→ run, as its owner: chmod 600 " in told
    assert program("dump-office").code == 0
    assert {name for name, bits in modes(state).items() if bits & 0o077} == set()
    assert "files: nobody else may open them" in program("check", "--without-gateways").out


def test_a_directory_shared_with_a_daemon_stays_shared_with_its_group_alone(tmp_path: Path) -> None:

    spool = tmp_path / "spool"
    spool.mkdir()
    spool.chmod(0o2775)
    assert private_files.exposed(spool)
    private_files.close(spool)
    assert mode(spool) == 0o2770
    assert not private_files.exposed(spool)


@pytest.mark.parametrize("set_up", [True, False])
def test_settings_everybody_may_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: pytest.FixtureRequest, set_up: bool
) -> None:
    """With a fix that works: before `setup` the machine has no group of ours."""
    environment, password = tmp_path / "prepazka.env", tmp_path / "database.url"
    for path, bits in ((environment, 0o644), (password, 0o604)):
        path.write_text("PREPAZKA_SECRET_KEY=…")
        path.chmod(bits)
    monkeypatch.setattr(own_files, "SETTINGS", environment)
    monkeypatch.setenv("DATABASE_URL_FILE", str(password))
    monkeypatch.setattr(own_files, "_is_group", lambda name: set_up and name == "prepazka")
    told = {found.path: found.fix for found in exposed_files()}
    both = f"run: chown root:prepazka {environment} && chmod 640 {environment}"
    assert told[environment] == (both if set_up else f"run, as its owner: chmod 600 {environment}")
    assert password in told
    environment.chmod(0o640)
    password.chmod(0o600)
    assert not {environment, password} & {found.path for found in exposed_files()}


def test_the_secrets_of_a_container_are_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine mounts them readable, because the user in the container is no user of the machine."""
    secret = tmp_path / "database-url"
    secret.write_text("postgresql://db/urad")
    secret.chmod(0o444)
    monkeypatch.setenv("DATABASE_URL_FILE", str(secret))
    assert secret in {found.path for found in exposed_files()}
    monkeypatch.setattr(own_files, "_OF_A_CONTAINER", f"{tmp_path}/")
    assert secret not in {found.path for found in exposed_files()}


def test_what_belongs_to_somebody_else_is_left_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    path = tmp_path / "theirs"
    path.write_text("")
    path.chmod(0o666)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    private_files.close(path)
    assert mode(path) == 0o666
