"""The order of calling: the rule that picks the next ticket for a counter."""

from collections.abc import Collection, Iterable
from datetime import datetime

from prepazka.core.office.office import Counter, Settings
from prepazka.core.queue.tickets import Ticket

Rank = tuple[int, datetime, datetime, int]


# docs/spec/counters.md §4: "A counter calls the tickets of its agendas that wait and are not parked."
def next_ticket(
    tickets: Iterable[Ticket], counter: Counter, staffed: Collection[int], settings: Settings, now: datetime
) -> Ticket | None:
    """Return the ticket this counter calls next, None when there is none.

    staffed: the ids of all staffed counters; tickets reserved for another of them are left to it.
    """
    waiting = [ticket for ticket in tickets if may_call(ticket, counter, staffed, now)]
    return min(waiting, key=lambda ticket: rank(ticket, settings, now), default=None)


# docs/spec/counters.md §4: "A ticket reserved for a counter is left to it as long as somebody sits there."
def may_call(ticket: Ticket, counter: Counter, staffed: Collection[int], now: datetime) -> bool:
    """Whether this counter may call the ticket now."""
    if ticket.state != "waiting" or (ticket.parked_until is not None and ticket.parked_until > now):
        return False
    if ticket.reserved_for is not None and (ticket.reserved_for == counter.id or ticket.reserved_for in staffed):
        return ticket.reserved_for == counter.id
    return ticket.agenda in counter.agendas


# docs/spec/counters.md §4: "checked-in bookings whose time has come, in order of since when they could be called"
# docs/spec/counters.md §4: "A ticket that was parked or transferred keeps its place."
def rank(ticket: Ticket, settings: Settings, now: datetime) -> Rank:
    """Return the rank of a waiting ticket among those a counter may call: the lowest goes first.

    1. checked-in bookings whose time has come, by the moment from which they could be called;
    2. seniors and people with disabilities, where the office has that; 3. all others without a booking, or too late for
    it; 4. early bookings: only when the counter would be idle, so that they overtake nobody.
    Within each group, order of arrival; a parked or transferred ticket keeps its place.
    """
    if ticket.kind == "booking" and ticket.due_at is not None:
        return (0 if ticket.due_at <= now else 3), max(ticket.due_at, ticket.arrived_at), ticket.arrived_at, ticket.id
    favoured = ticket.priority and settings.priority_tickets
    return (1 if favoured else 2), ticket.arrived_at, ticket.arrived_at, ticket.id
