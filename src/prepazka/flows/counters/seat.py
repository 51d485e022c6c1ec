"""Clerks at counters: sitting down, a break, standing up. One clerk a counter, one counter a clerk."""

from datetime import datetime

from prepazka.core.queue.outcomes import (
    BreakResult,
    Busy,
    NotFound,
    NotSeated,
    Occupied,
    OnBreak,
    Seated,
    SitResult,
    StandResult,
    StoodUp,
)
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import offices, queue


@retry_transaction
def sit_down(office_id: int, counter_id: int, who: str, now: datetime, *, take_over: bool = False) -> SitResult:
    """Seat the clerk at a counter instead of any other one; `Busy` while a client is still at that other one.

    take_over: also where another clerk sits, who forgot to stand up; the client there, if any, is taken over too.
    """
    office = lock_queue(office_id)
    counter = office.counter_of.get(counter_id)
    if counter is None:
        return NotFound("counter")
    seats = queue.seats(office.id)
    mine = queue.seat_of(seats, who)
    taken = next((seat for seat in seats if seat.counter == counter_id), None)
    if taken and taken.clerk != who and not take_over:
        return Occupied(counter, taken.clerk)
    if mine and mine.counter != counter_id and (client := queue.at_counter(mine.counter)):
        return Busy(client)
    if mine is None or mine.counter != counter_id:
        queue.occupy(office.id, counter_id, who, now)
    return Seated(counter, queue.at_counter(counter_id))


@retry_transaction
def stand_up(office_id: int, who: str, now: datetime) -> StandResult:
    """Close the clerk's counter; `Busy` while a client is called or served there. Without a counter, do nothing."""
    office = lock_queue(office_id)
    mine = queue.seat_of(queue.seats(office.id), who)
    if mine and (client := queue.at_counter(mine.counter)):
        return Busy(client)
    queue.vacate(office.id, who)
    return StoodUp()


@retry_transaction
def pause(office_id: int, who: str, now: datetime, *, paused: bool) -> BreakResult:
    """Begin (True) or end (False) a break; `Busy` while a client is called or served."""
    office = lock_queue(office_id)
    mine = queue.seat_of(queue.seats(office.id), who)
    counter = office.counter_of.get(mine.counter) if mine else None
    if mine is None or counter is None:
        return NotSeated()
    if paused and (client := queue.at_counter(counter.id)):
        return Busy(client)
    if mine.paused != paused:
        queue.pause(office.id, who, now if paused else None)
    return OnBreak(counter, paused)


def seat(office_id: int, who: str) -> Seated | NotSeated:
    """Return where the clerk sits, and the client there."""
    office = offices.load(office_id)
    mine = queue.seat_of(queue.seats(office_id), who)
    counter = office.counter_of.get(mine.counter) if mine else None
    return Seated(counter, queue.at_counter(counter.id)) if counter else NotSeated()
