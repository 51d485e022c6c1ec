"""A lease as its holder sees it: renewed while it works, and lost when it was paused for longer than the lease."""

from datetime import datetime, timedelta

from prepazka.flows.health.clock_watch import clock_watch
from prepazka.process.identity import dead, me
from prepazka.process.pace import time_left
from prepazka.store import leases

# docs/spec/health.md §7: "holds it for 30 seconds and renews it while it works"
LENGTH = timedelta(seconds=30)
_RENEWED_BEFORE = timedelta(seconds=20)
# How often a process asks for a lease that another one holds.
_ASKED_EVERY = timedelta(seconds=3)


class Lease:
    """The lease of a kind of work, for one process. who: that process, as leases name it."""

    def __init__(self, name: str, who: str = "") -> None:
        self._name = name
        self._who = who or me()
        self._taken: datetime | None = None
        self._asked: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether it was this process's when it was last asked for."""
        return self._taken is not None

    def time_left(self, now: datetime) -> timedelta:
        """How long until it is to be renewed, or asked for again; nothing when it is time."""
        if self._taken is not None:
            return time_left(self._taken, LENGTH - _RENEWED_BEFORE, now)
        return time_left(self._asked, _ASKED_EVERY, now)

    def keep(self, now: datetime) -> bool:
        """Return whether the work is this process's to do now. A statement only when the lease is to be renewed."""
        if clock_watch.apart:  # docs/spec/health.md §11: "does no work that is due by the clock"
            self._taken = None
            return False
        if self.time_left(now):
            return self.held
        self._taken, self._asked = None, now  # also while the database is away
        if self._take(now):
            self._taken = now
        return self._taken is not None

    def _take(self, now: datetime) -> bool:
        if leases.take(self._name, self._who, now, LENGTH):
            return True
        holder = leases.holder(self._name)
        return dead(holder) and leases.take(self._name, self._who, now, LENGTH, dead=holder)
