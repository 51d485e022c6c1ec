"""The board: the live state of an office's counters, from one source for page, JSON, stream and SMS."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from prepazka.core.office.office import Office
from prepazka.core.queue import board as rules
from prepazka.core.queue.board import Board
from prepazka.core.queue.tickets import Ticket
from prepazka.store import board as store
from prepazka.store import queue as tickets

_KEPT = timedelta(seconds=30)


def board(office: Office, now: datetime) -> Board:
    """Return what the board shows now, read without any lock by a constant number of queries."""
    return rules.board(office, store.queue_snapshot(office, now), now)


# docs/spec/counters.md §7: "An unchanged board is worked out again after 30 seconds"
class KeptBoards:
    """Boards that were worked out lately, by office: an unchanged one costs a query, and no estimate."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Office, Board]] = {}

    def board(self, office: Office, now: datetime) -> Board:
        """Return what the board shows now, as `board` does; waits may be those of half a minute ago."""
        kept = self._kept.get(office.id)
        if kept and kept[0] is office and timedelta() <= now - kept[1].at < _KEPT and _is_unchanged(kept[1], office):
            return replace(kept[1], at=now)
        self._kept[office.id] = (office, found := board(office, now))
        return found


def _is_unchanged(kept: Board, office: Office) -> bool:
    return kept.version == versions([office.id])[office.id]


def versions(office_ids: Collection[int]) -> Mapping[int, int]:
    """Return the version of each office's queue, by one cheap query: a board with another version is stale.

    A new version means that something changed. Waits also change with time, so renew a board every 30 seconds or so.
    """
    return store.versions(office_ids)


def queue(office: Office, now: datetime) -> tuple[Ticket, ...]:
    """Return today's tickets that are waiting, called or being served, in order of arrival, for the desk."""
    return tuple(tickets.active(office.id, now.astimezone(office.zone).date()))
