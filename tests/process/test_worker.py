"""The worker runs until it is stopped, whatever happens in one round, and stored messages wait behind nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from prepazka.bench.scratch import store_towns
from prepazka.flows.inbound import intake
from prepazka.gateways.values import Inbound
from prepazka.process import worker
from prepazka.process.worker import run
from prepazka.store import database_state, models, offices, processes
from prepazka.store.connections import Upkeep
from prepazka.store.counting import counting
from tests.offices import demo_office
from tests.waiting import DEADLINE, until

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
MODEM, NUMBER, ME = "modem", "+420739000077", "+420602111222"


@pytest.fixture(autouse=True)
def without_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(Upkeep, "after_round", lambda _upkeep: None)
    monkeypatch.setattr(counting, "store", lambda _now: None)  # what other tests of this process counted


def test_it_works_until_nothing_is_left_and_then_looks_again() -> None:
    stop = Event()
    left = [3, 2, 0, 1, 0]

    def work(_now: datetime) -> int:
        if len(left) == 1:
            stop.set()
        return left.pop(0)

    run(stop, work)
    assert not left


def test_a_fault_does_not_end_it() -> None:
    stop = Event()
    looks = []

    def work(_now: datetime) -> int:
        looks.append(_now)
        if len(looks) == 1:
            raise RuntimeError("the database is away")
        stop.set()
        return 0

    run(stop, work)
    assert len(looks) == 2
    assert all(moment.tzinfo for moment in looks)


@pytest.mark.django_db
def test_one_whose_clock_is_wrong_decides_no_stored_message(monkeypatch: pytest.MonkeyPatch) -> None:
    models.Gateway.objects.create(name=MODEM, kind="http", made_at=NOW)
    offices.keep(replace(demo_office(), numbers=(NUMBER,), gateways={NUMBER: MODEM}), NOW)
    intake.store([Inbound(MODEM, "1", ME, NUMBER, "OBJ ZOP NOVAK")], NOW)
    models.Inbound.objects.update(state="waiting")
    monkeypatch.setattr(processes, "living", lambda: {"machine-b/1/1": processes.Beat(NOW)})
    monkeypatch.setattr(database_state, "clock_difference", lambda: timedelta(days=1))
    assert worker._watch_clock(NOW) == worker.handle_messages(NOW) == 0
    monkeypatch.setattr(database_state, "clock_difference", timedelta)
    worker._watch_clock(NOW)
    assert worker.handle_messages(NOW) == 1


@pytest.fixture
def _a_message_among_many_offices(transactional_db: None) -> None:
    store_towns(300)
    models.Gateway.objects.create(name=MODEM, kind="http", made_at=datetime.now(UTC))
    ours = replace(demo_office(), slug="hlinsko", numbers=(NUMBER,), gateways={NUMBER: MODEM})
    offices.keep(ours, datetime.now(UTC))
    intake.store([Inbound(MODEM, "s1", ME, NUMBER, "POMOC")], datetime.now(UTC))


@pytest.mark.usefixtures("_a_message_among_many_offices")
def test_a_stored_message_is_answered_while_reminding_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    reminding, go_on, stop = Event(), Event(), Event()

    def remind_slowly(_now: datetime) -> int:
        reminding.set()
        go_on.wait(DEADLINE)
        return 0

    monkeypatch.setattr(worker, "PAUSE", 0.01)
    monkeypatch.setattr(worker, "remind", remind_slowly)
    models.Inbound.objects.update(state="failed")
    threads = worker.start(stop)
    try:
        assert reminding.wait(DEADLINE)
        models.Inbound.objects.update(state="waiting")
        until(lambda: models.Inbound.objects.get().state == "answered", "the message is answered")
        assert models.Outbound.objects.get().recipient == ME
        assert not go_on.is_set(), "and the reminders are still being made"
    finally:
        stop.set()
        go_on.set()
        for thread in threads:
            thread.join(DEADLINE)
    assert not any(thread.is_alive() for thread in threads)
