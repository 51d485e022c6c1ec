"""A process that is paused in the middle of a transaction holds nobody up for longer than seconds."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from prepazka.process.stalled_sessions import AGAIN, LIMIT, StalledSessions
from prepazka.store import marks, stalled_sessions
from prepazka.store.models import Mark
from prepazka.store.sql import rows
from prepazka.store.time_limits import COMMAND
from tests.waiting import until

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
# Seconds, by docs/spec/health.md §9.
HELD_AT_MOST = 5.0
MANY_ROWS = b"SELECT repeat('x', 1000) FROM generate_series(1, 50000)"
LOCK = "SELECT name FROM mark WHERE name = 'office' FOR NO KEY UPDATE"

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@contextmanager
def other_process() -> Iterator["psycopg.Connection[tuple[str]]"]:
    """A connection of another process with the same user."""
    used = connection.settings_dict
    other = psycopg.connect(
        host=used["HOST"], port=used["PORT"], user=used["USER"], password=used["PASSWORD"] or None, dbname=used["NAME"]
    )
    try:
        yield other
    finally:
        other.close()


def is_locked() -> bool:
    try:
        with transaction.atomic():
            Mark.objects.select_for_update(nowait=True, no_key=True).get(name="office")
    except OperationalError:
        return True
    return False


def stopped_at_a_lock(other: "psycopg.Connection[tuple[str]]") -> None:
    """Let the other process take a lock as `sql.together` does, read the row, and stop there."""
    assert other.execute(LOCK).fetchall() == [("office",)]
    until(stalled_sessions.waiting_for_client, "the server waits for its client")


def test_a_process_that_is_paused_within_its_statements_lets_go() -> None:
    marks.put("office", NOW)
    sessions = StalledSessions()
    with other_process() as other:
        with suppress(psycopg.OperationalError), other.pipeline():
            stopped_at_a_lock(other)
            assert is_locked()
            assert sessions.pause + LIMIT <= HELD_AT_MOST
            assert sessions.look(100.0) == 0
            assert sessions.pause == AGAIN, "looked at more often from now on"
            assert sessions.look(100.0 + LIMIT - 0.1) == 0
            assert is_locked()
            assert sessions.look(100.0 + LIMIT) == 1
            until(lambda: not is_locked(), "the lock is free")
        with pytest.raises(psycopg.OperationalError):
            other.execute(LOCK)
        assert sessions.look(101.0 + LIMIT) == 0
    assert sessions.pause > AGAIN


def test_a_process_that_is_paused_while_it_reads_many_rows_lets_go_of_those_who_wait() -> None:
    marks.put("office", NOW)
    sessions = StalledSessions()
    with other_process() as reader, other_process() as waits:
        reader.execute(LOCK)
        reader.pgconn.send_query(MANY_ROWS)
        until(lambda: connection_state(reader) == "ClientWrite", "it reads no more")
        assert [sessions.look(moment) for moment in (50.0, 50.0 + 10 * LIMIT)] == [0, 0], "nobody waits for it"
        waits.pgconn.send_query(LOCK.encode())
        until(lambda: connection_state(waits) == "transactionid", "the other one waits")
        assert [sessions.look(moment) for moment in (100.0, 100.0 + LIMIT - 0.1, 100.0 + LIMIT)] == [0, 0, 1]
        until(lambda: connection_state(waits) == "ClientRead", "the other one goes on")


def test_a_process_that_is_paused_between_its_statements_lets_go_of_those_who_wait() -> None:
    """The server's own limit ends it no more after a flush (`make test-ha`, node-cut)."""
    marks.put("office", NOW)
    sessions = StalledSessions()
    with other_process() as paused, other_process() as waits:
        paused.execute(LOCK)
        paused.pgconn.enter_pipeline_mode()
        paused.pgconn.send_flush_request()
        paused.pgconn.flush()
        assert [sessions.look(moment) for moment in (50.0, 50.0 + 10 * LIMIT)] == [0, 0], "nobody waits for it"
        waits.pgconn.send_query(LOCK.encode())
        until(lambda: connection_state(waits) == "transactionid", "the other one waits")
        assert [sessions.look(moment) for moment in (100.0, 100.0 + LIMIT - 0.1, 100.0 + LIMIT)] == [0, 0, 1]
        until(lambda: connection_state(waits) == "ClientRead", "the other one goes on")


def test_a_command_that_thinks_for_long_is_left_alone() -> None:
    marks.put("office", NOW)
    sessions = StalledSessions()
    with other_process() as thinks, other_process() as waits:
        thinks.execute(f"SET application_name = '{COMMAND}'".encode())
        thinks.execute(LOCK)
        waits.pgconn.send_query(LOCK.encode())
        until(lambda: connection_state(waits) == "transactionid", "the other one waits")
        assert [sessions.look(moment) for moment in (100.0, 100.0 + 10 * LIMIT)] == [0, 0]


def connection_state(of: "psycopg.Connection[tuple[str]]") -> str:
    found = rows("SELECT wait_event FROM pg_stat_activity WHERE pid = %s", [of.info.backend_pid])
    return str(found[0][0]) if found else ""


def test_a_process_that_goes_on_keeps_what_it_has() -> None:
    """However long its transaction lasts: each of its statements is looked at anew."""
    marks.put("office", NOW)
    sessions = StalledSessions()
    with other_process() as other, other.pipeline():
        for look in range(5):
            stopped_at_a_lock(other)
            assert sessions.look(100.0 + look * (LIMIT - 0.1)) == 0
        assert is_locked()


def test_a_restore_that_copies_rows_is_left_alone() -> None:
    sessions = StalledSessions()
    with other_process() as other, other.cursor().copy("COPY mark (name, at) FROM STDIN") as rows:
        rows.write_row(("restored", NOW))
        assert sessions.look(100.0) == 0
        assert sessions.look(100.0 + 10 * LIMIT) == 0
