"""Hearing and sending of a served gateway: one direction fails, the other goes on."""

import sqlite3
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.flows.inbound import receive
from prepazka.flows.inbound.intake import store
from prepazka.flows.outbound import gateway_health
from prepazka.flows.outbound.gateway_health import REPORT_EVERY
from prepazka.gateways.values import Gateway, GatewayEvent, Inbound
from prepazka.process import served_gateway
from prepazka.process.served_gateway import Direction, ServedGateway
from prepazka.store import gateways, models
from tests.process.quiet_gateway import NOW, NUMBER, Quiet

# --- one direction fails, the other goes on ---------------------------------------------------------


class Faulty(Quiet):
    """A gateway that cannot be heard."""

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        raise sqlite3.OperationalError("attempt to write a readonly database")


@pytest.fixture
def bound(_modem: None) -> None:
    """The demo office's number bound to `modem`."""
    models.Number.objects.update(gateway=models.Gateway.objects.get())


def served(gateway: Quiet) -> ServedGateway:
    """The gateway in service, opened."""
    service = ServedGateway(gateway.name, lambda: gateway)
    assert service.step(NOW, 0) == 1
    return service


def report(service: ServedGateway) -> gateways.GatewayReport:
    """Store what was seen of its health, and return it."""
    examined = service.take_report()
    assert examined
    gateway_health.keep([examined])
    return gateways.last_reports()["modem"]


@pytest.mark.usefixtures("bound")
def test_sending_goes_on_while_hearing_fails_and_the_gateway_is_an_error() -> None:
    store([Inbound("modem", "1", "+420777123456", NUMBER, "POMOC")], NOW)
    receive.work(NOW)
    gateway = Faulty("modem")
    service = served(gateway)
    service.due.set()
    assert service.step(NOW, 0) == 1
    assert len(gateway.sent) == 1
    last = report(service)
    assert (last.level, last.name) == ("error", "hearing_fails")
    assert "attempt to write a readonly database" in last.what
    gateway.poll = lambda wait: []  # type: ignore[method-assign]
    service.step(NOW + REPORT_EVERY, 0)
    assert report(service).level == "ok"


@pytest.mark.usefixtures("bound")
def test_hearing_goes_on_while_sending_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(served_gateway, "deliver", broken)
    gateway = Quiet("modem")
    gateway.events = [Inbound("modem", "1", "+420777123456", NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK", NOW)]
    assert served(gateway).step(NOW, 0) == 2
    assert models.Booking.objects.get().state == "booked"


@pytest.mark.usefixtures("bound")
def test_a_gateway_that_is_silent_and_has_nothing_to_send_asks_the_database_nothing() -> None:
    service = served(Quiet("modem"))
    service.step(NOW, 0)
    with CaptureQueriesContext(connection) as captured:
        for second in range(60):
            service.step(NOW + timedelta(seconds=second), 0)
    assert len(captured) == 0
    store([Inbound("modem", "1", "+420777123456", NUMBER, "POMOC")], NOW)
    receive.work(NOW)
    assert service.step(NOW, 0) == 0, "nobody has said yet that something is due"
    service.due.set()
    assert (service.step(NOW, 0), service.step(NOW, 0)) == (1, 0)


@pytest.mark.usefixtures("_modem")
def test_a_gateway_that_cannot_be_opened_is_tried_again_and_stops_no_other() -> None:
    tries: list[int] = []

    def failing() -> Gateway:
        tries.append(1)
        raise OSError(2, "No such file or directory")

    service = ServedGateway("modem", failing)
    for second in range(60):
        assert service.step(NOW + timedelta(seconds=second), 0) == 0
    assert len(tries) == 6, "after 1, 2, 4, 8 and 16 seconds, then every 30"


def test_a_direction_rests_after_a_fault_and_tells_nothing_a_citizen_wrote() -> None:
    calls: list[int] = []

    def failing() -> int:
        calls.append(1)
        raise ValueError("Key (sender)=(+420777123456) already exists")

    direction = Direction("modem", "hearing")
    assert direction.run(failing, NOW) == 0
    assert direction.fault == "ValueError"
    direction.run(failing, NOW + timedelta(milliseconds=900))
    assert len(calls) == 1
    direction.run(failing, NOW + timedelta(seconds=1))
    direction.run(failing, NOW + timedelta(seconds=2))
    assert len(calls) == 2
    assert direction.run(lambda: 5, NOW + timedelta(seconds=4)) == 5
    assert direction.fault == ""


@pytest.mark.usefixtures("bound")
def test_a_gateway_that_has_refused_the_last_messages_is_an_error() -> None:
    models.Breaker.objects.create(gateway="modem", failures=5, paused_until=NOW)
    service = served(Quiet("modem"))
    service.step(NOW, 0)
    last = report(service)
    assert (last.level, last.name, last.ill_since) == ("error", "sending_fails", NOW)
    service.step(NOW + timedelta(seconds=20), 0)
    assert report(service).ill_since == NOW
