"""The manager's board: the hall now, and what a manager may do from there to a counter or to an agenda's tickets.

Each act names the clerk the manager saw at the counter: an old page closes nobody else's. All of them are in the audit
trail.
"""

from datetime import datetime
from typing import NamedTuple

from prepazka.core.actor import Actor
from prepazka.core.office.office import Counter, Office
from prepazka.core.queue import hall as rules
from prepazka.core.queue import transitions
from prepazka.core.queue.hall import Hall
from prepazka.core.queue.outcomes import CounterClosed, NotFound, OnBreak, OtherSeated, OverseeResult
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import board as snapshots
from prepazka.store import log, queue


class SeenCounter(NamedTuple):
    """A counter (its id) as a manager saw it: with this clerk."""

    counter: int
    clerk: str


def hall(office: Office, now: datetime) -> Hall:
    """Return the hall now, read without any lock by a constant number of queries."""
    today = now.astimezone(office.zone).date()
    snapshot = snapshots.queue_snapshot(office, now)
    return rules.hall(
        office, snapshot, queue.count_by_state(office.id, today), queue.stopped_agendas(office.id, today), now
    )


@retry_transaction
def pause_counter(office_id: int, seen: SeenCounter, actor: Actor) -> OverseeResult:
    """Give the counter a break; whoever is called or served there stays there."""
    office = lock_queue(office_id)
    counter = _counter_as_seen(office, seen)
    if not isinstance(counter, Counter):
        return counter
    seat = queue.seat_of(queue.seats(office.id), seen.clerk)
    if seat and not seat.paused:
        queue.pause(office.id, seen.clerk, actor.at)
        log.note(office.id, actor.at, actor.who, "counter paused", counter=counter.title, clerk=seen.clerk)
    return OnBreak(counter, paused=True)


# docs/spec/counters.md §9: "whoever is being served there is done, and whoever is called there waits again"
@retry_transaction
def close_counter(office_id: int, seen: SeenCounter, actor: Actor) -> OverseeResult:
    """Close the counter, whatever is going on at it; one where nobody sits any more is closed already."""
    office = lock_queue(office_id)
    counter = _counter_as_seen(office, seen)
    if isinstance(counter, OtherSeated) and all(seat.counter != seen.counter for seat in queue.seats(office.id)):
        return CounterClosed(office.counter_of[seen.counter], None)
    if not isinstance(counter, Counter):
        return counter
    client = queue.at_counter(counter.id)
    after = _leave(office, client, actor) if client else None
    queue.vacate(office.id, seen.clerk)
    log.note(office.id, actor.at, actor.who, "counter closed", counter=counter.title, clerk=seen.clerk)
    return CounterClosed(counter, after)


@retry_transaction
def stop_tickets(office_id: int, agenda_id: int, actor: Actor, *, stopped: bool) -> bool:
    """Stop an agenda's tickets without a booking for today (True), or give them out again; False: no such agenda."""
    office = lock_queue(office_id)
    agenda = office.agenda_of.get(agenda_id)
    if agenda is None:
        return False
    queue.stop_tickets(office.id, agenda.id, actor.at.astimezone(office.zone).date() if stopped else None)
    said = "tickets stopped" if stopped else "tickets given out again"
    log.note(office.id, actor.at, actor.who, said, agenda=agenda.title)
    return True


def _leave(office: Office, client: Ticket, actor: Actor) -> Ticket:
    """End the client who is being served, or let the one who is called wait in the old place."""
    if client.state == "serving":
        after = transitions.done(client, actor.at)
        queue.change(office.id, client, after, "done", actor)
    else:
        after = transitions.park(client, actor.at)
        queue.change(office.id, client, after, "park", actor)
    return after


def _counter_as_seen(office: Office, seen: SeenCounter) -> Counter | OtherSeated | NotFound:
    counter = office.counter_of.get(seen.counter)
    if counter is None:
        return NotFound("counter")
    seat = queue.seat_of(queue.seats(office.id), seen.clerk)
    return counter if seat and seat.counter == counter.id else OtherSeated()
