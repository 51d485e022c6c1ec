"""The board: the live state of an office's counters, from one source for page, JSON, stream and SMS."""

from collections.abc import Collection, Mapping
from datetime import datetime

from prepazka.core.office.office import Office
from prepazka.core.queue import board as core
from prepazka.core.queue.board import Board
from prepazka.core.queue.tickets import Ticket
from prepazka.store import board as store
from prepazka.store import queue as tickets


def board(office: Office, now: datetime) -> Board:
    """What the board shows now, read without any lock in a constant number of queries."""
    return core.board(office, store.queue_facts(office, now), now)


def versions(office_ids: Collection[int]) -> Mapping[int, int]:
    """The change marker of each of these offices, by one cheap query: a board is stale when its version is another.

    A new version means something changed; waits also move with time, so renew a board at least every 30 seconds or so.
    """
    return store.versions(office_ids)


def queue(office: Office, now: datetime) -> tuple[Ticket, ...]:
    """For the desk: all of today's tickets that wait, are called or served, in order of arrival."""
    return tuple(tickets.active(office.id, now.astimezone(office.zone).date()))
