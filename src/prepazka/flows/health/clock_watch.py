"""Whether somebody set the machine's clock while the program ran: compared with a clock that nobody sets.

A database on the same machine jumps along with it, so that the two never differ. Where it is on another machine, and
other processes agree with it, this machine's clock is wrong.
"""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prepazka.flows.health.alarms import Problem
from prepazka.store import database_state, marks, processes

# The steps of a time server after a start are smaller; the rules count whole minutes.
JUMP = timedelta(seconds=60)
# How long a jump is told: whoever comes in the morning should know of it.
TOLD = timedelta(days=1)
_MARK = "clock:"
_ALL = datetime.max.replace(tzinfo=UTC)


class ClockWatch:
    """Compares the two clocks from look to look, in one process.

    apart: how far this machine's clock is from all others, as `apart_from_others` says; nothing while it is right.
    """

    def __init__(self) -> None:
        self.apart = timedelta()
        self._last: tuple[datetime, float] | None = None

    def look(self, now: datetime, steady: float) -> timedelta:
        """Store a jump since the last look, and return it. steady: seconds of a clock that nobody sets."""
        before, was = self._last or (now, steady)
        jump = now - before - timedelta(seconds=steady - was)
        if abs(jump) >= JUMP:
            ours = f"{_MARK}{socket.gethostname()}/"
            marks.forget(ours, _ALL)  # the last jump is told, whichever time the clock shows of those before
            marks.forget(_MARK, now - marks.KEPT)
            marks.put(f"{ours}{jump.total_seconds():+.0f}", now)
        self._last = now, steady  # after it is stored: what a database that is away did not take is found again
        return jump


# docs/spec/health.md §11: "differs by a minute or more from the database's, and another process does not"
def apart_from_others() -> timedelta:
    """Return how far the database's clock is ahead of this machine's, where another process agrees with the database.

    Nothing where they are less than a minute apart, or where nobody else serves: then nobody knows who is right. One
    query, two for a clock that is wrong.
    """
    difference = database_state.clock_difference()
    return difference if abs(difference) >= JUMP and processes.living() else timedelta()


def jump_problems(now: datetime) -> Iterator[Problem]:
    """Yield the last jump of each machine's clock within a day, also where another machine's clock is behind."""
    for name, at in marks.moments(_MARK).items():
        machine, _, jump = name.rpartition("/")
        if abs(now - at) < TOLD:
            way, seconds = ("forward" if int(jump) > 0 else "back"), abs(int(jump))
            values = {"machine": machine, "way": way, "seconds": seconds, "at": f"{at:%Y-%m-%d %H:%M}"}
            yield Problem("clock_jumped", values)


# Of this process; its worker looks.
clock_watch = ClockWatch()
