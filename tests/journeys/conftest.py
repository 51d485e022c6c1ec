"""An office in a database shared with other processes, and processes that can be killed and raced."""

import json
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.journeys import child
from tests.made_once import kept_once
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.journeys.child", "tests.journeys.desks"])

Task = Callable[..., None]


@pytest.fixture
def office_id(transactional_db: None) -> int:
    return kept_once(demo_office(), NOW).id


@pytest.fixture
def start(office_id: int) -> Iterator[Callable[..., ForkServerProcess]]:
    """Start a task of `child` in a process of its own on the test's database."""
    started: list[ForkServerProcess] = []

    def start(task: Task, *args: Any) -> ForkServerProcess:
        process = _FORKS.Process(target=task, args=(str(connection.settings_dict["NAME"]), *args))
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        if process.is_alive():
            process.kill()
        process.join()


@pytest.fixture
def run(start: Callable[..., ForkServerProcess], tmp_path: Path) -> Callable[..., Any]:
    """Run a task to its end; return its report, or None when it was killed."""
    report = tmp_path / "report.json"

    def run(task: Task, *args: Any) -> Any:
        report.unlink(missing_ok=True)
        process = start(task, *args, report)
        process.join(120)
        assert process.exitcode in {0, -9}
        return json.loads(report.read_text()) if report.exists() else None

    return run


@pytest.fixture
def at_once(start: Callable[..., Any], tmp_path: Path) -> Callable[..., Counter[str]]:
    """Run one task a process, all meeting at one barrier; return how often each outcome occurred."""

    def at_once(task: Callable[..., None], shares: list[tuple[Any, ...]]) -> Counter[str]:
        barrier = _FORKS.Barrier(len(shares))
        reports = [tmp_path / f"{place}.json" for place in range(len(shares))]
        running = [start(task, *share, barrier, report) for share, report in zip(shares, reports, strict=True)]
        for process in running:
            process.join(120)
            assert process.exitcode == 0
        return Counter(outcome for report in reports for outcome in json.loads(report.read_text()))

    return at_once


@pytest.fixture
def fatal_steps(whole: bool) -> Callable[[int], range]:
    """Return which steps a process is killed at: all; in the short form every second one, the others on PostgreSQL.

    The moment behind a statement is nearly the one before the next.
    """
    first = 1 if connection.vendor == "postgresql" else 0
    return lambda steps: range(steps) if whole else range(first, steps, 2)


def message(number: str, text: str, sender: str = "+420777123456") -> Inbound:
    return Inbound("drill", number, sender, NUMBER, text)


def forget_everything() -> None:
    """Empty the tables of messages and bookings."""
    for of_queue in (models.TicketEvent, models.Ticket, models.TicketSeries, models.Staffing, models.QueueState):
        of_queue.objects.all().delete()
    for table in (
        models.Outbound,
        models.Inbound,
        models.Booking,
        models.WaitlistEntry,
        models.Receipt,
        models.Breaker,
    ):
        table.objects.all().delete()


def books() -> dict[str, Any]:
    """Return the office's data, without what differs from run to run (row ids and codes)."""
    replies = models.Outbound.objects.filter(kind="reply")
    return {
        "messages": list(models.Inbound.objects.order_by("gateway_id").values_list("gateway_id", "state", "outcome")),
        "bookings": sorted(
            models.Booking.objects.values_list("service__code", "starts_at", "lane", "name", "sender", "state")
        ),
        "answered": sorted(replies.values_list("in_reply_to__gateway_id", flat=True)),
    }


@contextmanager
def without_constraints() -> Iterator[None]:
    """Remove the database's guards against double booking, and restore them on an empty table."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT type, name, sql FROM sqlite_master "
                "WHERE name IN ('one_booking_a_lane', 'booking_no_overlap_insert', 'booking_no_overlap_update') "
                "ORDER BY type"
            )
            guards = cursor.fetchall()
            take = [f"DROP {kind} {name}" for kind, name, _ in guards]
            give = [sql for _, _, sql in guards]
    else:
        take = ["ALTER TABLE booking DROP CONSTRAINT booking_no_overlap", "DROP INDEX one_booking_a_lane"]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT indexdef FROM pg_indexes WHERE indexname = 'one_booking_a_lane'), "
                "(SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'booking_no_overlap')"
            )
            index, constraint = cursor.fetchone()
        give = [index, f"ALTER TABLE booking ADD CONSTRAINT booking_no_overlap {constraint}"]
    with connection.cursor() as cursor:
        for statement in take:
            cursor.execute(statement)
    try:
        yield
    finally:
        forget_everything()
        with connection.cursor() as cursor:
            for statement in give:
                cursor.execute(statement)


__all__ = ["NOW", "NUMBER", "books", "child", "forget_everything", "message", "without_constraints"]
