"""The lanes of an agenda on one day: which are taken, minute by minute, and where a booking still fits.

A lane is one whole number whose bit n is set when minute n of the day is taken: whole days are compared by a few
operations, which keeps looking through a full week in microseconds.
"""

from collections.abc import Iterable, Iterator

from prepazka.core.minutes import Minute
from prepazka.core.office.plan import DayPlan, Place

_EVERY_MINUTE = -1  # all bits set, without end


class Lanes:
    """What is taken on one day; `midnight` is its first minute."""

    __slots__ = ("_midnight", "_taken")

    def __init__(self, midnight: Minute, busy: Iterable[tuple[Minute, Minute, int]] = ()) -> None:
        self._midnight = midnight
        self._taken: dict[int, int] = {}
        # Most rows share a few masks: gathered by mask, a row costs the same whatever the number of lanes.
        by_mask: dict[int, int] = {}
        for start, end, mask in busy:
            by_mask[mask] = by_mask.get(mask, 0) | ((1 << end - start) - 1) << start - midnight
        for mask, minutes in by_mask.items():
            for lane in range(mask.bit_length()):
                if mask >> lane & 1:
                    self._taken[lane] = self._taken.get(lane, 0) | minutes

    def take(self, lane: int, start: Minute, end: Minute) -> None:
        """Hold a lane from start until before end."""
        self._taken[lane] = self._taken.get(lane, 0) | self._minutes(start, end)

    def release(self, lane: int, start: Minute, end: Minute) -> None:
        """Give a lane back."""
        self._taken[lane] = self._taken.get(lane, 0) & ~self._minutes(start, end)

    # docs/spec/messages.md §6.4: "A start is full when as many lanes are taken at some time of the booking as the hours
    # have."
    def free_lane(self, start: Minute, end: Minute, lanes: int) -> int | None:
        """The lowest lane free all that time, None when `lanes` or more are taken at some time of it.

        Every taken lane counts, also one that hours with more lanes than now once gave out.
        """
        wanted = self._minutes(start, end)
        taken = {lane for lane, minutes in self._taken.items() if minutes & wanted}
        if len(taken) >= lanes:
            return None
        return next(lane for lane in range(lanes) if lane not in taken)

    def free_places(self, plan: DayPlan, minutes: int, earliest: Minute) -> Iterator[Place]:
        """The offered starts, not before `earliest`, at which a booking of so many minutes fits, in order."""
        too_early = (1 << max(0, earliest - self._midnight)) - 1
        for stretch in plan.stretches:
            fitting = (1 << max(0, stretch.closes - minutes + 1 - self._midnight)) - 1
            free = fitting & ~too_early & ~self._full(minutes, stretch.lanes)
            if free:
                for start in stretch.starts:
                    if free >> start.minute - self._midnight & 1:
                        yield Place(start, stretch)

    def _full(self, minutes: int, lanes: int) -> int:
        """The minutes from which a booking of so many minutes would meet `lanes` or more taken lanes."""
        meets = [_EVERY_MINUTE] + [0] * lanes  # by the number of taken lanes met at least
        for taken in self._taken.values():
            hindered = _starts_hindered(taken, minutes)
            for number in range(lanes, 0, -1):
                meets[number] |= meets[number - 1] & hindered
        return meets[lanes]

    def _minutes(self, start: Minute, end: Minute) -> int:
        return ((1 << end - start) - 1) << start - self._midnight


def _starts_hindered(taken: int, minutes: int) -> int:
    """The minutes from which a booking of so many minutes would meet a taken one."""
    reach = 1
    while reach < minutes:
        further = min(reach, minutes - reach)
        taken |= taken >> further
        reach += further
    return taken
