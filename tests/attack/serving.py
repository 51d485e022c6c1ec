"""`prepazka serve` as an attacker meets it: in processes of its own, on the loopback."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class Served:
    """A running server with its port, and the file it writes to."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    lines_at_start: int = 0

    def output(self) -> str:
        return self.log.read_text("utf-8")

    def file_limits(self) -> list[tuple[str, str]]:
        """The soft and the hard limit of open files of each worker."""
        limits = []
        for worker in children(self.process.pid):
            text = Path(f"/proc/{worker}/limits").read_text("ascii")
            [found] = re.findall(r"^Max open files +(\S+) +(\S+)", text, re.MULTILINE)
            limits.append(found)
        assert limits
        return limits


def children(process: int) -> list[int]:
    """The workers: processes whose parent this is, but for those that only track resources."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text("ascii", "replace").rpartition(")")[2].split()[1])
            command = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == process and b"resource_tracker" not in command:
            found.append(int(path.parent.name))
    return found


@contextmanager
def serving(directory: Path, *options: str, **environment: str) -> Iterator[Served]:
    """Serve the demo office from a directory of its own, until the block ends."""
    port, log = free_port(), directory / "output"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREPAZKA_", "DATABASE_URL"))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prepazka", "serve", "--port", str(port), *options],
            env={**kept, "PREPAZKA_STATE": str(directory / "state"), "PREPAZKA_SIMULATOR": "true", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:

        def says_so() -> bool:
            assert process.poll() is None, log.read_text("utf-8")
            return "Ctrl-C" in log.read_text("utf-8")

        assert until(says_so, "the server says that it listens")
        yield Served(process, port, log, log.read_text("utf-8").count("\n"))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
