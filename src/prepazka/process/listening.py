"""Listening to PostgreSQL: a change of an office is heard at once, and nobody has to ask for it every few seconds.

A pooler that shares connections among transactions loses what is told to one of them, so this connection is a direct
one (`PREPAZKA_LISTEN_URL`). It holds no transaction and reads nothing. Where a pooler stands there all the same,
nothing would be heard, so the process asks as if it did not listen.
"""

import secrets
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

import structlog

from prepazka.store.connections import is_pooler_between
from prepazka.store.database_state import tell
from prepazka.store.offices import CHANGED

if TYPE_CHECKING:
    from psycopg import Connection

log = structlog.get_logger()

# Seconds until a lost connection is made again, and between two looks whether this process ends.
_AGAIN = 5.0
_LOOK = 1.0
# Seconds within which a trial must be heard; it takes milliseconds.
_HEARD_WITHIN = 3.0


class PoolerBetween(Exception):
    """A pooler stands where the server was expected."""


class Listening:
    """Whether a process hears of changed offices now, and whether one changed since it was asked last."""

    def __init__(self) -> None:
        self.hears = False
        self._changed = Event()
        self._why = ""

    def start(self, url: str, stop: Event) -> Thread:
        """Listen in a thread of its own until `stop` is set."""
        thread = Thread(target=self._run, args=(url, stop), name="listening", daemon=True)
        thread.start()
        return thread

    def take_change(self) -> bool:
        """Return whether an office may have changed since this was called last."""
        changed = self._changed.is_set() or not self.hears
        self._changed.clear()
        return changed

    def _run(self, url: str, stop: Event) -> None:
        from psycopg import Error  # noqa: PLC0415 -- nobody listens on SQLite

        while not stop.is_set():
            try:
                self._listen(url, stop.is_set)
            except (Error, PoolerBetween) as error:
                if self._why != type(error).__name__:  # told once, not every few seconds
                    self._why = type(error).__name__
                    log.warning("not listening", error=self._why)
            self.hears = False
            stop.wait(_AGAIN)

    def _listen(self, url: str, ended: Callable[[], bool]) -> None:
        with _connect(url) as connection:
            if is_pooler_between(connection):
                raise PoolerBetween
            connection.execute(f"LISTEN {CHANGED}")
            self._why = ""
            self._changed.set()  # whatever changed before
            self.hears = True
            while not ended():
                for _ in connection.notifies(timeout=_LOOK):
                    self._changed.set()


def _connect(url: str) -> "Connection[tuple[int]]":
    from psycopg import connect  # noqa: PLC0415 -- as above

    return connect(url, autocommit=True, connect_timeout=10)


# docs/spec/health.md §8: "what this process tells is heard there"
def hears_us(url: str) -> bool:
    """Whether what the configured database is told is heard at this address: one connection listens, ours tells.

    A connection that tells itself would prove nothing: a pooler passes that on. Raises: psycopg.Error.
    """
    channel = f"prepazka_trial_{secrets.token_hex(8)}"
    with _connect(url) as connection:
        if is_pooler_between(connection):
            return False
        connection.execute(f"LISTEN {channel}")
        tell(channel)
        return any(True for _ in connection.notifies(timeout=_HEARD_WITHIN, stop_after=1))


# Of this process.
listening = Listening()
