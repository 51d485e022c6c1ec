"""A scratch database in which messages have come, been answered, sent and delivered, and are counted.

PostgreSQL counts its rows by itself within a minute. Before, it takes each table for a nearly empty one, and reads all
of a gateway's messages to find the few that receipts name.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import connection

from prepazka.bench.messages import bookings
from prepazka.flows.inbound import intake, receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.gateways.values import Capabilities, GatewayEvent, Health, Outbound, Receipt, Sent
from prepazka.store import gateways, models, offices

_MESSAGES = 1_000
# As the messages of `bookings` have it.
_GATEWAY = "bench"


class _Taking:
    """A gateway that takes every message and names it by our id."""

    name = _GATEWAY
    capabilities = Capabilities(batch=100)

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, messages: Sequence[Outbound]) -> Iterable[Sent]:
        self.taken += [message.id for message in messages]
        return [Sent(message.id, (message.id,)) for message in messages]

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Nothing is given to be acknowledged."""

    def health(self, now: datetime) -> Health:
        return Health("ok", "")

    def close(self) -> None:
        """Nothing is open."""


def fill_and_count(office_id: int) -> None:
    """Let an office have some messages, each answered and its reply delivered; then let PostgreSQL count its rows."""
    now = datetime.now(UTC)
    gateways.keep(_GATEWAY, "smpp", {"host": "127.0.0.1", "system_id": "fill", "password": "fill"}, now, "bench")
    numbers = models.Number.objects.filter(office=office_id)
    numbers.update(gateway=models.Gateway.objects.get(name=_GATEWAY))
    messages = bookings("fill", offices.load(office_id).numbers[0], now.date())
    intake.store([next(messages) for _ in range(_MESSAGES)], now)
    while receive.work(now):
        pass
    gateway = _Taking()
    while deliver(gateway, now):
        pass
    intake.store([Receipt(_GATEWAY, "delivered", now, ref=ref) for ref in gateway.taken], now)
    numbers.update(gateway=None)
    models.Gateway.objects.filter(name=_GATEWAY).delete()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
