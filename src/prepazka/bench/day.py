"""A day at the counters made up by chance but repeatable: what people without a booking were told, and how it was.

Nothing waits and nothing is stored: moments follow one another, the core's own rule calls, and each estimate is made
of what was known at that moment.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from statistics import fmean

from prepazka.core.office.office import Counter, Office
from prepazka.core.queue import estimate, transitions
from prepazka.core.queue.estimate import FINISHED, Situation
from prepazka.core.queue.order import next_ticket
from prepazka.core.queue.tickets import Ticket, Wait


@dataclass(frozen=True, slots=True)
class Waited:
    """What one client was told on arrival, and how long they waited, in minutes."""

    wait: Wait
    truth: float

    @property
    def error(self) -> float:
        """How far the middle of the range was from the truth, in minutes; positive when the wait was overstated."""
        return (self.wait.low + self.wait.high) / 2 - self.truth


@dataclass(frozen=True, slots=True)
class Demand:
    """How people come to an agenda: minutes between those without a booking and, on average, at the counter.

    Facts: 5 to 30 minutes a client, no-shows 11 to 20 % (of the bookings, one every quarter of an hour here).
    """

    every: float
    takes: float
    no_shows: float = 0.15


@dataclass
class _Hall:
    tickets: dict[int, Ticket] = field(default_factory=dict)
    took: dict[int, list[timedelta]] = field(default_factory=dict)
    to_come: dict[int, Ticket] = field(default_factory=dict)
    told: dict[int, Wait] = field(default_factory=dict)


def simulate_day(office: Office, flows: Sequence[Demand], opens: datetime, hours: float, seed: int) -> list[Waited]:
    """Everybody without a booking who came on a day; `flows` are of the office's agendas, in their order.

    Every counter is staffed all day. The office's own figure of how long a client takes may be wrong: the estimate
    has to find out.
    """
    rng, order = Random(seed), count()  # noqa: S311 -- a made-up day is no secret
    hall = _Hall()
    moments: list[tuple[datetime, int, Ticket | Counter]] = []
    for arrival, comes in _arrivals(office, flows, (opens, hours), rng):
        if arrival.kind == "booking":
            hall.to_come[arrival.id] = arrival
        if comes:
            heapq.heappush(moments, (arrival.arrived_at, next(order), arrival))
    takes = {agenda.id: flow.takes for agenda, flow in zip(office.agendas, flows, strict=True)}
    free = {counter.id: counter for counter in office.counters}
    staffed = set(free)
    told: list[Waited] = []
    while moments:
        now, _, what = heapq.heappop(moments)
        if isinstance(what, Ticket):
            _arrive(hall, what, office, now)
        else:
            _finish(hall, what, now)
            free[what.id] = what
        for counter in list(free.values()):
            found = next_ticket(hall.tickets.values(), counter, staffed, office.settings, now)
            if found is None:
                continue
            del free[counter.id]
            hall.tickets[found.id] = transitions.serve(transitions.call(found, counter.id, now), now)
            if found.id in hall.told:
                told.append(Waited(hall.told[found.id], (now - found.arrived_at).total_seconds() / 60))
            heapq.heappush(moments, (now + _service(takes[found.agenda], rng), next(order), counter))
    return told


def _service(mean: float, rng: Random) -> timedelta:
    """Mostly about the mean, now and then three times as long."""
    return timedelta(minutes=mean * min(3.0, rng.lognormvariate(-0.08, 0.4)))


def _arrivals(
    office: Office, flows: Sequence[Demand], opening: tuple[datetime, float], rng: Random
) -> Iterator[tuple[Ticket, bool]]:
    """Each ticket of the day, and whether its client comes at all."""
    opens, hours = opening
    ids = count(1)
    for agenda, flow in zip(office.agendas, flows, strict=True):
        minutes = rng.expovariate(1 / flow.every)
        while minutes < hours * 60:
            at = opens + timedelta(minutes=minutes)
            yield replace(estimate.newcomer(agenda.id, at), id=next(ids)), True
            minutes += rng.expovariate(1 / flow.every)
        for quarter in range(int(hours * 4)):
            start = opens + timedelta(minutes=15 * quarter)
            early = start - timedelta(minutes=rng.uniform(0, 14))
            booked = replace(estimate.expected(agenda.id, start), id=next(ids), arrived_at=early)
            yield booked, rng.random() > flow.no_shows


def _arrive(hall: _Hall, ticket: Ticket, office: Office, now: datetime) -> None:
    if ticket.kind == "walk_in":
        told = estimate.wait(ticket.agenda, _situation(hall, office, now))
        if told is not None:
            hall.told[ticket.id] = told
    hall.to_come.pop(ticket.id, None)
    hall.tickets[ticket.id] = ticket


def _situation(hall: _Hall, office: Office, now: datetime) -> Situation:
    return Situation(
        now=now,
        settings=office.settings,
        counters=office.counters,
        staffed={counter.id for counter in office.counters},
        tickets=list(hall.tickets.values()),
        to_come=[
            estimate.expected(one.agenda, one.due_at)
            for one in hall.to_come.values()
            if one.due_at is not None and one.due_at >= now
        ],
        times=estimate.times(office, hall.took),
    )


def _finish(hall: _Hall, counter: Counter, now: datetime) -> None:
    (one,) = (one for one in hall.tickets.values() if one.counter == counter.id)
    del hall.tickets[one.id]
    hall.took.setdefault(one.agenda, []).insert(0, now - (one.called_at or now))
    del hall.took[one.agenda][FINISHED:]


def mean_error(told: Sequence[Waited]) -> float:
    """How far the middle of the ranges was from the truth on average, either way, in minutes."""
    return fmean(abs(one.error) for one in told)


def bias(told: Sequence[Waited]) -> float:
    """By how much waits were overstated on average, in minutes."""
    return fmean(one.error for one in told)
