"""A day at the counters played through: people arrive, free counters call by the rule, and each client takes time."""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from prepazka.core.office.office import Counter, Settings
from prepazka.core.queue import transitions
from prepazka.core.queue.order import next_ticket
from prepazka.core.queue.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Shift:
    """When a counter is staffed. ends: it calls nobody from then on; None: until everybody is served.

    pauses: times, in order, in which it calls nobody.
    """

    counter: Counter
    begins: datetime
    ends: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()

    def calls_at(self, now: datetime) -> bool:
        """Whether the counter calls people at this moment."""
        on_duty = self.begins <= now and (self.ends is None or now < self.ends)
        return on_duty and not any(since <= now < until for since, until in self.pauses)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something of the day: a ticket is about to arrive, was called to its counter, or is finished there."""

    what: Literal["arrives", "called", "finished"]
    at: datetime
    ticket: Ticket


@dataclass(frozen=True, slots=True, order=True)
class _Event:
    """A ticket arrives, a client's counter becomes free, or one begins to call; `order` keeps those of one moment."""

    at: datetime
    order: int
    kind: Literal["arrives", "finishes", "begins"] = field(compare=False)
    ticket: Ticket | None = field(compare=False, default=None)


def _nobody(_ticket: Ticket, _now: datetime) -> Ticket | None:
    return None


@dataclass
class Hall:
    """A hall to play a day in. tickets: those that wait or are at a counter, by id; `play` keeps them up to date.

    takes: how long a client who is called stays at the counter. then: the ticket with which a finished client goes on
    waiting, if any.
    """

    shifts: Sequence[Shift]
    settings: Settings
    takes: Callable[[Ticket], timedelta]
    then: Callable[[Ticket, datetime], Ticket | None] = _nobody
    tickets: dict[int, Ticket] = field(default_factory=dict)


def play(hall: Hall, arrivals: Iterable[Ticket]) -> Iterator[Happened]:
    """Yield what happens, in order. arrivals: tickets with different ids, each of which comes at its `arrived_at`."""
    orders = count()
    events = [_Event(one.arrived_at, next(orders), "arrives", one) for one in arrivals]
    wakes = {moment for shift in hall.shifts for moment in (shift.begins, *(until for _, until in shift.pauses))}
    events += [_Event(at, next(orders), "begins") for at in sorted(wakes)]
    heapq.heapify(events)
    counters = {shift.counter.id: shift for shift in hall.shifts}
    free = dict(counters)
    while events:
        event = heapq.heappop(events)
        now, ticket = event.at, event.ticket
        if ticket is not None and event.kind == "arrives":
            yield Happened("arrives", now, ticket)
            hall.tickets[ticket.id] = ticket
        elif ticket is not None:
            del hall.tickets[ticket.id]
            free[ticket.counter or 0] = counters[ticket.counter or 0]
            yield Happened("finished", now, ticket)
            if again := hall.then(ticket, now):
                heapq.heappush(events, _Event(now, next(orders), "arrives", again))
        for served in _calls(hall, free, counters, now):
            yield Happened("called", now, served)
            heapq.heappush(events, _Event(now + hall.takes(served), next(orders), "finishes", served))


def _calls(hall: Hall, free: dict[int, Shift], staffed: Collection[int], now: datetime) -> Iterator[Ticket]:
    """Let each free counter call its next ticket, if there is one; the counter that was free first calls first."""
    for shift in list(free.values()):
        found = None
        if shift.calls_at(now):
            found = next_ticket(hall.tickets.values(), shift.counter, staffed, hall.settings, now)
        if found is not None:
            del free[shift.counter.id]
            served = transitions.serve(transitions.call(found, shift.counter.id, now), now)
            hall.tickets[found.id] = served
            yield served
