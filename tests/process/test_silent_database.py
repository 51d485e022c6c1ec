"""A PostgreSQL that is paused, or whose disk hangs, keeps nobody for ever: its callers are told to come again."""

from collections.abc import Iterator
from threading import Event, Thread

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from prepazka.process.silent_database import SilentDatabase
from prepazka.store.sql import rows
from tests.waiting import DEADLINE, until

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


class Asking:
    """A thread that asks the database something, on a connection of its own."""

    def __init__(self, database: SilentDatabase, statement: str) -> None:
        self.began, self.error, self.server = Event(), "", 0
        self._database, self._statement = database, statement
        self._thread = Thread(target=self._run)
        self._thread.start()
        assert self.began.wait(DEADLINE)

    def _run(self) -> None:
        try:
            [(self.server,)] = rows("SELECT pg_backend_pid()")
            self._database.note(connection)
            self.began.set()
            rows(self._statement)
        except OperationalError as error:
            self.error = str(error)
        finally:
            connection.close()

    def end(self) -> str:
        """Wait for its end; return what its caller was told."""
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()
        return self.error


@pytest.fixture
def database() -> SilentDatabase:
    return SilentDatabase(0.3)


@pytest.fixture
def asking(database: SilentDatabase) -> Iterator[Asking]:
    """Whoever waits for a server that says nothing."""
    asked = Asking(database, "SELECT pg_sleep(3600)")
    yield asked
    rows("SELECT pg_terminate_backend(%s)", [asked.server])


def test_whoever_waits_for_a_silent_server_is_told(database: SilentDatabase, asking: Asking) -> None:
    until(database.look, "the connection is given up")
    assert asking.end()
    assert database.look() == 0


def test_a_server_that_is_silent_because_nobody_asks_is_let_be(database: SilentDatabase, asking: Asking) -> None:
    """A connection that is idle, one within a transaction, and one that has just asked outlast the one given up."""
    connection.ensure_connection()
    database.note(connection)
    with transaction.atomic():
        rows("SELECT 1")
        until(database.look, "the other connection is given up")
        assert rows("SELECT 2") == [(2,)]
    patient = SilentDatabase(3600)
    busy = Asking(patient, "SELECT pg_sleep(0.01)")
    assert (patient.look(), busy.end(), rows("SELECT 3")) == (0, "", [(3,)])


def test_a_connection_that_was_closed_is_nobodys(database: SilentDatabase) -> None:
    closed = psycopg.connect(**connection.get_connection_params())
    database.note(type("Wrapper", (), {"connection": closed})())
    closed.close()
    assert database.look() == 0
