"""A process that has nothing to do asks the database little: each statement wakes two processes."""

from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from django.db import DEFAULT_DB_ALIAS, connection
from django.db import connections as databases
from django.test.utils import CaptureQueriesContext

from prepazka.bench.scratch import store_towns
from prepazka.process import worker
from prepazka.store import connections
from prepazka.store.connections import Upkeep

BEGUN = datetime(2026, 9, 7, 9, 41, tzinfo=UTC)
SECONDS = 60


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_worker_asks_a_few_questions_a_second() -> None:
    store_towns(1)
    rounds = [worker.handle_messages, worker.own_work().step, worker.at_once().step]
    for work in rounds:
        work(BEGUN)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for second in range(1, SECONDS + 1):
            for work in rounds:
                work(BEGUN + timedelta(seconds=second))
    questions = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
    assert SECONDS < len(questions) <= 6 * SECONDS


@pytest.mark.django_db
@pytest.mark.parametrize(("pooled", "looks"), [(False, 2), (True, 25)])
def test_a_thread_looks_at_its_connection_now_and_then(
    pooled: bool, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool gets it back each time."""
    looked = Mock()
    monkeypatch.setattr(connections, "close_old_connections", looked)
    monkeypatch.setattr(connections, "is_pooled", lambda: pooled)
    database = databases[DEFAULT_DB_ALIAS]
    monkeypatch.setattr(database, "errors_occurred", False)
    upkeep = Upkeep()
    for _ in range(25):
        upkeep.after_round()
    assert looked.call_count == looks
    monkeypatch.setattr(database, "errors_occurred", True)
    upkeep.after_round()
    assert looked.call_count == looks + 1, "and after a fault at once"
