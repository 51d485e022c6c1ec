"""A write tells what a read cannot; whoever asks shares it, and one that hangs holds nobody."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import OperationalError, connection

from prepazka.flows.health import write_probe
from prepazka.flows.health.worker_watch import WorkerWatch
from prepazka.flows.health.write_probe import AGAIN, EVERY, WriteProbe
from prepazka.store import marks, models
from tests.waiting import DEADLINE

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


def counting(written: list[datetime]) -> Callable[[datetime], None]:
    return written.append


def test_one_write_serves_everybody_for_two_seconds() -> None:
    written: list[datetime] = []
    probe = WriteProbe(counting(written), DEADLINE)
    for seconds in (0.0, 0.5, 1.9, 2.0, 3.0):
        assert probe.failure(NOW + timedelta(seconds=seconds)) == ""
    assert written == [NOW, NOW + EVERY]


def test_a_failure_is_shared_for_half_a_second_so_that_callers_come_back_soon() -> None:
    tried: list[datetime] = []

    def fails_twice(now: datetime) -> None:
        tried.append(now)
        if len(tried) < 3:
            raise OperationalError("cannot execute INSERT in a read-only transaction")

    probe = WriteProbe(fails_twice, DEADLINE)
    told = [probe.failure(NOW + part * AGAIN / 2) for part in range(7)]
    assert [bool(reason) for reason in told] == [True, True, True, True, False, False, False]
    assert tried == [NOW, NOW + AGAIN, NOW + 2 * AGAIN], "and what succeeds is shared for longer"


def test_a_clock_set_back_does_not_stop_it() -> None:
    written: list[datetime] = []
    probe = WriteProbe(counting(written), DEADLINE)
    probe.failure(NOW)
    probe.failure(NOW - timedelta(hours=1))
    assert len(written) == 2


def test_a_write_that_hangs_is_a_failure_until_it_is_over() -> None:
    going, begun = Event(), list[datetime]()

    def hang(now: datetime) -> None:
        begun.append(now)
        going.wait()

    probe = WriteProbe(hang, deadline=0.01)
    assert "has not committed" in probe.failure(NOW)
    assert "has not committed" in probe.failure(NOW + EVERY)
    assert begun == [NOW], "no second one waits behind the first"
    going.set()
    probe._running.result()  # type: ignore[union-attr]  # it was begun
    probe._deadline = DEADLINE
    assert probe.failure(NOW + 2 * EVERY) == ""


def test_the_reason_is_the_databases_own_in_one_line() -> None:
    def readonly(_: datetime) -> None:
        raise OperationalError("attempt to write a readonly database\nDETAIL: more")

    assert WriteProbe(readonly, DEADLINE).failure(NOW) == "attempt to write a readonly database"


@pytest.mark.django_db(transaction=True)
def test_it_writes_for_this_node_and_forgets_those_that_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = WorkerWatch()
    monkeypatch.setattr(write_probe, "worker_watch", watch)
    watch.note(NOW)
    models.Mark.objects.create(name="node:gone/1", at=NOW - timedelta(days=8))
    probe = WriteProbe(deadline=DEADLINE)
    assert probe.failure(NOW) == ""
    assert [mark.at for mark in models.Mark.objects.all()] == [NOW]


@pytest.mark.django_db(transaction=True)
def test_a_command_that_can_write_is_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_probe, "worker_watch", WorkerWatch())
    assert WriteProbe(deadline=DEADLINE).failure(NOW) == ""
    assert [mark.name for mark in models.Mark.objects.all()] == [marks.WRITTEN]


# A disk that is full, on a connection of its own; PostgreSQL answers the same way once it has become a standby.
_SPOIL = {"sqlite": "PRAGMA max_page_count = 1", "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_no_write_is_told_while_it_answers_queries() -> None:
    read: list[int] = []

    def write_to_a_full_disk(now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_SPOIL[connection.vendor])
        read.append(models.Mark.objects.count())
        try:
            models.Mark.objects.bulk_create(models.Mark(name=f"{n}".zfill(300), at=now) for n in range(2000))
        finally:
            connection.close()

    if connection.vendor == "sqlite":  # what other tests deleted leaves room in the file
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    assert re.search("disk is full|read-only", WriteProbe(write_to_a_full_disk, DEADLINE).failure(NOW))
    assert read == [0]
    assert models.Mark.objects.count() == 0
