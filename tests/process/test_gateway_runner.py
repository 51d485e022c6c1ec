"""Running the gateways: each by one process, as configured now, by another one when its process has ended."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from prepazka.core.delivery import LEASE
from prepazka.flows.inbound import receive
from prepazka.flows.inbound.intake import store
from prepazka.flows.outbound import notify
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.values import Gateway, GatewayEvent, Inbound
from prepazka.process import gateway_runner, identity, served_gateway
from prepazka.process.gateway_runner import HELD, GatewayRunner
from prepazka.process.identity import dead, me, start_time
from prepazka.process.served_gateway import CROWD, TAKEN_IN, ServedGateway, hear, step
from prepazka.sms.reply.render import Reply
from prepazka.store import gateways, models, offices, outbox
from tests.process.quiet_gateway import NOW, NUMBER, Quiet, wait_for
from tests.waiting import DEADLINE, until


@pytest.fixture
def opened(_modem: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[GatewayRunner, list[Quiet]]]:
    """A gateway runner, and the gateways it has opened so far."""
    monkeypatch.setattr(gateway_runner, "WAIT", 0)
    made: list[Quiet] = []
    stop = Event()

    def open_(name: str, _kind: str, _settings: Mapping[str, Any]) -> Gateway:
        made.append(Quiet(name))
        return made[-1]

    serving = GatewayRunner(stop, open_=open_)
    yield serving, made
    stop.set()
    for one in serving._served.values():
        wait_for(one.gateway.ended)


def opened_as(place: int, made: list[Quiet]) -> Quiet:
    """Return the gateway that is opened after so many others, once its thread has opened it and asks it."""
    gateway = until(lambda: made[place] if len(made) > place else None, "it is opened")
    wait_for(gateway.served)
    return gateway


def test_a_gateway_nobody_serves_is_served(opened: tuple[GatewayRunner, list[Quiet]]) -> None:
    serving, made = opened
    serving.look(datetime.now(UTC))
    opened_as(0, made)
    serving.look(datetime.now(UTC))
    assert len(made) == 1
    assert gateways.holder("modem") == me()


def test_a_gateway_another_process_serves_is_left_to_it(opened: tuple[GatewayRunner, list[Quiet]]) -> None:
    serving, made = opened
    now = datetime.now(UTC)
    assert gateways.hold("modem", "elsewhere/1/1", now, now + HELD)
    serving.look(now)
    assert made == []
    assert gateways.hold("modem", "elsewhere/1/1", now, now)
    serving.look(now)
    opened_as(0, made)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("holder", "ends"),
    [("{machine}/{process}/1", True), ("{machine}/{process}/{start}", False), ("elsewhere/7/1", False)],
)
def test_what_a_dead_process_was_sending_is_decided_about_when_its_gateway_is_served_anew(
    opened: tuple[GatewayRunner, list[Quiet]], holder: str, ends: bool
) -> None:
    """Of one that may only be paused it waits: that one could still be sending."""
    serving, made = opened
    now = datetime.now(UTC)
    machine, process, start = me().split("/")
    row = queued("modem", now)
    outbox.claim([row], now, now + LEASE)
    others = queued("another", now)
    outbox.claim([others], now, now + LEASE)
    assert gateways.hold("modem", holder.format(machine=machine, process=process, start=start), now, now)
    serving.look(now)
    opened_as(0, made)
    serving.attend(datetime.now(UTC))
    if ends:
        until(lambda: models.Outbound.objects.get(id=row).state == "unknown", "it is decided about")
    left = {one.id: (one.state, one.due_at) for one in models.Outbound.objects.all()}
    assert left[others] == ("sending", now + LEASE)
    assert ends or left[row] == ("sending", now + LEASE)
    assert made[0].sent == []


def queued(gateway: str, now: datetime) -> int:
    """Queue a message for a gateway; return its row."""
    route = notify.Route(gateway, NUMBER)
    tiding = notify.Notification("reply", "+420603141592", Reply("zprava", 6, 1), now + LEASE * 9, route=route)
    notify.enqueue(offices.load(models.Office.objects.get().id), [tiding], now)
    return models.Outbound.objects.latest("id").id


def test_what_is_configured_anew_is_opened_anew(opened: tuple[GatewayRunner, list[Quiet]]) -> None:
    serving, made = opened
    serving.look(datetime.now(UTC))
    before, service = opened_as(0, made), serving._served["modem"].gateway
    gateways.keep("modem", "gammu", {"phone": "other"}, NOW, "test")
    serving.look(datetime.now(UTC))
    wait_for(before.closed)
    wait_for(service.ended)
    serving.look(datetime.now(UTC))
    serving.look(datetime.now(UTC))
    opened_as(1, made)


def test_a_gateway_whose_settings_no_key_opens_is_left(
    opened: tuple[GatewayRunner, list[Quiet]], settings: Any
) -> None:
    """smstools would be served with the settings it has by default: on another office's spool."""
    serving, made = opened
    gateways.keep("modem", "smstools", {"spool": "/srv/sms"}, NOW, "test")
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another key than the settings were sealed with, of the right length"
    serving.look(datetime.now(UTC))
    assert (made, gateways.holder("modem"), serving._served) == ([], "", {})
    settings.SECRET_KEY = before
    gateways.keep("modem", "smstools", {"spool": "/srv/sms"}, NOW, "test")
    for _ in range(2):  # one to see that it is configured anew, one to tell the other processes
        serving.look(datetime.now(UTC))
    until(lambda: made, "it is opened")


