"""Whether somebody set the machine's clock while the program ran: compared with a clock that nobody sets.

A database on the same machine jumps along with it, so that the two never differ.
"""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prepazka.flows.health.alarms import Problem
from prepazka.store import marks

# The steps of a time server after a start are smaller; the rules count whole minutes.
JUMP = timedelta(seconds=60)
# How long a jump is told: whoever comes in the morning should know of it.
TOLD = timedelta(days=1)
_MARK = "clock:"
_ALL = datetime.max.replace(tzinfo=UTC)


class ClockWatch:
    """Compares the two clocks from look to look, in one process."""

    def __init__(self) -> None:
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
