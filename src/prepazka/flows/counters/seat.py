"""Clerks at counters: sitting down, a break, standing up. One clerk a counter, one counter a clerk."""

from datetime import datetime

from prepazka.core.office.office import Office
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
from prepazka.flows.counters.transaction import in_queue_transaction
from prepazka.store import offices, queue


def sit_down(office_id: int, counter_id: int, who: str, now: datetime, *, take_over: bool = False) -> SitResult:
    """Sit down at a counter, leaving any other one; `Busy` while a client is still at that other one.

    take_over: also where another clerk sits (who forgot to stand up); the client there, if any, comes with it.
    """

    def journey(office: Office) -> SitResult:
        counter = office.counter_of.get(counter_id)
        if counter is None:
            return NotFound("counter")
        seats = queue.seats(office.id)
        mine = queue.seat_of(seats, who)
        there = next((seat for seat in seats if seat.counter == counter_id), None)
        if there and there.clerk != who and not take_over:
            return Occupied(counter, there.clerk)
        if mine and mine.counter != counter_id and (client := queue.at_counter(mine.counter)):
            return Busy(client)
        if mine is None or mine.counter != counter_id:
            queue.sit(office.id, counter_id, who, now)
        return Seated(counter, queue.at_counter(counter_id))

    return in_queue_transaction(office_id, journey)


def stand_up(office_id: int, who: str, now: datetime) -> StandResult:
    """Close the clerk's counter; `Busy` while a client is called or served there. Sitting nowhere is fine."""

    def journey(office: Office) -> StandResult:
        mine = queue.seat_of(queue.seats(office.id), who)
        if mine and (client := queue.at_counter(mine.counter)):
            return Busy(client)
        queue.stand(office.id, who)
        return StoodUp()

    return in_queue_transaction(office_id, journey)


def pause(office_id: int, who: str, now: datetime, *, paused: bool) -> BreakResult:
    """Begin (True) or end (False) a break; `Busy` while a client is called or served."""

    def journey(office: Office) -> BreakResult:
        mine = queue.seat_of(queue.seats(office.id), who)
        counter = office.counter_of.get(mine.counter) if mine else None
        if mine is None or counter is None:
            return NotSeated()
        if paused and (client := queue.at_counter(counter.id)):
            return Busy(client)
        if mine.paused != paused:
            queue.pause(office.id, who, now if paused else None)
        return OnBreak(counter, paused)

    return in_queue_transaction(office_id, journey)


def seat(office_id: int, who: str) -> Seated | NotSeated:
    """Where the clerk sits, and the client there."""
    office = offices.load(office_id)
    mine = queue.seat_of(queue.seats(office_id), who)
    counter = office.counter_of.get(mine.counter) if mine else None
    return Seated(counter, queue.at_counter(counter.id)) if counter else NotSeated()
