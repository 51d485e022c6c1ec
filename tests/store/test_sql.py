"""Plain SQL fails as Django's own statements do, in a transaction and outside of one, whoever listens to it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext

import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from prepazka.store.sql import changed, insert, rows, run, send

pytestmark = pytest.mark.django_db(transaction=True)

# How the second of two rows is made unreadable: it fails where the rows are fetched.
READ_BY = {"sqlite": "json({})", "postgresql": "CAST({} AS date)"}


@pytest.fixture(params=["unheard", "heard"])
def heard(request: pytest.FixtureRequest) -> AbstractContextManager[object]:
    return CaptureQueriesContext(connection) if request.param == "heard" else nullcontext()


@pytest.mark.parametrize("within", [transaction.atomic, nullcontext], ids=["in a transaction", "outside"])
def test_errors_are_djangos(
    heard: AbstractContextManager[object], within: Callable[[], AbstractContextManager[object]]
) -> None:
    failing: list[tuple[Callable[[], object], tuple[type[Exception], ...]]] = [
        (lambda: run("INSERT INTO opt_out (nonsense) VALUES (1)"), (OperationalError, ProgrammingError)),
        (lambda: changed("INSERT INTO breaker (gateway, failures) VALUES ('a', 0), ('a', 0)"), (IntegrityError,)),
        (lambda: rows("SELECT 1 FROM nowhere"), (OperationalError, ProgrammingError)),
        (lambda: send(half_readable()).fetch(), (OperationalError, DataError)),
    ]
    for work, errors in failing:
        with heard, pytest.raises(errors), within():
            work()


def half_readable() -> str:
    value = READ_BY[connection.vendor].format("value")
    return f"SELECT {value} FROM (SELECT 1 AS place, '1' AS value UNION ALL SELECT 2, 'no') AS listed ORDER BY place"


def test_nothing_is_done_in_a_transaction_that_is_broken(heard: AbstractContextManager[object]) -> None:
    with heard, transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            run("INSERT INTO breaker (gateway, failures) VALUES ('a', 0)")
    assert rows("SELECT COUNT(*) FROM breaker") == [(0,)]


def test_statements_that_are_listened_to_are_heard() -> None:
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        assert rows("SELECT {date:%s}", ["2026-08-03"])
    assert any("2026-08-03" in one["sql"] for one in captured.captured_queries)


def test_what_changed_is_counted() -> None:
    with transaction.atomic():
        assert changed("INSERT INTO breaker (gateway, failures) VALUES ('a', 0), ('b', 0)") == 2
        assert changed("UPDATE breaker SET failures = 1 WHERE gateway = %s", ["a"]) == 1
        assert changed("DELETE FROM breaker WHERE gateway = '100 %%'") == 0


HOURS = {"gateway": "varchar", "hour": "timestamptz", "heard": "int", "sent": "int", "unmatched": "int"}
HOUR = "2026-10-05 06:00:00+00:00"


@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=260, unique=False))
@settings(max_examples=25)
def test_as_many_rows_as_there_are_are_inserted_in_their_order(counts: list[int]) -> None:
    run("DELETE FROM gateway_hour")
    records = [(f"g{place:03d}", count, 0, 0) for place, count in enumerate(counts)]
    columns = {"hour": HOURS["hour"], **{name: kind for name, kind in HOURS.items() if name != "hour"}}
    with transaction.atomic():
        returned = insert(
            "gateway_hour", columns, records, same={"hour": HOUR}, then="RETURNING gateway, heard"
        ).fetch()
    assert returned == [(gateway, count) for gateway, count, _, _ in records]
    assert rows("SELECT gateway, heard FROM gateway_hour ORDER BY id") == returned


@pytest.mark.parametrize("count", [2, 3, 101, 137])
def test_rows_are_inserted_all_or_none(count: int) -> None:
    records = [(f"g{place}", HOUR, 1, 0, 0) for place in range(count - 1)]
    with pytest.raises(IntegrityError):
        insert("gateway_hour", HOURS, [*records, records[0]])
    assert rows("SELECT COUNT(*) FROM gateway_hour") == [(0,)]


def test_a_thread_has_a_connection_of_its_own() -> None:
    def connected(_: int) -> object:
        try:
            with transaction.atomic():
                rows("SELECT 1")
                return connection.connection
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as threads:
        other = threads.submit(connected, 0).result()
    with transaction.atomic():
        assert rows("SELECT 1") == [(1,)]
        assert connection.connection is not other


def test_statements_belong_to_the_transaction_also_beside_a_running_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django has a connection of its own for code that runs in a loop, as tests by Playwright do."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    assert rows("SELECT COUNT(*) FROM breaker") == [(0,)]

    async def undo() -> None:
        try:
            with transaction.atomic():
                run("INSERT INTO breaker (gateway, failures) VALUES ('a', 0)")
                transaction.set_rollback(True)
        finally:
            connection.close()

    asyncio.run(undo())
    assert rows("SELECT COUNT(*) FROM breaker") == [(0,)]
