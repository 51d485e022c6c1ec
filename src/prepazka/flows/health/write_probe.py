"""Whether this process can write to the database: a real small write that commits, with a deadline.

A full disk, a file that turned read-only and a primary that became a standby all answer queries as before; only a write
tells. Every caller within `EVERY` shares one, so probes cannot load the database; a failure is shared for `AGAIN` only,
so that callers come back as soon as a new primary takes writes.
"""

import os
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock

import structlog
from django.db import connection

from prepazka.flows.health.worker_watch import worker_watch
from prepazka.store import marks
from prepazka.store.database_errors import public_reason

log = structlog.get_logger()

EVERY = timedelta(seconds=2)
AGAIN = timedelta(seconds=0.5)
# Seconds a write may take: less than `/readyz` has (web/probes.py), so that it can name the reason.
DEADLINE = 1.5


def write(now: datetime) -> None:
    """Store that this process could write, on a connection of the calling thread, which is closed.

    Only processes that serve are nodes, of which others know by that.
    """
    try:
        if worker_watch.serves:
            marks.put_node(f"{socket.gethostname()}/{os.getpid()}", now)
        else:
            marks.put(marks.WRITTEN, now)
    finally:
        connection.close()


def _told(reason: str, *, exc_info: bool) -> str:
    """Log why nothing can be written, and return it; a command says it itself."""
    if worker_watch.serves:
        log.error("database not written", reason=reason, exc_info=exc_info)
    return reason


class WriteProbe:
    """Tries writes in a thread of its own, so that one that hangs holds nobody longer than the deadline."""

    def __init__(self, write: Callable[[datetime], None] = write, deadline: float = DEADLINE) -> None:
        self._write = write
        self._deadline = deadline
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write-probe")
        self._running: Future[None] | None = None
        self._tried_at: datetime | None = None
        self._failure = ""

    def failure(self, now: datetime) -> str:
        """Return why the last write did not commit, "" when it did; try again when that is too long ago."""
        with self._lock:
            shared_for = AGAIN if self._failure else EVERY
            if self._tried_at is None or not timedelta() <= now - self._tried_at < shared_for:
                self._tried_at = now
                self._failure = self._try(now)
            return self._failure

    def _try(self, now: datetime) -> str:
        if self._running is None or self._running.done():
            self._running = self._thread.submit(self._write, now)
        try:
            self._running.result(self._deadline)
        except TimeoutError:
            return _told(f"a write has not committed for {self._deadline:g} s", exc_info=False)
        except Exception as error:  # whatever it is, nothing can be booked
            return _told(public_reason(error), exc_info=True)
        return ""


# Of this process.
write_probe = WriteProbe()
