"""The watchdog: sent by each office's own gateway, never answered, and missed when it does not come back."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from prepazka.core.office.office import Office
from prepazka.flows.health import installation
from prepazka.flows.inbound import intake, receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.watchdog import watch
from prepazka.gateways.values import Inbound, Outbound
from prepazka.store import clerk_inbox, costs, gateways, models, offices
from prepazka.store import watchdog as store
from tests.flows.conftest import NUMBER
from tests.flows.outbound.fake_gateway import Peer

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime(2026, 8, 4, 4, 30, tzinfo=UTC)  # 6:30 in Prague
OTHER = "+420739000777"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _watched(office: Office, settings: Any) -> None:
    settings.WATCHDOG = time(6, 30)
    gateways.keep("sim", "gammu", {}, MORNING, "test")
    gateways.keep("sim2", "gammu", {}, MORNING, "test")
    offices.keep(replace(office, gateways={NUMBER: "sim"}), MORNING)
    offices.keep(replace(office, slug="tabor", numbers=(OTHER,), gateways={OTHER: "sim2"}), MORNING)


def told(now: datetime) -> list[str]:
    for name in ("sim", "sim2"):
        gateways.keep_report(name, gateways.GatewayReport("ok", "well", "", now))
    found = [one for one in installation.problems(now) if one.alarm == "watchdog_missing"]
    return sorted(one.gateway for one in found)


def sent_by(name: str, now: datetime) -> list[Outbound]:
    peer = Peer(name=name)
    while deliver(peer, now):
        pass
    return peer.sent


def comes_in(gateway: str, message: Outbound, now: datetime, **changes: str) -> None:
    inbound = Inbound(gateway, f"in {now}", message.sender, message.recipient, message.text, now)
    intake.store([replace(inbound, **changes)], now)  # type: ignore[arg-type]  # texts
    while receive.work(now):
        pass
    watch(now)


def test_each_number_texts_itself_once_by_its_own_gateway(office: Office) -> None:
    assert watch(MORNING - MINUTE) == 0
    assert watch(MORNING) == 2
    assert watch(MORNING + MINUTE) == 0
    for gateway, number in (("sim", NUMBER), ("sim2", OTHER)):
        [message] = sent_by(gateway, MORNING)
        assert (message.sender, message.recipient, message.parts) == (number, number, 1)
    assert costs.sent_since(office.id, MORNING - DAY), "it costs what every SMS does"
    assert watch(MORNING + DAY) == 2


def test_one_that_comes_back_is_answered_by_nobody_and_raises_no_alarm(office: Office) -> None:
    watch(MORNING)
    [message] = sent_by("sim", MORNING)
    comes_in("sim", message, MORNING + MINUTE)
    assert told(MORNING + DAY) == ["sim2"], "the other office's did not"
    assert models.Inbound.objects.get().state == "silent"
    assert not models.Outbound.objects.exclude(kind="watchdog").exists()
    assert clerk_inbox.waiting(office.id) == 0


def test_one_that_does_not_is_an_alarm_until_one_does() -> None:
    watch(MORNING)
    assert told(MORNING + 30 * MINUTE) == []
    assert told(MORNING + 31 * MINUTE) == ["sim", "sim2"]
    watch(MORNING + DAY)
    assert told(MORNING + DAY + MINUTE) == ["sim", "sim2"], "also while the next is on its way"
    [*_, message] = sent_by("sim", MORNING + DAY)
    comes_in("sim", message, MORNING + DAY + 2 * MINUTE)
    assert told(MORNING + DAY + 3 * MINUTE) == ["sim2"]


def test_what_somebody_else_sends_in_its_name_is_not_it() -> None:
    watch(MORNING)
    [message] = sent_by("sim", MORNING)
    comes_in("sim", message, MORNING + MINUTE, text="PREPAZKA KONTROLA 00000000")
    comes_in("sim", message, MORNING + 2 * MINUTE, sender="+420602111222")
    assert "sim" in told(MORNING + 31 * MINUTE)


def test_yesterdays_that_comes_late_is_not_todays() -> None:
    watch(MORNING)
    [before] = sent_by("sim", MORNING)
    watch(MORNING + DAY)
    comes_in("sim", before, MORNING + DAY + MINUTE)
    assert "sim" in told(MORNING + DAY + 31 * MINUTE)


def test_nothing_is_sent_without_the_setting_or_while_only_replies_are(office: Office, settings: Any) -> None:
    offices.send_only_replies(office.id, stopped=True)
    assert watch(MORNING) == 1
    settings.WATCHDOG = None
    assert watch(MORNING + DAY) == 0
    assert told(MORNING + DAY) == []


def test_two_processes_send_one() -> None:
    assert store.claim(NUMBER, None, MORNING)
    assert not store.claim(NUMBER, None, MORNING)
    assert store.claim(NUMBER, MORNING, MORNING + DAY)
    assert not store.claim(NUMBER, MORNING, MORNING + DAY)
