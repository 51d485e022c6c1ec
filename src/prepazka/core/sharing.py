"""Which process serves which gateway: each works it out alone, from the beats that all of them write.

Rendezvous hashing: each pair of a process and a gateway has a weight, and a gateway belongs to the living process of
the highest. So all processes that see the same ones agree without a word, every gateway has one owner, and when a
process comes or goes only the gateways change hands that it gets or had.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

BEAT = timedelta(seconds=4)
"""How often a process says that it lives."""
# docs/spec/health.md §10: "A process that has not beaten for 10 seconds counts as gone"
GONE = timedelta(seconds=10)
"""How long a beat may stand without a newer one."""
_OLD = timedelta(minutes=1)
_ALL_CAN: Mapping[str, Collection[str]] = {}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A process as another one sees it. beat: its last, by its own clock. since: when that was first seen, by ours."""

    beat: datetime
    since: datetime


# docs/spec/health.md §10: "by the clock of whoever looks, so that clocks that differ do no harm"
def sight(known: Mapping[str, Sighting], beats: Mapping[str, datetime], now: datetime) -> dict[str, Sighting]:
    """Return the processes as they are seen now. known: as they were before; beats: the last of each process.

    One seen for the first time counts as living if its beat is not old, until it fails to beat.
    """
    return {
        process: before
        if (before := known.get(process)) and before.beat == beat
        else Sighting(beat, now if before or abs(now - beat) <= _OLD else now - 2 * GONE)
        for process, beat in beats.items()
    }


def living(sightings: Mapping[str, Sighting], now: datetime) -> frozenset[str]:
    """Return the processes that have beaten lately. A clock that was set back does not bury anybody."""
    return frozenset(process for process, seen in sightings.items() if now - seen.since <= GONE)


def owner(gateway: str, processes: Collection[str]) -> str:
    """Return the process a gateway belongs to. Raises: ValueError when no process lives."""
    return max(processes, key=lambda process: (_weight(process, gateway), process))


def share(
    gateways: Iterable[str], process: str, processes: Collection[str], cannot: Mapping[str, Collection[str]] = _ALL_CAN
) -> frozenset[str]:
    """Return the gateways that belong to one of the living processes; none to one that is not among them.

    cannot: the gateways that processes cannot serve, which belong to the others.
    """
    if process not in processes:
        return frozenset()
    unable = {one: cannot[one] for one in processes if cannot.get(one)}

    def is_ours(gateway: str) -> bool:
        able = [one for one in processes if gateway not in unable.get(one, ())] if unable else processes
        return process in able and owner(gateway, able) == process

    return frozenset(filter(is_ours, gateways))


def _weight(process: str, gateway: str) -> bytes:
    return blake2b(f"{process}\0{gateway}".encode(), digest_size=8).digest()
