"""The board: the live state of an office's counters, from one source for page, JSON, stream and SMS."""

from collections.abc import Collection, Mapping
from datetime import datetime

from prepazka.core.office.office import Office
from prepazka.core.queue import board as rules
from prepazka.core.queue.board import Board
from prepazka.core.queue.tickets import Ticket
from prepazka.store import board as store
from prepazka.store import queue as tickets


def board(office: Office, now: datetime) -> Board:
    """Return what the board shows now, read without any lock by a constant number of queries."""
    return rules.board(office, store.queue_snapshot(office, now), now)


def versions(office_ids: Collection[int]) -> Mapping[int, int]:
    """Return the version of each office's queue, by one cheap query: a board with another version is stale.

    A new version means that something changed. Waits also change with time, so renew a board every 30 seconds or so.
    """
    return store.versions(office_ids)


def queue(office: Office, now: datetime) -> tuple[Ticket, ...]:
    """Return today's tickets that are waiting, called or being served, in order of arrival, for the desk."""
    return tuple(tickets.active(office.id, now.astimezone(office.zone).date()))
