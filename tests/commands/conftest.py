"""Fixtures that run commands in the test's own process on its database, or as programs of their own."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from prepazka import officefile
from prepazka.commands.cli import main
from tests.forked import Forked
from tests.made_once import kept_once


@dataclass(frozen=True)
class Done:
    """The result of a command."""

    code: int
    out: str
    err: str


Prepazka = Callable[..., Done]
MakeTables = Callable[[Path], None]


@pytest.fixture
def prepazka(db: None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Prepazka]:
    """Run a command on the test's database."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:///the-tests-own")

    def run(*arguments: str) -> Done:
        capfd.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:  # argparse's way out
            code = int(ended.code or 0)
        return Done(code, *capfd.readouterr())

    yield run
    structlog.reset_defaults()  # a command logs to the stderr of its own test


@pytest.fixture
def demo(db: None) -> int:
    """Store the demo office and return its id."""
    return kept_once(officefile.load_demo(), datetime(2026, 8, 3, tzinfo=UTC)).id


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine without settings or data."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREPAZKA_", "DATABASE_URL"))}
    return {**kept, "PREPAZKA_STATE": str(tmp_path / "state"), "PREPAZKA_ENV_FILE": "/dev/null"}


def _once(tmp_path_factory: pytest.TempPathFactory, command: str, **environment: str) -> Path:
    """The state directory that a command leaves on a bare machine; made by the first worker, for all of this run.

    Its migrations take longer than most tests. In `environment` {} is that directory.
    """
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREPAZKA_", "DATABASE_URL"))}
    made, making = run / f"made-by-{command}", run / f"making-by-{command}"
    with (run / f"{command}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            given = {"PREPAZKA_STATE": "{}", "PREPAZKA_ENV_FILE": "/dev/null", **environment}
            own = {name: value.format(making) for name, value in given.items()}
            subprocess.run([sys.executable, "-m", "prepazka", command], env=kept | own, capture_output=True, check=True)
            making.rename(made)
    return made


@pytest.fixture(scope="session")
def _init_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `prepazka init` leaves on a bare machine."""
    return _once(tmp_path_factory, "init")


@pytest.fixture(scope="session")
def _tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file as `prepazka migrate` leaves it, without an office."""
    return _once(tmp_path_factory, "migrate", DATABASE_URL="sqlite:///{}/tables.sqlite3") / "tables.sqlite3"


@pytest.fixture
def make_tables(_tables: Path) -> MakeTables:
    """Put the tables into a file, in the place of `prepazka migrate`, which takes longer than most tests."""

    def make(file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(_tables, file)
        file.chmod(0o600)

    return make


@pytest.fixture
def made(bare: dict[str, str], _init_once: Path) -> None:
    """On that machine `prepazka init` was run."""
    shutil.copytree(_init_once, bare["PREPAZKA_STATE"])


@pytest.fixture
def program(bare: dict[str, str], forked: Forked) -> Prepazka:
    """Run the program itself on that machine: as a child of a process that has loaded the libraries already."""
    return lambda *arguments, stdin="", **environment: Done(*forked.run(arguments, {**bare, **environment}, stdin))


@pytest.fixture
def started(bare: dict[str, str]) -> Prepazka:
    """Start the program on that machine as a shell does, where the test is about just that."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "prepazka", *arguments],
            env={**bare, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",  # of a terminal with another encoding
            check=False,
            timeout=600,  # for a machine that is busy; only a hanging program takes so long
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run
