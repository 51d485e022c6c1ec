"""Somebody without a booking who stands at the counter already: ticket, call and service by one press.

Nobody is called on the screens for it, and the visit is in the figures like any other.
"""

from uuid import UUID

from prepazka.core.actor import Actor
from prepazka.core.queue.outcomes import Acted, ActResult, Busy, NotFound, NotSeated, Paused
from prepazka.flows.counters import arrive, call
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import kiosks, queue


# docs/spec/counters.md §5: "A clerk whose counter is free may give out a ticket and begin serving by one press"
@retry_transaction
def serve_at_once(office_id: int, service: str, key: UUID, clerk: Actor, *, priority: bool = False) -> ActResult:
    """Give out a ticket for a service (its code), and begin serving it at the clerk's counter, which must be free.

    key: of the form; the same form sent again gets the ticket it got the first time, as it is now.
    """
    office, who, now = lock_queue(office_id), clerk.who, clerk.at
    if again := kiosks.ticket_of_form(office_id, key):
        return Acted(again)
    mine = queue.seat_of(queue.seats(office_id), who)
    counter = office.counter_of.get(mine.counter) if mine else None
    if mine is None or counter is None:
        return NotSeated()
    if client := queue.at_counter(counter.id):
        return Busy(client)
    if mine.paused:
        return Paused(counter)
    given = arrive.add_walk_in(office_id, service, now, who, priority=priority)
    if isinstance(given, NotFound):
        return given
    kiosks.note(key, given.ticket, now)
    called = call.call_one(office_id, who, given.ticket.ref, now)
    return call.serve(office_id, who, called.ticket.ref, now) if isinstance(called, Acted) else called
