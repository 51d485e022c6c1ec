"""What is told of the processes that serve: a database that takes nothing, work nobody does, names that are refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from prepazka.flows.health import serving
from prepazka.flows.health.alarms import Problem
from prepazka.flows.health.clock_watch import JUMP, TOLD, ClockWatch, jump_problems
from prepazka.flows.health.worker_watch import STALLED, WorkerWatch
from prepazka.flows.health.write_probe import WriteProbe
from prepazka.store import leases, marks, models

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 5, 8, 30, tzinfo=UTC)
LENGTH = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _nothing_happened_yet() -> None:
    models.Mark.objects.all().delete()
    models.Lease.objects.all().delete()


@pytest.mark.parametrize(
    "reason", ["database or disk is full", "cannot execute INSERT in a read-only transaction", "disk I/O error"]
)
def test_a_database_that_takes_nothing_is_told_with_its_own_reason(
    monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    def refuse(_: datetime) -> None:
        raise OperationalError(reason)

    monkeypatch.setattr(serving, "write_probe", WriteProbe(refuse))
    (problem,) = serving.writing_problems(NOW)
    assert problem.what == f"database: it takes nothing that is written: {reason}"
    assert "make room" in problem.fix


def work(now: datetime) -> list[Problem]:
    return list(serving.work_problems(now))


def test_work_nobody_does_is_told_and_before_the_first_start_nothing_is() -> None:
    assert work(NOW) == []
    for name in ("at once", "each minute"):
        leases.take(name, "brno/1/1", NOW, LENGTH)
    assert work(NOW + LENGTH + STALLED) == []
    leases.take("each minute", "brno/2/2", NOW + timedelta(minutes=5), LENGTH)  # another process goes on with this
    (problem,) = work(NOW + LENGTH + STALLED + timedelta(seconds=1))
    assert problem.what == "work: what is due at once has been done by nobody since 2026-08-05 08:30 UTC"
    assert "prepazka serve" in problem.fix


@pytest.mark.parametrize(
    ("host", "is_told"),
    [
        ("objednani.chrast.example", True),
        ("192.168.7.20", True),
        ("[fd00::7]", True),
        ("localhost", False),
        ("93.184.216.34", False),
        ("[2606:2800:220:1::1]", False),
    ],
)
def test_a_refused_name_is_told_and_who_goes_through_all_addresses_is_not(
    settings: Any, host: str, is_told: bool
) -> None:
    settings.ALLOWED_HOSTS = ["objednani.hlinsko.example", "localhost"]
    marks.put_host(host, NOW)
    assert [one.values["host"] for one in serving.host_problems(NOW)] == ([host] if is_told else [])
    assert list(serving.host_problems(NOW + timedelta(days=1, seconds=1))) == []


def test_a_thread_that_ended_is_known_and_a_command_is_no_node() -> None:
    watch = WorkerWatch()
    assert (watch.serves, watch.ended) == (False, "")
    watch.note(NOW, "messages")
    watch.note_end("messages")
    assert (watch.serves, watch.ended) == (True, "messages")


# --- a clock that was set ----------------------------------------------------------------------


class Machine:
    """A machine's two clocks."""

    def __init__(self) -> None:
        self.now, self.steady, self.watch = NOW, 1000.0, ClockWatch()
        self.look()

    def look(self) -> None:
        self.watch.look(self.now, self.steady)

    def run(self, seconds: float, jump: timedelta = timedelta()) -> None:
        self.now += timedelta(seconds=seconds) + jump
        self.steady += seconds
        self.look()


@pytest.mark.parametrize(("hours", "way"), [(1, "forward"), (-1, "back"), (2000, "forward")])
def test_a_clock_that_was_set_by_an_hour_is_told_for_a_day(hours: int, way: str) -> None:
    machine = Machine()
    machine.run(5)
    machine.run(5, timedelta(hours=hours))
    (problem,) = jump_problems(machine.now)
    assert f"was set {way} by {abs(hours) * 3600} s" in problem.what
    assert f"{machine.now:%Y-%m-%d %H:%M}" in problem.what
    machine.run(TOLD.total_seconds() - 1)
    assert len(list(jump_problems(machine.now))) == 1
    machine.run(1)
    assert list(jump_problems(machine.now)) == []


def test_of_a_clock_that_was_set_and_set_back_the_last_is_told() -> None:
    machine = Machine()
    machine.run(5, timedelta(hours=1))
    machine.run(5, -timedelta(hours=1))
    (problem,) = jump_problems(machine.now)
    assert "was set back by 3600 s, at 2026-08-05 08:30" in problem.what


def test_a_machine_that_slept_or_whose_clock_is_slewed_has_not_jumped() -> None:
    machine = Machine()
    machine.run(8 * 3600)  # both clocks go on while it sleeps
    for _ in range(200):
        machine.run(5, timedelta(milliseconds=400))
    machine.run(5, JUMP - timedelta(seconds=1))
    assert list(jump_problems(machine.now)) == []


def test_a_jump_while_the_database_is_away_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    with monkeypatch.context() as patched:
        patched.setattr(marks, "put", lambda *_: (_ for _ in ()).throw(OperationalError("away")))
        with pytest.raises(OperationalError):
            machine.run(5, timedelta(hours=1))
    machine.run(5)
    (problem,) = jump_problems(machine.now)
    assert "by 3600 s" in problem.what
