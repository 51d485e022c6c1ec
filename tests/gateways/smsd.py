"""The real gammu-smsd, configured as `prepazka gateway gammu-config` prints, on its own database."""

import re
import signal
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Self

import psycopg
from django.db import connection

from prepazka.gateways.gammu import Gammu, GammuSettings
from prepazka.gateways.gammu.config import ModemConfig as ConfiguredModem
from prepazka.gateways.gammu.config import config_files
from prepazka.gateways.gammu.database import connect
from prepazka.gateways.values import GatewayEvent
from tests.waiting import DEADLINE, until

PHONE = "urad"
# A daemon without a heartbeat for so long hangs: the fast one writes every second, the printed one every 30 seconds.
SILENT, SILENT_AS_PRINTED = timedelta(seconds=25), timedelta(seconds=75)

# As fast as the daemon can be.
_QUICK = {
    "CommTimeout": 1,
    "SendTimeout": 5,
    "ReceiveFrequency": 1,
    "StatusFrequency": 1,
    "LoopSleep": 0,
    "MaxRetries": 0,
    "RetryTimeout": 1,
    "MultipartTimeout": 1,
}


@contextmanager
def database(directory: Path) -> Iterator[str]:
    """Create a database with the printed SQL: SQLite, or PostgreSQL in the second run of the tests."""
    if connection.vendor == "sqlite":
        path = directory / "gammu.sqlite3"
        path.write_bytes(_sqlite())
        yield str(path)
        return
    name = f"gammu_{uuid.uuid4().hex}"
    at = connection.settings_dict
    server = f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {_postgresql(server)}")
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _sqlite() -> bytes:
    """Return an empty database; made once, because that takes longer than most tests."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "gammu.sqlite3"
        _prepare(str(path))
        return path.read_bytes()


@cache
def _postgresql(server: str) -> str:
    """Return the name of an empty template database, which disappears with the server."""
    name = f"gammu_{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    _prepare(f"{server}/{name}")
    return name


def _prepare(address: str) -> None:
    door, statements = config_files(ConfiguredModem("/dev/modem", address, PHONE, "nobody"))["sql"]
    done = subprocess.run(door.split(), input=statements, capture_output=True, text=True, check=True)
    unexpected = [
        line for line in done.stderr.splitlines() if "ERROR" in line.upper() and '"plpgsql" already exists' not in line
    ]
    assert not unexpected, unexpected


class Smsd:
    """The daemon, started when it is entered and killed when it is left.

    printed: its configuration, unchanged; otherwise the usual one, made fast, with these settings. supervised:
    restarted when it ends by itself, as by systemd, or falls silent, as by our watchdog; either may happen on a locked
    SQLite.
    """

    def __init__(
        self,
        directory: Path,
        device: Path,
        address: str,
        phone: str = PHONE,
        *,
        printed: str = "",
        supervised: bool = False,
        **settings: object,
    ) -> None:
        self._supervised = supervised
        self._silence = SILENT_AS_PRINTED if printed else SILENT
        self.database = address
        self.phone = phone
        self.log = directory / f"smsd.{phone}.log"
        self._rc = directory / f"smsdrc.{phone}"
        self._process: subprocess.Popen[bytes] | None = None
        text = printed or config_files(ConfiguredModem(str(device), address, phone, "nobody"))["smsdrc"][1]
        changed = {} if printed else {"LogFile": self.log, "DebugLevel": 1} | _QUICK | settings
        for name, value in changed.items():
            text, found = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
            text += "" if found else f"{name} = {value}\n"
        self._rc.write_text(text)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._supervised = False
        self.kill()

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["gammu-smsd", "-c", self._rc],
            env={"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

        if self._supervised:
            Thread(target=self._supervise, args=(self._process,), daemon=True).start()

    def _supervise(self, process: "subprocess.Popen[bytes]") -> None:
        began = datetime.now(UTC)
        while self._supervised:
            try:
                ended = process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                if not self._silent(began):
                    continue
                process.kill()
                process.wait()
            else:
                if ended == -signal.SIGKILL:  # killed by a test
                    return
            if self._supervised:
                self.start()
            return

    def _silent(self, began: datetime) -> bool:
        """Whether it has run for long without a heartbeat."""
        with suppress(Exception):  # a daemon that has not begun, or a locked database
            [(updated,)] = self.rows('SELECT "UpdatedInDB" FROM phones WHERE "ID" = ?', self.phone)
            at = datetime.fromisoformat(str(updated)[:19]).replace(tzinfo=UTC)
            return datetime.now(UTC) - max(at, began) > self._silence
        return False

    @property
    def ended(self) -> bool:
        """Whether it has ended, also by itself: 1.42 crashes on a locked or lost database."""
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """Send SIGKILL, as a power cut would."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def gateway(self, **settings: object) -> Gammu:
        """Return a gateway of this daemon's modem."""
        values = {"database": self.database, "phone": self.phone, "settle": 1, **settings}
        return Gammu("modem", GammuSettings.model_validate(values))

    def rows(self, statement: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """Query the daemon's database."""
        opened = connect(GammuSettings.model_validate({"database": self.database, "phone": self.phone}))
        try:
            return opened.rows(statement, values)
        finally:
            opened.close()


def receive_events(gateway: Gammu, count: int, seconds: float = DEADLINE) -> list[GatewayEvent]:
    """Return the next `count` events, acknowledged; fail if more arrive."""
    found: list[GatewayEvent] = []

    def poll() -> bool:
        new = gateway.poll(0.1)
        gateway.ack(new)
        found.extend(new)
        return len(found) >= count

    until(poll, f"{count} of the gateway, only {found}", seconds)
    assert len(found) == count, found
    return found
