"""Gateways among several processes: each served by one, moved when a process comes, goes or stands still."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from prepazka.core.sharing import BEAT, GONE, owner
from prepazka.flows.health.clock_watch import clock_watch
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.values import Gateway
from prepazka.process import gateway_runner
from prepazka.process.gateway_runner import HELD, GatewayRunner
from prepazka.process.sharing import Sharing
from prepazka.store import gateway_holds, gateways, models, processes
from prepazka.store.sql import moment, run
from tests.process.quiet_gateway import Quiet, wait_for
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NAMES = [f"obec-{number}" for number in range(8)]
HERE, THERE = "machine-a/1/1", "machine-b/1/1"
BOTH = (HERE, THERE)


@pytest.fixture
def _towns() -> None:
    for name in NAMES:
        gateways.keep(name, "gammu", {}, NOW, "test")


@pytest.fixture
def runners(_towns: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, GatewayRunner]]:
    """Two processes, as far as their holds go: no gateway takes a step, for no clock of theirs is that of the test."""
    stop = Event()
    made = {who: GatewayRunner(stop, open_=lambda name, *_: Quiet(name), who=who) for who in BOTH}
    yield made
    stop.set()
    for runner in made.values():
        for service in runner._served.values():
            wait_for(service.gateway.ended)


def serves(runner: GatewayRunner) -> set[str]:
    return {name for name, service in runner._served.items() if not service.gateway.stop.is_set()}


def held_by(who: str) -> set[str]:
    return {name for name, one in gateway_holds.listed_gateways().items() if one.holder == who}


def look(runner: GatewayRunner, now: datetime) -> None:
    """Look until all that is to be closed is."""
    runner.look(now)
    for service in list(runner._served.values()):
        if service.gateway.stop.is_set():
            wait_for(service.gateway.ended)
    runner.look(now)


def test_one_that_comes_gets_its_share_and_only_that(runners: dict[str, GatewayRunner]) -> None:
    first, second = runners.values()
    look(first, NOW)
    assert held_by(HERE) == serves(first) == set(NAMES)
    look(second, NOW + BEAT)
    assert serves(second) == set(), "the first one still has them"
    look(first, NOW + BEAT)
    look(second, NOW + BEAT)
    assert serves(first) == held_by(HERE) == {name for name in NAMES if owner(name, BOTH) == HERE}
    assert serves(second) == held_by(THERE) == set(NAMES) - serves(first)
    assert serves(first)
    assert serves(second)


def shared_out(runners: dict[str, GatewayRunner], now: datetime) -> None:
    for who in (HERE, THERE, HERE, THERE):
        look(runners[who], now)
    assert {who: held_by(who) for who in BOTH} == {who: serves(runners[who]) for who in BOTH}
    assert all(held_by(who) for who in BOTH)


def test_one_that_falls_silent_loses_its_share_within_seconds(runners: dict[str, GatewayRunner]) -> None:
    shared_out(runners, NOW)
    for second in range(int(GONE.total_seconds()) + 1):
        look(runners[HERE], NOW + second * SECOND)
        assert held_by(THERE)
    look(runners[HERE], NOW + GONE + SECOND)
    assert held_by(HERE) == serves(runners[HERE]) == set(NAMES)


def test_one_that_was_frozen_does_nothing_until_it_has_looked(runners: dict[str, GatewayRunner]) -> None:
    shared_out(runners, NOW)
    frozen = runners[THERE]
    before = serves(frozen)
    later = NOW + GONE + SECOND
    look(runners[HERE], NOW + SECOND)
    look(runners[HERE], later)
    assert held_by(HERE) == set(NAMES)
    assert frozen._sharing.is_certain(NOW + SECOND)
    assert not frozen._sharing.is_certain(later)
    with CaptureQueriesContext(connection) as captured:
        frozen.attend(later)
    assert (len(captured), serves(frozen)) == (0, before), "it does not know yet"
    frozen.look(later)
    assert serves(frozen) == set()


def test_whoever_freezes_is_sure_of_nothing_before_others_take_over(runners: dict[str, GatewayRunner]) -> None:
    """Also when its next beat was nearly due: it has looked since its last one."""
    shared_out(runners, NOW)
    last_look = NOW + BEAT - timedelta(milliseconds=1)
    runners[THERE].look(last_look)
    moment = NOW
    while held_by(THERE):
        look(runners[HERE], moment)
        moment += timedelta(milliseconds=500)
        assert moment < NOW + 2 * GONE
    assert runners[THERE]._sharing.is_certain(last_look)
    assert not runners[THERE]._sharing.is_certain(moment - SECOND)


@pytest.mark.usefixtures("_towns")
def test_who_beats_again_in_time_keeps_its_holds() -> None:
    """It thaws between the look of another one, who believes it gone, and the taking."""
    assert gateway_holds.take(NAMES, THERE, NOW, NOW + HELD, {}) == set(NAMES)
    processes.beat(THERE, NOW)
    believed = {THERE: processes.beats()[THERE].at}
    processes.beat(THERE, NOW + GONE)
    assert gateway_holds.take(NAMES, HERE, NOW + GONE, NOW + GONE + HELD, believed) == set()
    believed = {THERE: processes.beats()[THERE].at}
    assert gateway_holds.take(NAMES, HERE, NOW + GONE, NOW + GONE + HELD, believed) == set(NAMES)


def test_the_version_before_keeps_what_it_holds_until_its_hold_ends(runners: dict[str, GatewayRunner]) -> None:
    """It writes no beats; so does `prepazka gateway try`."""
    for name in NAMES:
        assert gateways.hold(name, "machine-c/1/1", NOW, NOW + HELD)
    look(runners[HERE], NOW)
    look(runners[HERE], NOW + HELD - SECOND)
    assert serves(runners[HERE]) == set()
    look(runners[HERE], NOW + HELD)
    assert serves(runners[HERE]) == set(NAMES)


def test_the_version_before_takes_nothing_that_is_held(runners: dict[str, GatewayRunner]) -> None:
    for second in range(0, 120, 2):
        look(runners[HERE], NOW + second * SECOND)
        moment = NOW + (second + 1) * SECOND
        assert not gateways.hold(NAMES[0], "machine-c/1/1", moment, moment + HELD)


def test_a_hold_that_was_taken_is_let_go(runners: dict[str, GatewayRunner]) -> None:
    shared_out(runners, NOW)
    lost = min(serves(runners[HERE]))
    models.Gateway.objects.filter(name=lost).update(held_by="machine-c/1/1", held_until=NOW + HELD)
    runners[HERE].look(NOW + BEAT)
    assert lost not in serves(runners[HERE])
    wait_for(runners[HERE]._served[lost].gateway.ended)
    assert gateway_holds.listed_gateways()[lost].holder == "machine-c/1/1", "it is not given up for another"


@pytest.mark.usefixtures("_towns")
def test_a_hold_that_was_given_up_is_not_renewed() -> None:
    """Its gateway was closed by a thread of its own while the process renewed all holds."""
    assert gateway_holds.take(NAMES, HERE, NOW, NOW + HELD, {}) == set(NAMES)
    gateway_holds.give_up(NAMES[:3], HERE)
    assert gateway_holds.renew(NAMES, HERE, NOW + 2 * HELD) == len(NAMES) - 3
    assert gateway_holds.take(NAMES, THERE, NOW, NOW + HELD, {}) == set(NAMES[:3])


@pytest.mark.usefixtures("_towns")
def test_what_a_process_asks_does_not_grow_with_its_gateways() -> None:
    asked = []
    for number in (1, 8):
        models.Gateway.objects.update(held_until=None)
        models.Gateway.objects.exclude(name__in=NAMES[:number]).update(kind="http")
        stop = Event()
        runner = GatewayRunner(stop, open_=lambda name, *_: Quiet(name), who=HERE)
        runner.look(NOW)
        with CaptureQueriesContext(connection) as captured:
            runner.look(NOW + BEAT)
            runner.attend(NOW + BEAT)
        asked.append([query["sql"] for query in captured])
        assert len(serves(runner)) == number
        stop.set()
        for service in runner._served.values():
            wait_for(service.gateway.ended)
        models.Gateway.objects.update(kind="gammu")
    assert [len(one) for one in asked] == [4, 4]


@pytest.mark.usefixtures("_towns")
def test_who_ended_in_order_leaves_at_once() -> None:
    stop = Event()
    runner = GatewayRunner(stop, open_=lambda name, *_: Quiet(name), who=THERE)
    runner.look(NOW)
    assert held_by(THERE) == set(NAMES)
    stop.set()
    runner.run()
    assert (held_by(THERE), processes.beats()) == (set(), {})


def test_one_that_ended_on_this_machine_is_known_at_once() -> None:
    from prepazka.process.identity import me  # noqa: PLC0415 -- beside its use

    gone = f"{me().rpartition('/')[0]}/1"
    processes.beat(gone, NOW)
    sharing = Sharing(HERE)
    sharing.beat(NOW)
    assert sharing.share(NAMES) == set(NAMES)
    assert sharing.gone([gone, HERE, "", "machine-c/1/1"]) == {gone: None}


# --- a node that differs from the others ----------------------------------------------------------

ANOTHER_KEY = "k" * 60


def look_in_turn(runners: dict[str, GatewayRunner], key_there: str, now: datetime) -> datetime:
    """Let both look, the second one with another secret key, until nothing changes; return the moment of the last."""
    for _ in range(4):
        now += 2 * SECOND
        look(runners[HERE], now)
        with override_settings(SECRET_KEY=key_there):
            look(runners[THERE], now)
    return now


@pytest.fixture
def _sealed_towns(_towns: None) -> None:
    for name in NAMES:
        gateways.keep(name, "gammu", {"database": "/srv/gammu"}, NOW, "test")


@pytest.mark.usefixtures("_sealed_towns")
def test_one_with_a_wrong_key_leaves_what_it_cannot_open_to_the_others(runners: dict[str, GatewayRunner]) -> None:
    now = look_in_turn(runners, ANOTHER_KEY, NOW)
    assert serves(runners[HERE]) == held_by(HERE) == set(NAMES)
    with override_settings(SECRET_KEY=ANOTHER_KEY):
        for name in NAMES:  # as somebody does on the page of the node with that key
            gateways.keep(name, "gammu", {"database": "/srv/other"}, NOW, "test")
    look_in_turn(runners, ANOTHER_KEY, now)
    assert serves(runners[THERE]) == held_by(THERE) == set(NAMES)


@pytest.mark.usefixtures("_sealed_towns")
def test_a_gateway_nobody_can_open_keeps_nobody_from_the_others(runners: dict[str, GatewayRunner]) -> None:
    lost = NAMES[0]
    with override_settings(SECRET_KEY=ANOTHER_KEY):
        gateways.keep(lost, "gammu", {"database": "/srv/lost"}, NOW, "test")
    now = look_in_turn(runners, settings.SECRET_KEY, NOW)
    assert serves(runners[HERE]) | serves(runners[THERE]) == set(NAMES) - {lost}
    gateways.keep(lost, "gammu", {"database": "/srv/found"}, NOW, "test")
    look_in_turn(runners, settings.SECRET_KEY, now)
    assert lost in serves(runners[HERE]) | serves(runners[THERE])


def test_a_kind_that_one_does_not_know_is_served_by_the_other(
    runners: dict[str, GatewayRunner], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = next(name for name in NAMES if owner(name, BOTH) == THERE)
    models.Gateway.objects.filter(name=theirs).update(kind="smpp")
    for second in range(0, 8, 2):
        look(runners[HERE], NOW + second * SECOND)
        with monkeypatch.context() as older:
            older.delitem(KINDS, "smpp")
            look(runners[THERE], NOW + second * SECOND)
    assert theirs in serves(runners[HERE])
    assert serves(runners[THERE]) == {name for name in NAMES if owner(name, BOTH) == THERE} - {theirs}


def test_one_whose_clock_is_wrong_serves_nothing_until_it_is_right(
    runners: dict[str, GatewayRunner], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_out(runners, NOW)
    with monkeypatch.context() as wrong:
        wrong.setattr(clock_watch, "apart", timedelta(hours=-1))
        look(runners[THERE], NOW + timedelta(hours=1))
        assert serves(runners[THERE]) == held_by(THERE) == set()
        assert not runners[THERE]._sharing.is_certain(NOW + timedelta(hours=1))
    look(runners[HERE], NOW + 2 * SECOND)
    assert serves(runners[HERE]) == set(NAMES), "at once, not when its holds run out"
    shared_out(runners, NOW + 4 * SECOND)


def test_the_version_before_beats_without_a_key_and_can_serve_all() -> None:
    run("INSERT INTO process_beat (process, seen_at) VALUES (%s, %s)", [THERE, moment(NOW)])
    assert processes.beats() == {THERE: processes.Beat(NOW)}


# --- gateways that share a few threads ------------------------------------------------------------


@pytest.fixture
def _hosted(_towns: None) -> None:
    models.Gateway.objects.update(kind="hosted")


class Slow(Quiet):
    """A gateway whose peer does not answer until the test lets it."""

    let_go = Event()

    def poll(self, wait: float) -> list[Any]:
        super().poll(wait)
        assert self.let_go.wait(30)
        return []


@pytest.mark.usefixtures("_hosted")
def test_peers_that_do_not_answer_hold_up_no_other_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_runner, "SHARED_THREADS", 8)
    made: dict[str, Quiet] = {}
    stop = Event()

    def open_(name: str, _kind: str, _settings: Mapping[str, Any]) -> Gateway:
        made[name] = Slow(name) if name in NAMES[:4] else Quiet(name)
        return made[name]

    runner = GatewayRunner(stop, open_=open_, who=HERE)
    try:
        runner.step(datetime.now(UTC))
        until(lambda: len(made) == len(NAMES) and all(one.served.is_set() for one in made.values()), "all are asked")
    finally:
        Slow.let_go.set()
        stop.set()
        runner.run()
    assert all(one.closed.is_set() for one in made.values())
