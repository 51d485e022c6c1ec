"""Bringing the tables up to this version: one process at a time, and no lock is waited for while others wait behind."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from prepazka.commands import CommandFailed
from prepazka.commands.database_faults import hindrance
from prepazka.private_files import make_directory
from prepazka.store import database_state, factors, gateways, schema, traces

# docs/spec/contract.md §1.2: "waits 2 seconds for a lock"
LOCK_WAIT = "2s"
TRIES = 30
PAUSE = 1.0
"""Seconds between two tries, in which those who waited behind us go on."""

ENCODING = "its encoding is {encoding}, which cannot hold every letter"
MAKE_IN_UTF8 = "make it anew: createdb --encoding=UTF8 --template=template0 NAME"

_KEY = 0x70726570617A6B61
"""Of PostgreSQL's advisory lock: "prepazka"."""
_NO_LOCK = "55P03"  # PostgreSQL's lock_not_available


class BroughtUpToDate(NamedTuple):
    """What was done. migrations: the names of those applied; gateways, second_steps: whose secrets got today's key."""

    migrations: Sequence[str]
    gateways: int
    second_steps: int


def make_tables() -> BroughtUpToDate:
    """Bring the tables up to this version, in an empty database from the start, and secrets to today's key."""
    if connection.vendor == "sqlite":
        make_directory(Path(str(connection.settings_dict["NAME"])).parent)
    done = BroughtUpToDate(migrate(), gateways.seal_anew(), factors.seal_anew())
    traces.remove()  # of secrets and numbers that a migration has encrypted or erased
    return done


def migrate(pause: Callable[[float], None] = time.sleep) -> list[str]:
    """Apply what is pending; return its names. A second process waits for the first, and then has nothing to do.

    Raises: CommandFailed when the tables were in use all the time; what is applied by then stays. And for a database
    that cannot hold every letter, or where the first tables could not be made; nothing is changed then.
    """
    if encoding := database_state.wrong_encoding():
        raise CommandFailed(f"the database: {ENCODING.format(encoding=encoding)}; {MAKE_IN_UTF8}")
    if connection.vendor == "postgresql" and schema.pending():
        from prepazka.commands.postgresql_tools import go_past_a_pooler  # noqa: PLC0415 -- needs the driver

        go_past_a_pooler()
    with _alone(pause):
        # Under the lock: what another process makes just now is ours.
        if hindered := hindrance():
            raise CommandFailed(f"the database: {hindered.what}; {hindered.fix}")
        pending = schema.pending()
        if pending:
            _apply(pause)
    return pending


def _apply(pause: Callable[[float], None]) -> None:
    for _ in range(TRIES):
        try:
            with _short_waits():
                call_command("migrate", verbosity=0, interactive=False)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != _NO_LOCK:
                raise
            pause(PAUSE)
        else:
            return
    raise CommandFailed(
        "the tables are in use by a long transaction, so they could not be changed; nothing is half done: "
        "see pg_stat_activity, and run again: prepazka migrate"
    )


@contextmanager
def _short_waits() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@contextmanager
def _alone(pause: Callable[[float], None]) -> Iterator[None]:
    """Wait until no other process migrates this database."""
    if connection.vendor == "sqlite":
        # The directory's lock: closing a descriptor of the database itself would end SQLite's own locks.
        directory = os.open(Path(str(connection.settings_dict["NAME"])).absolute().parent, os.O_RDONLY)
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            yield
        finally:
            os.close(directory)
        return
    # In a transaction of a connection of its own: the lock is also right behind a pooler, and gone with the process.
    # It may keep no snapshot, for the making of an index waits for the end of each: so it is asked for again and again
    # in place of waiting, and another statement ends what the question has left open.
    guard = connection.copy()
    try:
        guard.set_autocommit(False)
        with guard.cursor() as cursor:
            while not _is_granted(cursor):
                guard.rollback()
                pause(PAUSE)
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
    finally:
        guard.close()


def _is_granted(cursor: CursorWrapper) -> bool:
    cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_KEY])
    return bool(cursor.fetchone()[0])
