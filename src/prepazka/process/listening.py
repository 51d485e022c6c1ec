"""Listening to PostgreSQL: a change of an office is heard at once, and nobody has to ask for it every second.

A pooler that shares connections among transactions loses what is told to one of them, so this connection is a direct
one (`PREPAZKA_LISTEN_URL`). It holds no transaction and reads nothing.
"""

from collections.abc import Callable
from threading import Event, Thread

import psycopg
import structlog

from prepazka.store.offices import CHANGED

log = structlog.get_logger()

# Seconds until a lost connection is made again, and between two looks whether this process ends.
_AGAIN = 5.0
_LOOK = 1.0


class Listening:
    """Whether a process hears of changed offices now, and whether one changed since it was asked last."""

    def __init__(self) -> None:
        self.hears = False
        self._changed = Event()

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
        while not stop.is_set():
            try:
                self._listen(url, stop.is_set)
            except psycopg.Error as error:
                log.warning("not listening", error=type(error).__name__)
            self.hears = False
            stop.wait(_AGAIN)

    def _listen(self, url: str, ended: Callable[[], bool]) -> None:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(f"LISTEN {CHANGED}")
            self._changed.set()  # whatever changed before
            self.hears = True
            while not ended():
                for _ in connection.notifies(timeout=_LOOK):
                    self._changed.set()


# Of this process.
listening = Listening()
