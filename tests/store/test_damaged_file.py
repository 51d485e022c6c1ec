"""A damaged SQLite file is told as a database that is away: callers are to come again, and no message is given up."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

pytestmark = pytest.mark.django_db  # which lets connections be used

PAGE = 4096


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A file some of whose pages were overwritten."""
    path = tmp_path / "damaged.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)")
        made.executemany("INSERT INTO place (name) VALUES (?)", [(f"{n:0200}",) for n in range(2_000)])
    made.close()
    content = path.read_bytes()
    kept = len(content) - 40 * PAGE
    path.write_bytes(content[:kept] + b"\xff" * (40 * PAGE))
    options = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": 0}
    opened = DatabaseWrapper(options | {"NAME": str(path), "OPTIONS": {}, "TIME_ZONE": None})
    opened.inc_thread_sharing()
    yield opened
    opened.close()


def test_damage_is_told_as_a_database_that_is_away(damaged: BaseDatabaseWrapper) -> None:
    with damaged.cursor() as cursor:
        with pytest.raises(OperationalError, match="malformed") as told:
            cursor.execute("SELECT SUM(LENGTH(name)) FROM place").fetchall()
        assert type(told.value.__cause__) is sqlite3.DatabaseError
    assert damaged.errors_occurred, "the connection is closed after the request"


def test_everything_else_is_told_as_ever(damaged: BaseDatabaseWrapper) -> None:
    with damaged.cursor() as cursor:
        with pytest.raises(IntegrityError):
            cursor.execute("INSERT INTO place (id, name) VALUES (1, 'again')")
        with pytest.raises(OperationalError, match="no such table"):
            cursor.execute("SELECT 1 FROM nowhere")