def test_a_removed_gateway_is_closed(opened: tuple[GatewayRunner, list[Quiet]]) -> None:
    serving, made = opened
    serving.look(datetime.now(UTC))
    served_before = opened_as(0, made)
    gateways.remove("modem", NOW, "test")
    serving.look(datetime.now(UTC))
    wait_for(served_before.closed)


def test_every_kind_can_be_served() -> None:
    assert gateways.HTTP not in KINDS


@pytest.mark.usefixtures("_modem")
def test_a_peer_that_is_asked_is_asked_behind_the_stored_place() -> None:
    gateways.keep_position("modem", "behind 7")
    told: list[str] = []

    class Asked(Quiet):
        fetches = True
        position = None

        def resume(self, position: str) -> None:
            told.append(position)

    ServedGateway("modem", lambda: Asked("modem")).step(NOW, 0)
    assert told == ["behind 7"]


@pytest.mark.usefixtures("_modem")
def test_one_step_hears_decides_and_answers() -> None:
    models.Number.objects.update(gateway=models.Gateway.objects.get())
    gateway = Quiet("modem")
    gateway.events = [Inbound("modem", "1", "+420777123456", NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK", NOW)]
    assert step(gateway, NOW, 0) == 3
    assert models.Booking.objects.get().code in gateway.sent[0]
    assert step(gateway, NOW, 0) == 0


@pytest.mark.usefixtures("_modem")
def test_a_peer_that_wakes_nobody_is_asked_without_a_wait_and_sent_to_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due wakes its thread: without that, nothing would be sent before the end of this test."""
    monkeypatch.setattr(gateway_runner, "ASKED", timedelta(hours=1))
    monkeypatch.setattr(gateway_runner, "KINDS", {**KINDS, "gammu": replace(KINDS["gammu"], asked=True)})
    waits: list[float] = []

    class Asked(Quiet):
        def poll(self, wait: float) -> Sequence[GatewayEvent]:
            waits.append(wait)
            return super().poll(wait)

    gateway, stop = Asked("modem"), Event()
    models.Number.objects.update(gateway=models.Gateway.objects.get())
    runner = GatewayRunner(stop, open_=lambda *_: gateway)
    now = datetime.now(UTC)
    runner.step(now)
    assert gateway.served.wait(DEADLINE)
    store([Inbound("modem", "1", "+420777123456", NUMBER, "POMOC")], now)
    receive.work(now)

    def sent() -> bool:
        runner.step(datetime.now(UTC))
        return bool(gateway.sent)

    until(sent, "what is due is sent")
    assert set(waits) == {0}
    stop.set()
    for service in runner._served.values():
        service.gateway.due.set()
    assert gateway.closed.wait(DEADLINE)


class Besieged(Quiet):
    """A gateway with so many messages a poll; notes how many of them wait to be answered at each."""

    def __init__(self, name: str, crowds: Sequence[int]) -> None:
        super().__init__(name)
        self.crowds = list(crowds)
        self.waiting: list[int] = []
        self.acknowledged = 0

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        self.waiting.append(models.Inbound.objects.filter(state="waiting").count())
        if not self.events and self.crowds:
            begin = self.acknowledged
            self.events = [
                Inbound(self.name, f"m{n}", f"+4207771{n:05}", NUMBER, "POMOC", NOW)
                for n in range(begin, begin + self.crowds.pop(0))
            ]
        return list(self.events)

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        assert models.Inbound.objects.count() == self.acknowledged + len(events), "it is stored before"
        self.acknowledged += len(events)
        super().ack(events)


@pytest.mark.usefixtures("_modem")
def test_a_crowd_is_stored_and_acknowledged_before_any_of_it_is_answered() -> None:
    models.Number.objects.update(gateway=models.Gateway.objects.get())
    gateway = Besieged("modem", [CROWD, CROWD + 3, 2, 1])
    assert hear(gateway, NOW, 0) == 2 * (2 * CROWD + 5), "all that was taken in is answered in the same step"
    assert gateway.waiting == [0, CROWD, 2 * CROWD + 3], "a poll that brought few ends the crowd"
    assert hear(gateway, NOW, 0) == 2 * 1


@pytest.mark.usefixtures("_modem")
def test_a_crowd_without_end_is_answered_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    models.Number.objects.update(gateway=models.Gateway.objects.get())
    gateway = Besieged("modem", [CROWD] * 9)
    ticks = count()
    monkeypatch.setattr(served_gateway, "monotonic", lambda: next(ticks) * TAKEN_IN / 3)
    assert hear(gateway, NOW, 0) == 2 * 3 * CROWD
    assert not models.Inbound.objects.filter(state="waiting").exists()


@pytest.mark.usefixtures("_modem")
def test_one_gateway_is_held_by_one_at_a_time() -> None:
    until = NOW + HELD
    assert gateways.hold("modem", "a", NOW, until)
    assert gateways.hold("modem", "a", NOW, until)
    assert not gateways.hold("modem", "b", NOW, until)
    assert gateways.hold("modem", "b", NOW, until, dead="a")
    gateways.release("modem", "a")
    assert not gateways.hold("modem", "a", until - timedelta(seconds=1), until)
    gateways.release("modem", "b")
    assert gateways.hold("modem", "a", NOW, until)


def test_machines_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    for cards in ({}, {"eth0": "02:fc:00:00:07:01"}, {"eth0": "02:fc:00:00:07:02"}, {"lo": "00:00:00:00:00:00"}):
        place = tmp_path / str(len(names))
        for card, address in cards.items():
            (place / card / "device").mkdir(parents=True)
            (place / card / "address").write_text(f"{address}\n", "ascii")
        monkeypatch.setattr(identity, "_NETWORK", place)
        names.append(identity.machine.__wrapped__())
    assert names[0] == names[3]
    assert len(set(names)) == 3
    assert {name.rpartition(".")[0] for name in names} == {socket.gethostname()}
    monkeypatch.setattr(identity, "_MACHINE", tmp_path / "none")
    assert identity.machine.__wrapped__() != names[3] or not Path("/etc/machine-id").exists()


def test_who_is_gone_is_known_on_its_own_machine_only() -> None:
    machine, process, _ = me().split("/")
    assert not dead(me())
    assert dead(f"{machine}/{process}/1")
    assert not dead(f"elsewhere/{process}/1")
    assert not dead("")
    assert not dead(f"{socket.gethostname()}/{process}/1"), "a machine may have the name of another one"
    assert not dead(f"{machine.rpartition('.')[0]}.00000000/{process}/1")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        holder = f"{machine}/{other.pid}/{start_time(other.pid)}"
        assert not dead(holder)
        other.kill()
    assert dead(holder)
