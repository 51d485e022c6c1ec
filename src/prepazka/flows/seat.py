"""Clerks at counters: sitting down, a break, standing up. One clerk a counter, one counter a clerk."""

from datetime import datetime

from prepazka.core.queue.outcomes import Broke, Sat, Stood


def sit_down(office_id: int, counter_id: int, who: str, now: datetime, *, take_over: bool = False) -> Sat:
    """Sit down at a counter, leaving any other one; `Busy` while a client is still at that other one.

    take_over: also where another clerk sits (who forgot to stand up); the client there, if any, comes with it.
    """
    raise NotImplementedError


def stand_up(office_id: int, who: str, now: datetime) -> Stood:
    """Close the clerk's counter; `Busy` while a client is called or served there. Sitting nowhere is fine."""
    raise NotImplementedError


def pause(office_id: int, who: str, now: datetime, *, paused: bool) -> Broke:
    """Begin (True) or end (False) a break; `Busy` while a client is called or served."""
    raise NotImplementedError


def seat(office_id: int, who: str) -> int | None:
    """The id of the counter the clerk sits at."""
    raise NotImplementedError
