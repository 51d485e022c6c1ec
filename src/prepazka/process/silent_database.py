"""Gives up connections on which PostgreSQL has not answered for longer than any statement may take.

The server itself ends a statement that takes too long, and the kernel a connection whose machine is gone. But of a
server that is paused, or whose disk hangs, the kernel goes on confirming what we send: whoever asked it something would
wait for ever, and with it a thread of the pages. How long a connection has been silent, only the kernel knows (Linux).
"""

import os
import socket
import struct
import sys
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any
from weakref import WeakSet

import structlog
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

log = structlog.get_logger()

# Seconds beyond the longest statement, and between two looks.
PATIENCE = 5.0
LOOK_EVERY = 2.0
# libpq's PQTRANS_ACTIVE: a statement was sent and not answered. By its number, for on SQLite nobody loads the driver.
_ACTIVE = 1
# Where `struct tcp_info` has the milliseconds since we last sent and received data (linux/tcp.h).
_LAST_SENT, _LAST_RECEIVED = 44, 52


class SilentDatabase:
    """The connections of this process to PostgreSQL. limit: seconds without an answer after which one is given up."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._lock = Lock()
        self._known: WeakSet[Any] = WeakSet()

    def note(self, connection: BaseDatabaseWrapper, **_signal: object) -> None:
        """Look after a connection from now on; it was just made, or lent by the pool."""
        with self._lock:
            self._known.add(connection.connection)

    # docs/spec/health.md §9: "is given up 5 seconds after the longest statement"
    def look(self) -> int:
        """Shut down the connections that were asked something and have been silent since; return how many."""
        with self._lock:
            known = list(self._known)
        return sum(self._give_up(one.pgconn) for one in known)

    def _give_up(self, asked: Any) -> bool:
        # Whoever waits for an answer keeps it from being closed; OSError: closed meanwhile, or no socket of TCP.
        if asked.transaction_status != _ACTIVE:
            return False
        with suppress(OSError), socket.socket(fileno=os.dup(asked.socket)) as twin:
            told = twin.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_RECEIVED + 4)
            (sent,), (received,) = (struct.unpack_from("=I", told, at) for at in (_LAST_SENT, _LAST_RECEIVED))
            if min(sent, received) >= self._limit * 1000:
                twin.shutdown(socket.SHUT_RDWR)  # its thread is told that the server went away
                return True
        return False


def start(stop: Event) -> None:
    """Look after the connections made from now on, in a thread of its own until `stop` is set, where statements have a
    limit."""
    longest = settings.TIME_LIMITS.statement
    if connection.vendor == "postgresql" and longest and sys.platform == "linux":
        database = SilentDatabase(longest + PATIENCE)
        connection_created.connect(database.note, weak=False)
        Thread(target=_run, args=(database, stop), name="silent database", daemon=True).start()


def _run(database: SilentDatabase, stop: Event) -> None:
    while not stop.wait(LOOK_EVERY):
        if given_up := database.look():
            log.error("the database does not answer", given_up=given_up)
