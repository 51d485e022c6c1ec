"""A gateway in memory that follows a script of the test and records all messages it was given."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    LostAnswer,
    Outbound,
    SendError,
    SendResult,
    Sent,
)


class Broken(Exception):
    """The exception of a gateway that lost its connection."""


@dataclass
class Peer:
    """A gateway that fulfils its capabilities. script: what it does with each message in turn; then it takes all.

    "take", "refuse" (may be tried again), "refuse for good", "too fast", "lose" (taken, but the answer is lost),
    "miss" (not taken, and the answer is lost), "break" (it raises, this message and the rest of the call not taken).
    sent: the messages the network got from it, in order, each with its id; given: all it was given.
    """

    name: str = "sim"
    capabilities: Capabilities = field(default_factory=Capabilities)
    script: list[str] = field(default_factory=list)
    sent: list[Outbound] = field(default_factory=list)
    given: list[Outbound] = field(default_factory=list)
    parts_named: bool = True

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        return self._answers(messages)

    def _answers(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        for message in messages:
            self.given.append(message)
            match self.script.pop(0) if self.script else "take":
                case "take":
                    self._take(message)
                    yield Sent(message.id, self.refs(message))
                case "lose":
                    self._take(message)
                    yield LostAnswer(message.id, "no answer in time")
                case "miss":
                    yield LostAnswer(message.id, "no answer in time")
                case "refuse":
                    yield SendError(message.id, "the modem is busy")
                case "refuse for good":
                    yield SendError(message.id, "no such number", retryable=False)
                case "too fast":
                    yield SendError(message.id, "slower, please", throttled=True)
                case "break":
                    raise Broken(message.id)
                case "take and break":
                    self._take(message)
                    raise Broken(message.id)
                case other:
                    raise AssertionError(other)

    def _take(self, message: Outbound) -> None:
        if not (self.capabilities.idempotent and message.id in {one.id for one in self.sent}):
            self.sent.append(message)

    def refs(self, message: Outbound) -> tuple[str, ...]:
        """Return its ids of the last copy of a message, one a part."""
        copy = [one.id for one in self.sent].count(message.id)
        return tuple(f"{message.id}/{copy}/{part}" for part in range(message.parts)) if self.parts_named else ()

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        pass

    def health(self, now: datetime) -> Health:
        return Health("ok", "in memory")

    def close(self) -> None:
        pass
