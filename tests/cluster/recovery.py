"""A PostgreSQL whose copies pgBackRest keeps, as docs/operations.md tells, and an office on it: for the recovery drill.

The configuration and the commands are those of the page's section; only directories, port and moment are others. The
provider of SMS is played: it counts what it is given, and can be away.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from tests.cluster.programs import postgres_programs
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
SECRET = "letters-of-the-provider"
# The paths of the page, which are somewhere else here.
REPOSITORY, DATA, MOMENT = "/backup/pgbackrest", "/var/lib/postgresql/15/main", "2026-08-03 09:41:00+02"


class Failed(Exception):
    """The drill failed; the argument says why."""


def page_blocks() -> list[list[str]]:
    """Return the indented blocks of the section, as lines: configuration, settings, backups, the way back."""
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    section = text.partition("### Recovery to a point in time\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", section, re.MULTILINE)
    return [[line[4:] for line in block.splitlines()] for block in blocks]


class Provider(ThreadingHTTPServer):
    """A provider of the profile smseagle: takes messages by GET, unless it is away."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.away = Event()
        self.taken: list[tuple[str, str]] = []
        Thread(target=self.serve_forever, daemon=True).start()

    def given(self, citizens: range) -> Counter[str]:
        """Return how many messages each of these citizens was sent."""
        return Counter(to for to, _ in self.taken if to in {phone(one) for one in citizens})


