"""Who is next: the one rule by which counters call."""

from collections.abc import Collection, Iterable
from datetime import datetime

from prepazka.core.office.office import Counter, Settings
from prepazka.core.queue.tickets import Ticket

Rank = tuple[int, datetime, datetime, int]


# docs/spec/counters.md §4: "A counter calls the tickets of its agendas that wait and are not parked."
def next_ticket(
    tickets: Iterable[Ticket], counter: Counter, staffed: Collection[int], settings: Settings, now: datetime
) -> Ticket | None:
    """The ticket this counter calls next, None when nobody waits for it.

    staffed: the ids of all counters where somebody sits; what is reserved for another of them is left to it.
    """
    waiting = [ticket for ticket in tickets if may_call(ticket, counter, staffed, now)]
    return min(waiting, key=lambda ticket: rank(ticket, settings, now), default=None)


# docs/spec/counters.md §4: "A ticket reserved for a counter is left to it as long as somebody sits there."
def may_call(ticket: Ticket, counter: Counter, staffed: Collection[int], now: datetime) -> bool:
    """Whether the ticket waits for this counter (among others) and may be called now."""
    if ticket.state != "waiting" or (ticket.parked_until is not None and ticket.parked_until > now):
        return False
    if ticket.reserved_for is not None and (ticket.reserved_for == counter.id or ticket.reserved_for in staffed):
        return ticket.reserved_for == counter.id
    return ticket.agenda in counter.agendas


# docs/spec/counters.md §4: "checked-in bookings whose time has come, in order of since when they could be called"
# docs/spec/counters.md §4: "A ticket that was parked or transferred keeps its place."
def rank(ticket: Ticket, settings: Settings, now: datetime) -> Rank:
    """The place of a waiting ticket among those a counter may call: the least goes first (spec/counters.md).

    1. checked-in bookings whose time has come, in order of since when they could be called;
    2. seniors and people with disabilities, where the office has that; 3. everybody else without a booking, or too late
    for it; 4. bookings that are early: only when the counter would be idle, so that nobody is overtaken by them.
    Within each, order of arrival; a ticket that was parked or transferred keeps its place.
    """
    if ticket.kind == "booking" and ticket.due_at is not None:
        return (0 if ticket.due_at <= now else 3), max(ticket.due_at, ticket.arrived_at), ticket.arrived_at, ticket.id
    favoured = ticket.priority and settings.priority_tickets
    return (1 if favoured else 2), ticket.arrived_at, ticket.arrived_at, ticket.id
