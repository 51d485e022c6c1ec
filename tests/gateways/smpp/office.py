"""An office that serves an SMSC in its own process and can be killed."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from prepazka.gateways.kinds import open_gateway
from prepazka.gateways.smpp.gateway import NotBound
from tests.gateways.day import NOW
from tests.gateways.through import Clock, work
from tests.journeys.child import connect


class LastingClock(Clock):
    """The office's clock, which survives a kill. path: its file."""

    def __init__(self, path: Path) -> None:
        super().__init__(datetime.fromisoformat(path.read_text()) if path.exists() else NOW)
        self._path = path

    def idle(self) -> None:
        """Advance to the next minute."""
        self.now += timedelta(minutes=1)
        new = self._path.with_suffix(".new")
        new.write_text(self.now.isoformat())
        new.replace(self._path)


def serve(database: str, name: str, settings: dict[str, Any], clock: Path) -> None:
    """Run until killed."""
    connect(database)
    gateway = open_gateway(name, "smpp", settings)
    lasting = LastingClock(clock)
    while True:
        with suppress(NotBound):  # the gateway reconnects by itself, in real time
            work(gateway, lasting, wait=0.05)