class _Taking(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        away = self.server.away.is_set()
        if not away:
            asked = parse_qs(urlsplit(self.path).query)
            self.server.taken.append((f"+{asked['to'][0].lstrip('+ ')}", asked["message"][0]))
        self.send_response(503 if away else 200)
        self.end_headers()
        self.wfile.write(b"away" if away else b"OK; ID=1")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def phone(citizen: int) -> str:
    """Return the number of a citizen."""
    return f"+42060355{citizen:04}"


def call_of(citizen: int, text: str) -> bytes:
    """Return the body of the call by which the provider hands in a citizen's message."""
    at = f"{datetime.now(ZoneInfo('Europe/Prague')):%Y%m%d%H%M%S}"
    call = {"apikey": SECRET, "msgid": f"m{citizen}-{text[:3]}", "sender": phone(citizen), "text": text}
    return urlencode(call | {"timestamp": at}).encode()


@dataclass
class Drill:
    """A PostgreSQL with pgBackRest, and an office on it, in one directory."""

    home: Path
    provider: Provider
    blocks: list[list[str]] = field(default_factory=page_blocks)
    port: int = 0
    pages: int = 0
    said: str = ""
    """By `prepazka restored`."""
    _serving: "subprocess.Popen[bytes] | None" = None

    @property
    def data(self) -> Path:
        """The directory of the database."""
        return self.home / "data"

    def here(self, text: str, moment: str = "") -> str:
        """Return a line of the page with this drill's directories, and the moment."""
        replaced = text.replace(REPOSITORY, str(self.home / "repository")).replace(DATA, str(self.data))
        return replaced.replace(MOMENT, moment).replace(
            "pgbackrest --stanza", f"pgbackrest --config={self.home}/pgbackrest.conf --stanza"
        )

    def as_postgres(self, command: str) -> float:
        """Run a command as the user of the server; return its seconds. Raises: Failed."""
        began = time.monotonic()
        done = subprocess.run(
            ["runuser", "-u", "postgres", "--", "sh", "-c", command],
            capture_output=True, text=True, check=False, cwd=self.home,
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"{command}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
        return time.monotonic() - began

    def make(self) -> None:
        """Make the server as the page configures it."""
        configuration, settings = self.blocks[0], self.blocks[1]
        self.port = free_port()
        (self.home / "repository").mkdir()
        for directory in (self.home, self.home / "repository"):
            shutil.chown(directory, "postgres")
        more = [f"pg1-port={self.port}", f"pg1-socket-path={self.home}"]
        directories = [f"{name}-path={self.home}" for name in ("log", "lock", "spool")]
        lines = [self.here(line) for line in configuration]
        lines[1:1] = directories
        (self.home / "pgbackrest.conf").write_text("\n".join([*lines, *more, "pg1-user=postgres"]) + "\n", "utf-8")
        (self.home / "pgbackrest.conf").chmod(0o644)
        self.as_postgres(f"{postgres_programs()}/initdb -D {self.data} -A trust -E UTF8 --locale=C.UTF-8 -k")
        own = [f"port = {self.port}", "listen_addresses = '127.0.0.1'", f"unix_socket_directories = '{self.home}'"]
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in [*own, *(self.here(line) for line in settings)])
        self.start_postgres()
        self.as_postgres(f"createdb -h {self.home} -p {self.port} prepazka")

    def start_postgres(self) -> float:
        """Start the server; return the seconds until it answers, as the service of Debian waits."""
        options = f"-D {self.data} -l {self.home}/server.log -w -t 600"
        return self.as_postgres(f"{postgres_programs()}/pg_ctl {options} start")

    def stop_postgres(self) -> None:
        """Stop it."""
        self.as_postgres(f"{postgres_programs()}/pg_ctl -D {self.data} -w -m fast stop")

    def sql(self, statement: str) -> str:
        """Return what a statement says."""
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        command = ["psql", *server, "-At", "-c", statement, "prepazka"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    @property
    def environment(self) -> dict[str, str]:
        """What the program is told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREPAZKA_", "DATABASE_"))}
        return kept | {
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.port}/prepazka",
            "PREPAZKA_STATE": str(self.home / "state"),
            "PREPAZKA_ENV_FILE": os.devnull,
            "PYTHONPATH": str(ROOT / "src"),
        }

    def prepazka(self, *arguments: str, given: str = "") -> str:
        """Run a command of the program. Raises: Failed."""
        command = [sys.executable, "-m", "prepazka", *arguments]
        done = subprocess.run(
            command, env=self.environment, input=given, capture_output=True, text=True, check=False, cwd=self.home
        )
        if done.returncode:
            raise Failed(f"prepazka {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def serve(self) -> None:
        """Serve the office."""
        self.pages = free_port()
        log = (self.home / "serve.log").open("ab")
        command = [sys.executable, "-m", "prepazka", "serve", "--port", str(self.pages)]
        self._serving = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=self.home)
        wait(lambda: bool(self.get("/readyz")), "the office serves", 300)

    def stop_serving(self) -> None:
        """End it."""
        if self._serving:
            self._serving.terminate()
            self._serving.wait()
            self._serving = None

    def get(self, path: str, body: bytes | None = None) -> str:
        """Return what a page answers, "" while it does not."""
        try:
            with urlopen(f"http://127.0.0.1:{self.pages}{path}", body, timeout=30) as answer:
                return str(answer.read().decode()) or "empty"
        except OSError:
            return ""

    def texts(self, citizens: range, text: str) -> None:
        """Let the provider hand in a message of each citizen."""
        for citizen in citizens:
            if not self.get("/gateways/brana", call_of(citizen, text)):
                raise Failed(f"the message of {phone(citizen)} was not taken")

    def back(self, moment: str, *, restored: bool) -> dict[str, float]:
        """Go back to a moment by the page's commands; return the seconds of each. restored: with its last step."""
        seconds = {}
        for line in self.blocks[3]:
            command = line.partition("#")[0].strip()
            if command == "systemctl stop prepazka postgresql":
                self.stop_serving()
                self.stop_postgres()
            elif command.startswith("runuser -u postgres -- pgbackrest"):
                command = command.removeprefix("runuser -u postgres -- ")
                seconds["restore"] = self.as_postgres(self.here(command, moment))
            elif command == "systemctl start postgresql":
                seconds["start"] = self.start_postgres()
            elif command == "prepazka restored":
                began = time.monotonic()
                if restored:
                    self.said = self.prepazka("restored")
                    seconds["restored"] = time.monotonic() - began
                else:
                    wait(lambda: self.sql("SELECT pg_is_in_recovery()") == "f", "the recovery has ended", 600)
            elif command == "systemctl start prepazka":
                self.serve()
            else:
                raise Failed(f"the page has a command this drill does not know: {command}")
        return seconds


def wait(reached: Callable[[], bool], what: str, seconds: float) -> None:
    """Raises: Failed when it is not reached in time."""
    began = time.monotonic()
    while not reached():
        if time.monotonic() - began > seconds:
            raise Failed(f"waited in vain until {what}")
        time.sleep(0.2)
