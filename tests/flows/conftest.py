"""Messages to be sent, and the gateway that sends them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import notify
from prepazka.flows.outbound.deliver import deliver
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.render import Reply
from prepazka.store import models
from tests.flows.outbound.fake_gateway import Peer
from tests.made_once import kept_once
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
VISIT = datetime(2026, 8, 10, 12, tzinfo=UTC)
NUMBER = "+420739547765"
Queue = Callable[..., int]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_once(demo_office(), NOW)


@pytest.fixture
def booking(office: Office) -> int:
    (handled,) = receive([Inbound("sim", "m1", "+420777123456", NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    assert handled.booking is not None
    return models.Booking.objects.get().id


@pytest.fixture
def queue(office: Office) -> Queue:
    """Queue a message, each to another recipient; return its row id."""
    made = 0

    def queue(kind: str = "called_off", *, now: datetime = NOW, **more: Any) -> int:
        nonlocal made
        made += 1
        tiding = notify.Notification(
            kind,
            more.get("recipient", f"+42060200{made:04d}"),
            Reply(f"zprava {made}", 8, more.get("parts", 1)),
            more.get("until", VISIT),
            more.get("booking"),
            notify.Route(more.get("gateway", "sim"), NUMBER),
        )
        assert notify.enqueue(office, [tiding], now) == 1
        return models.Outbound.objects.latest("id").id

    return queue


def deliver_all(peer: Peer, now: datetime = NOW) -> None:
    while deliver(peer, now):
        pass


def outbound_row(row: int) -> models.Outbound:
    return models.Outbound.objects.get(id=row)


def state(row: int) -> str:
    return outbound_row(row).state
