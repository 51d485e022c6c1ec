"""A thread that answers a crowd of calls looks at its connection now and then, and hears of its end at once."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from prepazka.store import connections
from tests.waiting import until

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the looks."""
    seconds = [1000.0]
    monkeypatch.setattr(connections, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(connections, "_looked", connections._Looked())
    return seconds


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The looks that were taken by a statement, and what they found."""
    connection.close()
    connection.ensure_connection()
    looks: list[bool] = []
    usable = connection.is_usable

    def is_usable() -> bool:
        looks.append(usable())
        return looks[-1]

    monkeypatch.setattr(connection, "is_usable", is_usable)
    return looks


@pytest.fixture
def end_session() -> Iterator[Any]:
    """Ends our session at the server."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:

        def end_session() -> None:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
            until(lambda: not connections._is_well(), "its line tells that it ended")

        yield end_session


def call() -> None:
    connections.before_call()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connections.after_call()


def test_in_a_crowd_of_calls_one_look_is_taken_a_second(seconds: list[float], looks: list[bool]) -> None:
    for _ in range(50):
        call()
    assert looks == [True]
    seconds[0] += 1.0
    for _ in range(50):
        call()
    assert looks == [True, True]


@pytest.mark.usefixtures("seconds")
def test_a_session_that_the_server_ended_fails_no_call(looks: list[bool], end_session: Any) -> None:
    call()
    end_session()
    call()
    assert looks == [True, False]


@pytest.mark.usefixtures("seconds", "looks")
def test_after_a_failure_the_next_call_has_another_connection(end_session: Any) -> None:
    call()
    with pytest.raises(OperationalError):
        _end_within_a_call(end_session)
    call()


def _end_within_a_call(end_session: Any) -> None:
    connections.before_call()
    try:
        end_session()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connections.after_call()
