"""Trying a gateway: one message is sent, its receipt is awaited, and the settings are learnt that made it work.

A refusal that is certain and speaks of a setting is answered by the next value that peers of this kind are known to
want, so the phone gets one message at most. A lost answer ends the trial: a second message could be a copy.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Protocol

from pydantic import BaseModel

from prepazka.gateways.kinds import KINDS
from prepazka.gateways.values import (
    FetchingGateway,
    Gateway,
    GatewayEvent,
    Health,
    Inbound,
    LostAnswer,
    Outbound,
    Part,
    Receipt,
    SendError,
    SendResult,
    WebhookGateway,
)

# States after which a receipt says nothing more.
_FINAL = {"delivered", "undelivered", "failed"}
# Attempts with other settings at most.
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial showed.

    result: of the send, with the settings that were tried last. receipt: the last one of the message. answer: what the
    phone texted back. learnt: settings other than those that are set. health: of the gateway at the end. calls: whether
    the peer calls the office, so that the trial hears neither receipt nor answer.
    """

    result: SendResult
    health: Health
    receipt: Receipt | None = None
    answer: str = ""
    learnt: Mapping[str, Any] = field(default_factory=dict)
    calls: bool = False


class Learner(Protocol):
    """What a kind of gateway knows of its peers' peculiarities."""

    def open(self, name: str, settings: Any) -> Gateway:
        """Open a gateway that notes what it learns."""

    def after_refusal(self, gateway: Any) -> Mapping[str, Any] | None:
        """Return settings to try after a certain refusal; None when no other value is known."""

    def learnt(self, gateway: Any, sent: Outbound, answer: str) -> Mapping[str, Any]:
        """Return the settings that receipts and the phone's answer showed to be others than those that are set."""


class _Plain:
    """The learner of kinds whose peers have no peculiarities."""

    def __init__(self, kind: str) -> None:
        self._open = KINDS[kind].open

    def open(self, name: str, settings: Any) -> Gateway:
        return self._open(name, settings)

    def after_refusal(self, _gateway: Any) -> None:
        return None

    def learnt(self, _gateway: Any, _sent: Outbound, _answer: str) -> Mapping[str, Any]:
        return {}


def learner(kind: str) -> Learner:
    """Return what a kind knows of its peers. Raises: KeyError for an unknown kind."""
    if kind == "smpp":
        from prepazka.gateways.smpp.trial import SmppLearner  # noqa: PLC0415 -- an office needs one or two kinds

        return SmppLearner()
    return _Plain(kind)


@dataclass(frozen=True, slots=True)
class Trial:
    """A gateway to try, and the message. patience: seconds to wait for the receipt and, where answered, the answer.

    store: takes in the events of a poll that are not of the trial, before they are acknowledged. opened: tells a
    gateway how far its peer's list is stored.
    """

    name: str
    kind: str
    settings: BaseModel
    message: Outbound
    patience: float
    store: Callable[[Gateway, Sequence[GatewayEvent]], object]
    answered: bool = False
    opened: Callable[[Gateway], None] = lambda _: None

    def run(self) -> TrialResult:
        """Send the message, with other settings after a certain refusal, and wait for what comes of it."""
        learns, changed = learner(self.kind), dict[str, Any]()
        for _ in range(_ATTEMPTS):
            gateway = learns.open(self.name, self.settings.model_copy(update=changed))
            try:
                self.opened(gateway)
                (result,) = gateway.send([self.message])
                refused = isinstance(result, SendError) and not result.throttled
                more = learns.after_refusal(gateway) if refused else None
                if more is None:
                    return self._after(gateway, result, learns, changed)
                changed |= more
            finally:
                gateway.close()
        raise AssertionError("a learner knows fewer values than that")

    def _after(self, gateway: Gateway, result: SendResult, learns: Learner, changed: Mapping[str, Any]) -> TrialResult:
        fetches = isinstance(gateway, FetchingGateway) and gateway.fetches
        calls = isinstance(gateway, WebhookGateway) and not fetches
        heard = _Heard() if calls or isinstance(result, SendError) else self._listen(gateway, result)
        learnt = {**changed, **learns.learnt(gateway, self.message, heard.answer)}
        if isinstance(result, SendError):
            learnt = {}
        health = gateway.health(datetime.now(UTC))
        return TrialResult(result, health, heard.receipt, heard.answer, learnt, calls)

    def _listen(self, gateway: Gateway, result: SendResult) -> "_Heard":
        refs = set() if isinstance(result, SendError) else set(result.refs)
        heard = _Heard()
        until = monotonic() + self.patience
        while (left := until - monotonic()) > 0 and not heard.is_enough(answered=self.answered):
            events = gateway.poll(min(left, 1.0))
            mine = [event for event in events if self._is_mine(event, refs)]
            heard.note(mine)
            self.store(gateway, [event for event in events if event not in mine])
            if events or isinstance(gateway, FetchingGateway):
                gateway.ack(events)
        return heard

    def _is_mine(self, event: GatewayEvent, refs: set[str]) -> bool:
        match event:
            case Receipt(id=id_, ref=ref):
                return id_ == self.message.id or ref in refs
            case Inbound(sender=sender) | Part(sender=sender):
                return self.answered and sender == self.message.recipient
        return False


@dataclass(slots=True)
class _Heard:
    receipt: Receipt | None = None
    answer: str = ""

    def note(self, events: Iterable[GatewayEvent]) -> None:
        for event in events:
            if isinstance(event, Receipt):
                self.receipt = event
            else:
                self.answer = event.text

    def is_enough(self, *, answered: bool) -> bool:
        known = self.receipt is not None and self.receipt.status in _FINAL
        return known and bool(self.answer or not answered)


def is_in_doubt(result: TrialResult) -> bool:
    """Whether nobody knows whether the phone gets the message."""
    return isinstance(result.result, LostAnswer) and result.receipt is None
