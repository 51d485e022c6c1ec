"""A phone that texts the demo office, for the tests."""

from datetime import UTC, datetime

from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
ME, OTHER = "+420777123456", "+420602000001"


def say(text: str, sender: str = ME, id_: str | None = None, now: datetime = NOW) -> Handled:
    number = id_ or f"m{models.Inbound.objects.count()}"
    (handled,) = receive([Inbound("test", number, sender, NUMBER, text)], now)
    return handled


def outcome(handled: Handled) -> str:
    assert handled.outcome is not None
    return handled.outcome.outcome
