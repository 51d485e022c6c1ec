"""The served program with its own clock, which the play can kill and start again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from tests.ports import free_port
from tests.waiting import DEADLINE

T = TypeVar("T")


def eventually(look: Callable[[], T], pause: Callable[[float], object] = time.sleep) -> T:
    """Call `look` until it finds something, and return that."""
    deadline = time.monotonic() + DEADLINE
    while not (found := look()):
        assert time.monotonic() < deadline
        pause(0.05)
    return found


@dataclass
class Running:
    """`prepazka serve` on a database, in a directory of its own, with its time in a file."""

    database_url: str
    directory: Path
    workers: int
    port: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    _process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREPAZKA_")}
        self.environment = kept | {
            "DATABASE_URL": self.database_url,
            "PREPAZKA_STATE": str(self.directory / "state"),
            "PREPAZKA_CLOCK": str(self.directory / "clock"),
            "PREPAZKA_SIMULATOR": "true",
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    def at(self, moment: str) -> None:
        """Set the clock to this moment (the office's wall clock in summer)."""
        new = self.directory / "clock.new"
        new.write_text(f"{moment}+02:00")
        new.replace(self.directory / "clock")

    def prepazka(self, *arguments: str) -> str:
        """Run a command of the program and return its output."""
        done = subprocess.run(
            [sys.executable, "-m", "prepazka", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [sys.executable, "-m", "prepazka", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        eventually(self._ready)

    def kill(self) -> None:
        """Kill all processes at once, as a power failure would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(DEADLINE)
            self._process = None

    def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text("utf-8", "replace")
        try:
            with urlopen(f"{self.address}/readyz", timeout=5) as response:
                return bool(response.status == 200)
        except (URLError, HTTPException, OSError):
            return False


def number_in(text: str, pattern: str) -> Any:
    """Return the one group of a pattern in a text."""
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in {text!r}"
    return found[1]
