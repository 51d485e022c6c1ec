"""Ends sessions of the database that a paused process left in the middle of a transaction, so that nobody waits for it.

Each process looks after the sessions of all: the one that is paused cannot.
"""

import time
from threading import Event, Thread

import structlog
from django.db import DatabaseError, connection

from prepazka.store import stalled_sessions
from prepazka.store.connections import Upkeep
from prepazka.store.stalled_sessions import Session

log = structlog.get_logger()

# Seconds between two looks while no session waits, and for which one must stand still: together five, as long as
# anybody may be held.
LOOK_EVERY = 2.0
LIMIT = 3.0
# Seconds between two looks while one waits.
AGAIN = 1.0


class StalledSessions:
    """Knows since when each session stands still."""

    def __init__(self) -> None:
        self._since: dict[Session, float] = {}

    @property
    def pause(self) -> float:
        """The seconds until the next look."""
        return AGAIN if self._since else LOOK_EVERY

    # docs/spec/health.md §9: "is ended after 5 seconds by any other process"
    def look(self, now: float) -> int:
        """End the sessions that have stood still for longer than the limit; return how many. now: in seconds."""
        waiting = stalled_sessions.waiting_for_client()
        self._since = {session: self._since.get(session, now) for session in waiting}
        return stalled_sessions.end([one for one, since in self._since.items() if now - since >= LIMIT])


def start(stop: Event) -> None:
    """Look after the sessions in a thread of its own until `stop` is set; a file has none."""
    if connection.vendor == "postgresql":
        Thread(target=_run, args=(StalledSessions(), stop), name="stalled sessions", daemon=True).start()


def _run(sessions: StalledSessions, stop: Event) -> None:
    upkeep = Upkeep()
    while not stop.wait(sessions.pause):
        try:
            if ended := sessions.look(time.monotonic()):
                log.warning("sessions ended that stood still", sessions=ended)
        except DatabaseError:  # away: the worker and the probes tell of that
            pass
        upkeep.after_round()
