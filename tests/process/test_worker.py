"""The worker runs until it is stopped, whatever happens in one round."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from prepazka.flows.health import offices as office_health
from prepazka.flows.retention import Erased, Forgotten
from prepazka.process import worker
from prepazka.store.counting import counting


@pytest.fixture(autouse=True)
def without_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(counting, "store", lambda _now: None)  # what other tests of this process counted


def test_it_works_until_nothing_is_left_and_then_looks_again() -> None:
    stop = Event()
    left = [3, 2, 0, 1, 0]

    def work(_now: datetime) -> int:
        if len(left) == 1:
            stop.set()
        return left.pop(0)

    worker.run(stop, work)
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

    worker.run(stop, work)
    assert len(looks) == 2
    assert all(moment.tzinfo for moment in looks)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing to do but the work under test."""
    for journey in (
        "inbound.receive.work",
        "booking.hold.settle",
        "booking.hold.forget",
        "booking.cancel_later.carry_out",
        "booking.waitlist.notify_after_delay",
        "inbound.intake.tidy",
        "outbound.deliver.show",
        "outbound.deliver.tidy",
    ):
        monkeypatch.setattr(f"prepazka.flows.{journey}", lambda _now: 0)
    monkeypatch.setattr(office_health.examination, "go_on", lambda _most: 0)
    monkeypatch.setattr(worker.Worker, "_list", lambda _self, _now: 0)
    for journey in ("remind", "close_days", "see_to_counters", "take_over"):
        monkeypatch.setattr(worker, journey, lambda _now: 0)


@pytest.mark.usefixtures("idle")
def test_personal_data_are_erased_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    erased_at = []
    forgotten_at = []

    def erase(office_id: int, now: datetime) -> Erased:
        erased_at.append((office_id, now))
        return Erased(bookings=1)

    def forget(now: datetime) -> Forgotten:
        forgotten_at.append(now)
        return Forgotten(names=1)

    monkeypatch.setattr(worker, "erase", erase)
    monkeypatch.setattr(worker, "forget", forget)
    monkeypatch.setattr("prepazka.flows.inbound.intake.forget", lambda _now: None)
    monkeypatch.setattr("prepazka.store.offices.ids", lambda: [1, 2])
    monkeypatch.setattr("prepazka.store.accounts.forget_old_sessions", lambda: None)
    monkeypatch.setattr(worker, "leave_no_trace", lambda _now: None)
    monkeypatch.setattr("prepazka.store.rate_limits.delete_expired", lambda _now: 0)
    working = worker.Worker()
    began = datetime(2026, 8, 3, 7, tzinfo=UTC)
    for minutes in (0, 1, 59, 60, 61):
        working.step(began + timedelta(minutes=minutes))
    later = began + timedelta(minutes=60)
    assert erased_at == [(1, began), (2, began), (1, later), (2, later)]
    assert forgotten_at == [began, later]


@pytest.mark.usefixtures("idle")
def test_days_that_are_over_are_closed_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    closed_at: list[datetime] = []

    def close_days(now: datetime) -> int:
        closed_at.append(now)
        return 0

    monkeypatch.setattr(worker, "close_days", close_days)
    working = worker.Worker()
    monkeypatch.setattr(working, "_erase", lambda _now: 0)
    began = datetime(2026, 8, 3, 7, tzinfo=UTC)
    for seconds in (0, 1, 59, 60):
        working.step(began + timedelta(seconds=seconds))
    assert closed_at == [began, began + timedelta(minutes=1)]


@pytest.mark.usefixtures("idle")
def test_a_clock_set_back_stops_no_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, datetime]] = []

    def note(what: str, came: object) -> Callable[[datetime], object]:
        def noted(now: datetime) -> object:
            done.append((what, now))
            return came

        return noted

    for what, came in (("remind", 0), ("close_days", 0), ("forget", Forgotten())):
        monkeypatch.setattr(worker, what, note(what, came))
    monkeypatch.setattr("prepazka.flows.inbound.intake.forget", lambda _now: None)
    monkeypatch.setattr("prepazka.store.offices.ids", list)
    monkeypatch.setattr("prepazka.store.accounts.forget_old_sessions", lambda: None)
    monkeypatch.setattr(worker, "leave_no_trace", lambda _now: None)
    monkeypatch.setattr("prepazka.store.rate_limits.delete_expired", lambda _now: 0)
    working = worker.Worker()
    began = datetime(2026, 8, 3, 7, tzinfo=UTC)
    for now in (began + timedelta(days=4000), began, began + timedelta(seconds=1)):
        working.step(now)
    assert [now for what, now in done if what == "remind"] == [began + timedelta(days=4000), began]
    assert len(done) == 6


@pytest.mark.usefixtures("idle")
def test_visits_are_reminded_of_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[datetime] = []

    def remind(now: datetime) -> int:
        looked_at.append(now)
        return 0

    monkeypatch.setattr(worker, "remind", remind)
    working = worker.Worker()
    monkeypatch.setattr(working, "_erase", lambda _now: 0)
    began = datetime(2026, 8, 3, 7, tzinfo=UTC)
    for seconds in (0, 1, 59, 60):
        working.step(began + timedelta(seconds=seconds))
    assert looked_at == [began, began + timedelta(minutes=1)]
