"""The offices of the database, read ahead of the first message or page that needs them, and again once they change."""

from datetime import datetime, timedelta

from prepazka.process.listening import Listening
from prepazka.store import offices

# Offices read in one round: a node with thousands begins to serve at once, and has all of them a little later.
_AT_ONCE = 100
# How often a process asks: one that hears of changes, in case it missed one, and any other.
_ASKED_EVERY = timedelta(minutes=1)
_ASKED_UNHEARD = timedelta(seconds=5)


class OfficeRenewal:
    """Keeps the offices of this process up to date: one small query every five seconds, or a minute where changes are
    heard of. Nothing old is used meanwhile: whoever needs an office asks for its version.
    """

    def __init__(self, listening: Listening) -> None:
        self._listening = listening
        self._seen: tuple[int, int, int] | None = None
        self._asked: datetime | None = None

    def step(self, now: datetime) -> int:
        """Read a few of the offices that changed; return how many."""
        if not self._is_due(now):
            return 0
        stamp = offices.stamp()
        self._asked = now
        if stamp == self._seen:
            return 0
        renewed = offices.renew(_AT_ONCE)
        self._seen = stamp if renewed < _AT_ONCE else None
        return renewed

    def _is_due(self, now: datetime) -> bool:
        changed = self._listening.take_change() and self._listening.hears
        every = _ASKED_EVERY if self._listening.hears else _ASKED_UNHEARD
        asked_lately = self._asked is not None and timedelta() <= now - self._asked < every
        return changed or self._seen is None or not asked_lately
