"""Plain SQL fails as Django's own statements do, in a transaction and outside of one, whoever listens to it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from prepazka.store.sql import changed, rows, run, send

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
