"""Whether somebody set the machine's clock while the program ran: compared with a clock that nobody sets.

A database on the same machine jumps along with it, so that the two never differ.
"""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

from prepazka.flows.health.alarms import Problem
from prepazka.store import marks

# The steps of a time server after a start are smaller; the rules count whole minutes.
JUMP = timedelta(seconds=60)
# How long a jump is told: whoever comes in the morning should know of it.
TOLD = timedelta(days=1)
_MARK = "clock:"


class ClockWatch:
    """Compares the two clocks from look to look, in one process."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def look(self, now: datetime, steady: float) -> timedelta:
        """Store a jump since the last look, and return it. steady: seconds of a clock that nobody sets."""
        before, was = self._last or (now, steady)
        jump = now - before - timedelta(seconds=steady - was)
        if abs(jump) >= JUMP:
            marks.put(f"{_MARK}{socket.gethostname()}/{jump.total_seconds():+.0f}", now)
            marks.forget(_MARK, now - marks.KEPT)
        self._last = now, steady  # after it is stored: what a database that is away did not take is found again
        return jump


def jump_problems(now: datetime) -> Iterator[Problem]:
    """Yield the last jump of each machine's clock within a day; a jump back leaves marks that are yet to come."""
    last: dict[str, tuple[datetime, int]] = {}
    for name, at in sorted(marks.moments(_MARK).items(), key=lambda one: one[1]):
        machine, _, seconds = name.rpartition("/")
        if abs(now - at) < TOLD:
            last[machine] = at, int(seconds)
    for machine, (at, seconds) in last.items():
        way = "forward" if seconds > 0 else "back"
        values = {"machine": machine, "way": way, "seconds": abs(seconds), "at": f"{at:%Y-%m-%d %H:%M}"}
        yield Problem("clock_jumped", values)


# Of this process; its worker looks.
clock_watch = ClockWatch()
