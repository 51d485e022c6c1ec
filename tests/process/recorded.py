"""A process that serves gateways which write down all they do; started by test_many_gateways, killed and frozen there.

    python -m tests.process.recorded FILE

Each line of FILE: what, gateway, message, this process, and when it began and ended, by the clock of the machine.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import IO

import django

django.setup()

from prepazka.gateways.values import Capabilities, GatewayEvent, Health, Outbound, SendResult, Sent  # noqa: E402
from prepazka.process.gateway_runner import GatewayRunner  # noqa: E402


class Recorded:
    """A gateway whose peer takes all messages and never says anything."""

    capabilities = Capabilities(batch=5, receipts=False)

    def __init__(self, name: str, log: IO[str]) -> None:
        self.name = name
        self._log = log
        self._closed = Event()

    def _note(self, what: str, began: float, message: str = "-") -> None:
        # One write of one short line to a file opened for appending: lines of several processes never mix.
        self._log.write(f"{what} {self.name} {message} {os.getpid()} {began:.6f} {time.monotonic():.6f}\n")
        self._log.flush()

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        for message in messages:
            began = time.monotonic()
            self._note("send", began, message.recipient)
            yield Sent(message.id)

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        began = time.monotonic()
        self._closed.wait(wait)
        self._note("poll", began)
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """There are none."""

    def health(self, now: datetime) -> Health:
        return Health("ok", "here")

    def close(self) -> None:
        self._closed.set()


if __name__ == "__main__":
    with Path(sys.argv[1]).open("a", encoding="utf-8") as lines:
        GatewayRunner(Event(), open_=lambda name, *_: Recorded(name, lines)).run()
