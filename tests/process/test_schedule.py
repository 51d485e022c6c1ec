"""Work that one process does for all: in its time, one task's fault stops no other, and never by two at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from prepazka import clock
from prepazka.flows.every_office import in_every_office
from prepazka.flows.health.clock_watch import clock_watch
from prepazka.process import lease as of_process
from prepazka.process.lease import LENGTH, Lease
from prepazka.process.schedule import Schedule, Task
from prepazka.store import leases, models

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def noting(done: list[tuple[str, datetime]], name: str) -> Callable[[datetime], int]:
    def work(now: datetime) -> int:
        done.append((name, now))
        return 0

    return work


# --- in its time -------------------------------------------------------------------------------


def test_a_task_is_done_every_so_often_and_a_clock_set_back_stops_none() -> None:
    done: list[tuple[str, datetime]] = []
    schedule = Schedule("test", [Task("a", MINUTE, noting(done, "a"))])
    for now in (NOW, NOW + 59 * SECOND, NOW + MINUTE, NOW - timedelta(days=4000), NOW - timedelta(days=4000) + SECOND):
        schedule.step(now)
    assert [now for _, now in done] == [NOW, NOW + MINUTE, NOW - timedelta(days=4000)]


def test_one_rests_until_a_task_or_its_lease_is_due_and_never_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The holder renews its lease after 10 seconds; whoever does not hold it asks for it every 3."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    done: list[tuple[str, datetime]] = []
    alone = Schedule("alone", [Task("a", MINUTE, noting(done, "a")), Task("b", 2 * MINUTE, noting(done, "b"))])
    assert alone.rest(NOW) == 0
    alone.step(NOW)
    assert [alone.rest(NOW + seconds * SECOND) for seconds in (0, 17, 60)] == [60, 43, 0]
    assert alone.rest(NOW - timedelta(days=4000)) == 0, "a clock set back"
    holder = Schedule("a", [Task("a", MINUTE, noting(done, "a"))], Lease("a", "brno/1/1"))
    other = Schedule("b", [Task("a", MINUTE, noting(done, "a"))], Lease("a", "praha/2/2"))
    for schedule in (holder, other):
        schedule.step(NOW)
    assert (holder.rest(NOW + SECOND), other.rest(NOW + SECOND)) == (9, 2)


def test_what_is_done_in_batches_goes_on_until_nothing_is_left() -> None:
    left = [4, 3, 0, 1]
    schedule = Schedule("test", [Task("fold", MINUTE, lambda _now: left.pop(0), in_batches=True)])
    assert [schedule.step(NOW) for _ in range(5)] == [4, 3, 0, 0, 0]
    assert schedule.rest(NOW) == 60
    assert schedule.step(NOW + MINUTE) == 1


def test_a_task_that_fails_stops_none_after_it() -> None:
    done: list[tuple[str, datetime]] = []

    def broken(_now: datetime) -> int:
        raise ZeroDivisionError

    Schedule("test", [Task("a", MINUTE, broken), Task("b", MINUTE, noting(done, "b"))]).step(NOW)
    assert [name for name, _ in done] == ["b"]


def test_without_the_database_the_round_ends() -> None:
    done: list[tuple[str, datetime]] = []

    def away(_now: datetime) -> int:
        raise OperationalError("connection refused")

    with pytest.raises(OperationalError):
        Schedule("test", [Task("a", MINUTE, away), Task("b", MINUTE, noting(done, "b"))]).step(NOW)
    assert done == []


# --- the lease ---------------------------------------------------------------------------------


def test_a_lease_is_one_process_s_until_it_runs_out() -> None:
    assert leases.take("remind", "brno/1/1", NOW, LENGTH)
    assert leases.take("erase", "praha/2/2", NOW, LENGTH), "another kind of work"
    assert not leases.take("remind", "praha/2/2", NOW + LENGTH - SECOND, LENGTH)
    assert leases.take("remind", "brno/1/1", NOW + LENGTH - SECOND, LENGTH), "renewed"
    assert not leases.take("remind", "praha/2/2", NOW + LENGTH, LENGTH)
    assert leases.take("remind", "praha/2/2", NOW + 2 * LENGTH, LENGTH)
    assert leases.holder("remind") == "praha/2/2"


def test_a_lease_written_by_a_clock_of_tomorrow_binds_nobody() -> None:
    assert leases.take("remind", "brno/1/1", NOW + timedelta(days=1), LENGTH)
    assert leases.take("remind", "praha/2/2", NOW, LENGTH)


def test_the_lease_of_a_killed_process_of_this_machine_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Lease("remind", "brno/1/1").keep(NOW)
    assert not Lease("remind", "brno/2/2").keep(NOW)
    monkeypatch.setattr(of_process, "dead", lambda holder: holder == "brno/1/1")
    assert Lease("remind", "brno/2/2").keep(NOW)


def test_one_whose_clock_is_wrong_leaves_what_is_due_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    lease = Lease("remind", "brno/1/1")
    assert lease.keep(NOW)
    with monkeypatch.context() as wrong:
        wrong.setattr(clock_watch, "apart", timedelta(hours=1))
        assert not lease.keep(NOW + SECOND)
    assert Lease("remind", "praha/2/2").keep(NOW + LENGTH)
    assert not lease.keep(NOW + LENGTH), "it has been taken over"


def test_a_paused_process_stops_before_its_next_office_and_nothing_is_done_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first node is paused within an office; meanwhile its lease runs out, and the second one does the rest."""
    time = [NOW]
    monkeypatch.setattr(clock, "now", lambda: time[0])
    done: list[tuple[str, int]] = []

    def of(node: str) -> Callable[[int], int]:
        def work(office_id: int) -> int:
            done.append((node, office_id))
            if (node, office_id) == ("brno", 2):
                time[0] = NOW + LENGTH + SECOND
                second.step(time[0])
            return 1

        return work

    def left(_now: datetime) -> list[int]:
        return [one for one in (1, 2, 3, 4) if one not in {office_id for _, office_id in done}]

    second = Schedule(
        "b", [Task("a", MINUTE, lambda now: in_every_office(left(now), of("praha")))], Lease("a", "praha/2/2")
    )
    first = Schedule(
        "a", [Task("a", MINUTE, lambda now: in_every_office(left(now), of("brno")))], Lease("a", "brno/1/1")
    )
    assert first.step(NOW) == 2
    assert done == [("brno", 1), ("brno", 2), ("praha", 3), ("praha", 4)]
    assert first.step(time[0] + SECOND) == 0, "nor does it begin anything while the other holds the lease"


def test_a_held_lease_costs_a_statement_only_when_it_is_renewed(
    django_assert_num_queries: Callable[..., object],
) -> None:
    lease = Lease("remind", "brno/1/1")
    assert lease.keep(NOW)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]  # a context manager
        assert all(lease.keep(NOW + seconds * SECOND) for seconds in range(10))
    assert models.Lease.objects.get().until == NOW + LENGTH
    assert lease.keep(NOW + 10 * SECOND)
    assert models.Lease.objects.get().until == NOW + LENGTH + 10 * SECOND
