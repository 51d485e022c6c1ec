"""Clerks at counters: sitting down, a break, standing up. One clerk a counter, one counter a clerk."""

from datetime import datetime
from typing import NamedTuple

from prepazka.core.office.office import Counter
from prepazka.core.queue import forgotten
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
    StayResult,
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
        queue.note_act(office.id, who, now)
    return OnBreak(counter, paused)


@retry_transaction
def stay(office_id: int, who: str, now: datetime) -> StayResult:
    """Keep the clerk's counter open, which would have closed by itself: counted as if they did something now."""
    office = lock_queue(office_id)
    mine = queue.seat_of(queue.seats(office.id), who)
    counter = office.counter_of.get(mine.counter) if mine else None
    if counter is None:
        return NotSeated()
    queue.note_act(office.id, who, now)
    queue.bump(office.id)
    return Seated(counter, queue.at_counter(counter.id))


def asked_until(office_id: int, who: str, now: datetime) -> datetime | None:
    """Return when the clerk's counter closes by itself, where the clerk has to be asked now; None at any other time."""
    office = offices.load(office_id)
    mine = queue.seat_of(queue.seats(office_id), who)
    if mine is None:
        return None
    tickets = queue.active(office_id, now.astimezone(office.zone).date())
    at = forgotten.closes_at(office, mine, tickets, now)
    return at if at is not None and now >= at - forgotten.ASKED_BEFORE else None


class LeftSeat(NamedTuple):
    """Where a clerk who signs out still sits; ticket: the number of the client there, "" for none."""

    office_id: int
    slug: str
    counter: Counter
    ticket: str
    paused: bool


def seats_of(who: str) -> list[LeftSeat]:
    """Return the counters of all offices where this clerk sits."""
    found = []
    for office_id in queue.offices_of_clerk(who):
        office = offices.load(office_id)
        mine = queue.seat_of(queue.seats(office_id), who)
        counter = office.counter_of.get(mine.counter) if mine else None
        if mine and counter:
            client = queue.at_counter(counter.id)
            found.append(LeftSeat(office_id, office.slug, counter, client.label if client else "", mine.paused))
    return found


def come_back(who: str, now: datetime) -> None:
    """Store that a clerk has signed in, and end the break their counter got meanwhile (docs/spec/counters.md §5.3)."""
    for office_id in queue.offices_of_clerk(who):
        _come_back(office_id, who, now)


@retry_transaction
def _come_back(office_id: int, who: str, now: datetime) -> None:
    office = lock_queue(office_id)
    mine = queue.seat_of(queue.seats(office.id), who)
    if mine is None or mine.away_since is None:
        return
    queue.note_away(office.id, who, None)
    if forgotten.has_given_break(mine):
        queue.pause(office.id, who, None)
        queue.note_act(office.id, who, now)


def leave_signed_out(who: str, now: datetime) -> None:
    """Store that a clerk who still sits at a counter has signed out (docs/spec/counters.md §5.3)."""
    for office_id in queue.offices_of_clerk(who):
        queue.note_away(office_id, who, now)


def seat(office_id: int, who: str) -> Seated | NotSeated:
    """Return where the clerk sits, and the client there."""
    office = offices.load(office_id)
    mine = queue.seat_of(queue.seats(office_id), who)
    counter = office.counter_of.get(mine.counter) if mine else None
    return Seated(counter, queue.at_counter(counter.id)) if counter else NotSeated()
