"""A gateway for tests of what is done with the events a poll returns."""

from collections.abc import Sequence
from datetime import datetime

from prepazka.gateways.values import Capabilities, GatewayEvent, Health, Outbound, SendResult


class PolledGateway:
    """A gateway that is polled, and gives the same events until they are acknowledged."""

    name = "modem"
    capabilities = Capabilities()

    def __init__(self, *events: GatewayEvent) -> None:
        self.waiting = list(events)

    def send(self, messages: Sequence[Outbound]) -> Sequence[SendResult]:
        raise AssertionError(messages)

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        return list(self.waiting)

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        self.waiting = [one for one in self.waiting if one not in events]

    def health(self, now: datetime) -> Health:
        return Health("ok", "here")

    def close(self) -> None:
        """Release nothing, for nothing is held."""
