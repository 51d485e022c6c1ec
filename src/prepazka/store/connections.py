"""Connections: each thread's own for as long as it lasts, or lent by the pool of the process; prepared statements."""

import sqlite3
from pathlib import Path
from select import POLLIN, poll
from threading import local
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from weakref import WeakSet

from django.db import OperationalError, close_old_connections, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseErrorWrapper

from prepazka.store.database_errors import is_damaged

if TYPE_CHECKING:
    from psycopg import Connection

# Rounds of a thread between two looks whether its connection still works.
_LOOK_EVERY = 10
# Seconds between two looks at a connection that one call after another uses, while its line is quiet.
_LOOK_AFTER = 1.0
# How often a connection sends a statement before PostgreSQL keeps it planned; the driver's own default.
_PREPARED_AFTER = 5
# Connections of which it is known whether a pooler stands between.
_looked_at: WeakSet[Any] = WeakSet()


def give_back() -> None:
    """Give this thread's connection back to the pool before something that takes long; without a pool, do nothing.

    Within a transaction it stays: it would be lost.
    """
    if is_pooled() and not connection.in_atomic_block:
        connection.close()


def is_pooled() -> bool:
    """Whether the threads of this process share their connections."""
    return "pool" in connection.settings_dict.get("OPTIONS", {})


class Upkeep:
    """The connection of a thread that asks again and again: a look whether it still works costs a statement, so it is
    taken now and then, and after a fault; what a pool lent is given back after each round.
    """

    def __init__(self) -> None:
        self._rounds = 0

    def after_round(self) -> None:
        """Look at the connection, where it is time."""
        self._rounds += 1
        if connection.errors_occurred or self._rounds >= _LOOK_EVERY or is_pooled():
            self._rounds = 0
            close_old_connections()


class _Looked(local):
    """When this thread looked at its connection."""

    at = float("-inf")


_looked = _Looked()


def before_call() -> None:
    """Look whether this thread's connection still works, as Django does before each request.

    Its look is a statement, so in a crowd of calls it is taken once a second: one that the server ended, or that goes
    through a proxy that did, tells so by its line.
    """
    now = monotonic()
    if now - _looked.at < _LOOK_AFTER and _is_well():
        return
    _looked.at = now
    close_old_connections()


def after_call() -> None:
    """Give the connection back where a pool lent it; close one that broke."""
    if connection.errors_occurred or is_pooled():
        close_old_connections()


def _is_well() -> bool:
    made = connection.connection
    if made is None or connection.errors_occurred or is_pooled() or connection.vendor != "postgresql":
        return False
    line = poll()
    line.register(made.fileno(), POLLIN)
    return not line.poll(0)


def prepare_statements(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """Let a new connection to PostgreSQL keep the statements planned that it sends again and again.

    To plan them takes the server longer than to execute them. Behind a pooler a transaction may get a connection on
    which they were never prepared, so there they are not; an option of the URL is obeyed. Called at each connecting.
    """
    if connection.vendor != "postgresql" or "prepare_threshold" in connection.settings_dict["OPTIONS"]:
        return
    made = connection.connection
    if made not in _looked_at:  # a pool of ours lends the same one again
        _looked_at.add(made)
        made.prepare_threshold = None if is_pooler_between(made) else _PREPARED_AFTER


class _TellingOfDamage(DatabaseErrorWrapper):
    """Tells of a damaged SQLite file as of any other database that cannot be used: SQLite has a kind of its own."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self._connection = connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is sqlite3.DatabaseError and error is not None and is_damaged(error):
            self._connection.errors_occurred = True
            raise OperationalError(*error.args).with_traceback(traceback) from error
        super().__exit__(kind, error, traceback)


def tell_of_damage(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """Let a damaged SQLite file be told as a database that is away, by every statement. Called at each connecting."""
    if connection.vendor == "sqlite":
        connection.wrap_database_errors = _TellingOfDamage(connection)


def is_pooler_between(connection: "Connection[Any]") -> bool:
    """Whether a pooler stands between: it names a process of its own when one connects to it."""
    with connection.cursor() as cursor:
        found = cursor.execute("SELECT pg_backend_pid()").fetchone()
    return found is None or found[0] != connection.info.backend_pid


def without_pool(settings_dict: dict[str, Any]) -> None:
    """Let a command have one connection of its own: it has one thread, and ends."""
    options = settings_dict.get("OPTIONS", {})
    settings_dict["OPTIONS"] = {name: value for name, value in options.items() if name != "pool"}


def only_existing(settings_dict: dict[str, Any]) -> None:
    """Where there is no SQLite file, let connecting fail, in place of making an empty one."""
    if not Path(str(settings_dict["NAME"])).exists():
        never_make(settings_dict)


def never_make(settings_dict: dict[str, Any]) -> None:
    """Let connecting fail from now on wherever the SQLite file is away, as while its disk is not mounted."""
    name = str(settings_dict["NAME"])
    if settings_dict["ENGINE"].endswith("sqlite3"):
        # An option of the driver, which it takes for the name: the name itself stays, to be told.
        settings_dict["OPTIONS"] = {**settings_dict["OPTIONS"], "database": f"file:{quote(name)}?mode=rw"}
