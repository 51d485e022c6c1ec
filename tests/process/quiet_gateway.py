"""A gateway in memory whose peer is silent, and a wait with a deadline, for the tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event

from prepazka.gateways.values import Capabilities, GatewayEvent, Health, Outbound, SendResult, Sent
from tests.waiting import DEADLINE

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"


class Quiet:
    """A gateway that takes all messages, and hands in given events."""

    capabilities = Capabilities()

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[str] = []
        self.events: list[GatewayEvent] = []
        self.closed = Event()
        self.served = Event()

    def send(self, messages: Sequence[Outbound]) -> Sequence[SendResult]:
        self.sent += [message.text for message in messages]
        return [Sent(message.id) for message in messages]

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        self.served.set()
        return list(self.events)

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        self.events.clear()

    def health(self, now: datetime) -> Health:
        return Health("ok", "here")

    def close(self) -> None:
        self.closed.set()


def wait_for(event: Event) -> None:
    assert event.wait(DEADLINE)
