"""An office that serves a real bearerbox in its own process, by the day's clock, and can be killed.

Kannel uses the system's clock and the day its own, so the times of one are meaningless to the other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from typing import Any

from prepazka.flows.inbound import receive
from prepazka.gateways.kannel import Kannel, KannelSettings
from prepazka.gateways.values import GatewayEvent, Health, Outbound, Receipt, SendResult
from prepazka.process.served_gateway import step
from tests.gateways.through import Clock
from tests.journeys.child import connect

# Seconds to wait for an event in one step.
WAIT = 0.05


class ByTheDay:
    """A gateway that translates between the two clocks."""

    def __init__(self, inner: Kannel, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock
        self._originals: dict[GatewayEvent, GatewayEvent] = {}
        self.name = inner.name
        self.capabilities = inner.capabilities

    @property
    def connected(self) -> bool:
        """Whether bearerbox is connected; until then the office's clock stands still."""
        return self._inner._session.state().connected

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        soon = datetime.now(UTC) + timedelta(hours=4)
        return self._inner.send([replace(message, expires=soon) for message in messages])

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        self._originals = {self._by_the_day(one): one for one in self._inner.poll(wait)}
        return list(self._originals)

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        self._inner.ack([self._originals[one] for one in events])

    def health(self, now: datetime) -> Health:
        return self._inner.health(now)

    def close(self) -> None:
        self._inner.close()

    def _by_the_day(self, event: GatewayEvent) -> GatewayEvent:
        return replace(event, at=self._clock.now) if isinstance(event, Receipt) else replace(event, sent=None)


def serve(database: str, name: str, settings: dict[str, Any]) -> None:
    """Run until killed."""
    connect(database)
    clock = Clock()
    gateway = ByTheDay(Kannel(name, KannelSettings.model_validate(settings)), clock)
    while True:
        # What was stored before a kill is handled as by the worker, whether or not anything else arrives.
        if not step(gateway, clock.now, WAIT) and not receive.work(clock.now) and gateway.connected:
            clock.idle()


class Office:
    """The process that serves the gateway."""

    def __init__(self, start: Callable[..., ForkServerProcess], settings: dict[str, Any]) -> None:
        self._start = start
        self._settings = settings
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        self._process = self._start(serve, "kannel", self._settings)

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.join()
        assert self._process.exitcode == -9, "it had ended by itself"
