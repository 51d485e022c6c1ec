"""Messages to and from a real SMSC, for the tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

from prepazka.gateways.smpp import Smpp
from prepazka.gateways.smpp.gateway import NotBound
from prepazka.gateways.values import (
    GatewayEvent,
    Inbound,
    Outbound,
)
from tests.gateways.smpp.smsc import Message
from tests.waiting import DEADLINE

OFFICE = "+420111222333"
NOVAK, KLIMA = "+420739547765", "+420731000001"


def texting(text: str, sender: str = NOVAK, **more: object) -> Message:
    return {"from": sender, "to": OFFICE, "text": text, **more}


def outbound(number: int, text: str = "Objednano.") -> Outbound:
    expires = datetime.now(UTC) + timedelta(hours=1)
    return Outbound(str(number), OFFICE, NOVAK, text, 1, expires)


def poll(gateway: Smpp, count: int, *, ack: bool = True) -> list[GatewayEvent]:
    """Return so many events in order of arrival, acknowledged by default."""
    events: dict[GatewayEvent, None] = {}
    deadline = monotonic() + DEADLINE
    while len(events) < count:
        assert monotonic() < deadline, f"only {len(events)} came"
        try:
            new = gateway.poll(0.2)
        except NotBound:
            continue
        events |= dict.fromkeys(new)
        if ack:
            gateway.ack(new)
    return list(events)


def inbounds(events: Sequence[GatewayEvent]) -> list[tuple[str, str, str]]:
    return [(one.sender, one.recipient, one.text) for one in events if isinstance(one, Inbound)]
