"""The cluster's programs: where they are, as whom they run, and each as a process that can be frozen and killed."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.waiting import until

# Seconds a program may take to end by itself.
PATIENCE = 20.0
_ADMINISTRATORS = "/usr/local/sbin:/usr/sbin:/sbin"
_INSTALL = "run: scripts/setup cluster"
_OF_POSTGRES = ("initdb", "postgres", "pg_basebackup", "pg_rewind", "pg_dump", "psql")


class NotInstalled(Exception):
    """A program of the cluster is not on this machine; the argument says which, and what to do."""


def find(program: str) -> str:
    """Return the path of a program. Raises: NotInstalled."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:{_ADMINISTRATORS}")
    if path is None:
        raise NotInstalled(f"{program} is not installed; {_INSTALL}")
    return path


def postgres_programs() -> Path:
    """Return the directory of the newest PostgreSQL server here. Raises: NotInstalled."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    for path in [*found, Path(shutil.which("initdb") or "/nowhere").resolve().parent]:
        if all(
            (path / name).exists() for name in ("initdb", "postgres", "pg_basebackup", "pg_rewind", "pg_dump", "psql")
        ):
            return path
    raise NotInstalled(f"PostgreSQL's server is not installed; {_INSTALL}")


# PostgreSQL and pgbouncer refuse to be root.
def as_nobody_special() -> list[str]:
    """Return what stands before a command so that it does not run as root; nothing where we are not root ourselves.

    A name space of users, in which root is called by another number: the program is not root, and reads all files that
    this process can, wherever the checkout and its Python are.
    """
    if os.geteuid() != 0:
        return []
    user = next((one for one in pwd.getpwall() if one.pw_name == "postgres"), pwd.getpwnam("nobody"))
    return [find("unshare"), "--user", f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}", "--"]


@dataclass
class Program:
    """A program of our own that runs in the foreground, with the processes it starts."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; it may not be ready yet."""
        assert self._process is None, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def check(self) -> None:
        """Raises: AssertionError with the end of its log when it ended by itself."""
        assert self.runs, f"{self.name} ended:\n{self.log.read_text('utf-8', 'replace')[-3000:]}"

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and all processes it started, if it runs."""
        if self.runs and self._process is not None:
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """End it at once, as a power failure would."""
        if self._process is not None:
            self.send(signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end; kill it when it does not."""
        if self._process is None:
            return
        if self.runs:
            self._process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self.kill()


class Postgres:
    """The processes of the PostgreSQL server of one directory, which Patroni started."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def processes(self) -> list[int]:
        """The server and the processes it started; none when it does not run."""
        try:
            server = int((self._data / "postmaster.pid").read_text("ascii").split()[0])
            environment = Path(f"/proc/{server}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return []
        if str(self._data).encode() not in environment:  # the file of a server that is gone; the number is another's
            return []
        return [server, *_children(server)]

    def send(self, number: signal.Signals) -> None:
        """Send a signal to each of its processes."""
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:  # ended since
                continue

    def kill(self) -> None:
        """End all of it at once."""
        self.send(signal.SIGKILL)
        until(lambda: not self.processes(), f"the server of {self._data.name} ends", PATIENCE)


def _children(process: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text("ascii", "replace").rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):  # ended while we looked
            continue
        if parent == process:
            found.append(int(stat.parent.name))
    return found


def python(*arguments: str) -> list[str]:
    """Return the command that runs a module with this Python."""
    return [sys.executable, "-m", *arguments]
