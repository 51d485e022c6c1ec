"""Plays the day through a real gateway: the phones of a network, and an office that serves the gateway.

A gateway's test passes a `Network` (its far end with the phones) and gets an exchange for `day.play`.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepazka.settings")
django.setup()

from django.db.models import F  # noqa: E402 -- as below

from prepazka.gateways.kinds import open_gateway  # noqa: E402
from prepazka.gateways.values import Gateway  # noqa: E402
from prepazka.process.served_gateway import step  # noqa: E402 -- models can be imported only after the set-up
from prepazka.store import gateways, models  # noqa: E402
from tests.gateways.day import NOW, Exchange  # noqa: E402
from tests.journeys.child import connect  # noqa: E402

# The office's clock advances so much after an idle look: pauses between attempts take no real time.
IDLE = timedelta(seconds=10)
# Seconds for one round at most; only a failing test takes so long.
DEADLINE = 300.0


class Network(Protocol):
    """The phones' side of a gateway."""

    def put(self, phone: str, text: str) -> None:
        """Send a text from a phone to the office."""

    def received(self) -> Sequence[tuple[str, str]]:
        """Return every text that has reached a phone, as (phone, complete text), once for each time."""


class Clock:
    """The office's clock, which stands still while there is work."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def idle(self) -> None:
        """Advance the clock."""
        self.now += IDLE


def bound(name: str, kind: str, settings: Mapping[str, object]) -> None:
    """Configure the gateway, and bind the office's numbers to it."""
    gateways.keep(name, kind, settings, NOW, "test")
    models.Number.objects.update(gateway=models.Gateway.objects.get(name=name))
    models.Office.objects.update(version=F("version") + 1)


def work(gateway: Gateway, clock: Clock, wait: float = 0.1) -> int:
    """Run one step of an office in this process: send, receive, decide."""
    done = step(gateway, clock.now, wait)
    if not done:
        clock.idle()
    return done


def until(reached: Callable[[], bool], *, doing: Callable[[], object], deadline: float = DEADLINE) -> None:
    """Call `doing` until a condition holds.

    Raises: AssertionError after the deadline, in seconds.
    """
    last = time.monotonic() + deadline
    while not reached():
        assert time.monotonic() < last, "the deadline has passed"
        doing()


def through(
    network: Network, working: Callable[[], object], *, settled: Callable[[], object] | None = None
) -> Exchange:
    """Return an exchange by a network; it calls `working` until every phone has an answer.

    settled: called then, to make sure that nothing more arrives (for example, works on until nothing is left).
    """
    seen = 0

    def exchange(messages: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
        nonlocal seen
        for phone, text in messages:
            network.put(phone, text)
        unanswered = {phone for phone, _ in messages}
        until(lambda: unanswered <= {phone for phone, _ in network.received()[seen:]}, doing=working)
        if settled:
            settled()
        replies: dict[str, list[str]] = defaultdict(list)
        received = network.received()
        for phone, text in received[seen:]:
            replies[phone].append(text)
        seen = len(received)
        return replies

    return exchange


def serve(database: str, name: str) -> None:
    """Run an office in its own process (see tests/journeys/conftest.py `start`), until it is killed."""
    connect(database)
    configured = gateways.find(name)
    assert configured
    gateway = open_gateway(configured.name, configured.kind, configured.settings)
    clock = Clock()
    while True:
        work(gateway, clock)
