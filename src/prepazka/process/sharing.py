"""The share of a process: it beats, watches the beats of the others, and knows which gateways are its own now."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from importlib.metadata import version

from prepazka.core import sharing
from prepazka.core.sharing import BEAT, GONE, Sighting
from prepazka.process.identity import dead
from prepazka.store import processes, sealing

# docs/spec/health.md §10: "does nothing with its gateways until it has made sure that they are still its own"
# Less than from the look after a beat, when the next one is nearly due, to the end of the others' patience.
_CERTAIN = (GONE - BEAT) * 0.8


class Sharing:
    """What one process knows of all. who: this process, as holds name it."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._version = version("prepazka")
        self._seen: dict[str, Sighting] = {}
        self._living: frozenset[str] = frozenset()
        self._cannot: dict[str, frozenset[str]] = {}
        self._beaten: datetime | None = None
        self._sure: datetime | None = None

    def beat(self, now: datetime, cannot: Collection[str] = ()) -> None:
        """Say that this process lives, when it is time to, and see who else does. Two small statements at most.

        cannot: the gateways that this process cannot serve; the others are told at once.
        """
        told = self._cannot.get(self._who, frozenset())
        if self._beaten is None or not timedelta() <= now - self._beaten < BEAT or told != frozenset(cannot):
            processes.beat(self._who, now, key=sealing.fingerprint(), version=self._version, cannot=cannot)
            self._beaten = now
        beats = processes.beats()
        self._cannot = {process: one.cannot for process, one in beats.items()}
        self._seen = sharing.sight(self._seen, {process: one.at for process, one in beats.items()}, now)
        alive = sharing.living(self._seen, now)
        self._living = frozenset(process for process in alive if not dead(process)) | {self._who}

    def share(self, gateways: Iterable[str]) -> frozenset[str]:
        """Return which of these gateways are this process's own, as of the last beat."""
        return sharing.share(gateways, self._who, self._living, self._cannot)

    def gone(self, holders: Iterable[str]) -> dict[str, datetime | None]:
        """Return those of other processes whose holds do not count any more, as `gateway_holds.take` wants them.

        A holder that never beat, such as the version before or a command, keeps its hold until that runs out.
        """
        found: dict[str, datetime | None] = {}
        for holder in set(holders) - {"", self._who}:
            if dead(holder):
                found[holder] = None
            elif holder in self._seen and holder not in self._living:
                found[holder] = self._seen[holder].beat
        return found

    def confirm(self, now: datetime) -> None:
        """Note that at this moment the holds were looked at, after the beat of the same moment."""
        self._sure = now

    def is_certain(self, now: datetime) -> bool:
        """Whether no other process can have taken over yet what this one held at the last look."""
        return self._sure is not None and -_CERTAIN < now - self._sure < _CERTAIN

    def leave(self) -> None:
        """Say that this process serves no gateway any more."""
        processes.leave(self._who)
        self._beaten = self._sure = None
