"""The estimated wait: the day is simulated by the rule of calling, with the time the last clients took."""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from math import ceil, floor
from statistics import fmean

from prepazka.core.office.office import Counter, Office, Settings
from prepazka.core.queue.order import next_ticket
from prepazka.core.queue.tickets import Ticket, Wait

FINISHED = 20
"""How many of the last finished tickets of an agenda show how long its clients take."""

_ENOUGH = 5  # the office's own figure replaces missing ones
_EXTREME = 5  # the shortest and the longest fifth are left out: forgotten buttons, families of six
_LEAST_LEFT = 0.25  # of the usual time, for a client who is close to it or over it
_LAST = 1 << 62  # an id after those of all who came at the same moment
# Towns show x 0.8 to x 1.0. On simulated days (bench/day.py) a third of the people waited longer than that. With x 1.2
# as the upper end, as many wait longer as wait shorter.
_LOW, _HIGH = 0.8, 1.2


@dataclass(frozen=True, slots=True)
class Situation:
    """A queue at one moment. tickets: those waiting, called or being served; to_come: today's bookings not arrived yet.

    counters: those staffed and not on a break; staffed: the ids of all staffed counters. times: how long a client of
    each agenda takes.
    """

    now: datetime
    settings: Settings
    counters: Sequence[Counter]
    staffed: Collection[int]
    tickets: Sequence[Ticket]
    to_come: Sequence[Ticket]
    times: Mapping[int, timedelta]


# docs/spec/counters.md §6: "How long a client takes is the mean of the last 20 finished clients of the agenda, without
# the fifth of the shortest and the fifth of the longest"
def service_time(last: Sequence[timedelta], usual: timedelta) -> timedelta:
    """Return how long a client takes: the mean of the last ones without the extremes; `usual` for those missing."""
    seconds = sorted(max(0.0, one.total_seconds()) for one in [*last, *[usual] * (_ENOUGH - len(last))])
    cut = len(seconds) // _EXTREME
    return timedelta(seconds=fmean(seconds[cut : len(seconds) - cut]))


# docs/spec/counters.md §6: "It is told as a range from 0.8 to 1.2 of the estimate and marked as indicative"
def wait(agenda: int, situation: Situation) -> Wait | None:
    """Return the wait of a client who comes now without a booking; None when no counter serves the agenda."""
    if not any(agenda in counter.agendas for counter in situation.counters):
        return None
    minutes = _wait(agenda, situation).total_seconds() / 60
    return Wait(floor(round(minutes * _LOW, 3)), ceil(round(minutes * _HIGH, 3)))


def newcomer(agenda: int, now: datetime) -> Ticket:
    """Return the ticket of a client who comes now without a booking."""
    return _imagined(agenda, now, None)


# docs/spec/counters.md §6: "Booked clients who have not arrived enter at their time."
def expected(agenda: int, start: datetime) -> Ticket:
    """Return the ticket of a booked client, who is assumed to arrive at the booked time."""
    return _imagined(agenda, start, start)


def _imagined(agenda: int, at: datetime, due: datetime | None) -> Ticket:
    return Ticket(
        id=_LAST,
        agenda=agenda,
        service="",
        day=at.date(),
        prefix="",
        number=0,
        kind="walk_in" if due is None else "booking",
        priority=False,
        booking=None,
        state="waiting",
        counter=None,
        reserved_for=None,
        recalls=0,
        arrived_at=at,
        due_at=due,
        parked_until=None,
        called_at=None,
        served_at=None,
        ended_at=None,
        version=0,
    )


# docs/spec/counters.md §6: "The estimate plays the day forward with the rule that calls"
def _wait(agenda: int, situation: Situation) -> timedelta:
    """Simulate the day until the newcomer is called: each counter, when free, calls by `order.next_ticket`."""
    now, own = situation.now, newcomer(agenda, situation.now)
    queue = [*(one for one in situation.tickets if one.state == "waiting"), *situation.to_come, own]
    turns = count()  # of counters free at the same moment, the first of the office calls first
    free = [(_free_at(counter, situation), next(turns), counter) for counter in situation.counters]
    heapq.heapify(free)
    while free:
        at, _, counter = heapq.heappop(free)
        called = _called(queue, counter, situation, at)
        if called is own:
            return at - now
        if called is not None:
            queue = [one for one in queue if one is not called]
            heapq.heappush(free, (at + situation.times[called.agenda], next(turns), counter))
        elif later := _next_change(queue, at):
            heapq.heappush(free, (later, next(turns), counter))
    raise AssertionError("a counter that serves the agenda calls everybody in the end")


def _free_at(counter: Counter, situation: Situation) -> datetime:
    for ticket in situation.tickets:
        if ticket.counter == counter.id and ticket.state in {"called", "serving"}:
            usual = situation.times[ticket.agenda]
            so_far = situation.now - (ticket.called_at or situation.now)
            return situation.now + max(usual - so_far, usual * _LEAST_LEFT)
    return situation.now


def _called(queue: Iterable[Ticket], counter: Counter, situation: Situation, at: datetime) -> Ticket | None:
    arrived = (one for one in queue if one.arrived_at <= at)
    return next_ticket(arrived, counter, situation.staffed, situation.settings, at)


def _next_change(queue: Iterable[Ticket], at: datetime) -> datetime | None:
    """Return when the next ticket arrives, or stops being parked."""
    moments = (moment for one in queue for moment in (one.arrived_at, one.parked_until) if moment and moment > at)
    return min(moments, default=None)


def times(office: Office, last: Mapping[int, Sequence[timedelta]]) -> dict[int, timedelta]:
    """Return how long a client of each agenda takes, from how long the last ones took."""
    return {
        agenda.id: service_time(last.get(agenda.id, ()), timedelta(minutes=agenda.queue.service_minutes))
        for agenda in office.agendas
    }
