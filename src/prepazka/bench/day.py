"""A simulated day at the counters: the estimated wait of each walk-in beside the real one.

The day is random but repeatable. The simulation is event-driven, so nothing sleeps and nothing is stored. The queue's
own rule picks the next ticket, and each estimate uses only what is known at that moment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from statistics import fmean

from prepazka.core.office.office import Office
from prepazka.core.queue import estimate
from prepazka.core.queue.estimate import FINISHED, Situation
from prepazka.core.queue.play import Hall, Shift, play
from prepazka.core.queue.tickets import Ticket, Wait


@dataclass(frozen=True, slots=True)
class Waited:
    """One walk-in: the wait estimated on arrival, and the real one in minutes."""

    estimated: Wait
    actual: float

    @property
    def error(self) -> float:
        """Minutes from the real wait to the middle of the estimated range; positive when the estimate was too long."""
        return (self.estimated.low + self.estimated.high) / 2 - self.actual


@dataclass(frozen=True, slots=True)
class Demand:
    """How many people come to an agenda.

    interval: mean minutes between two walk-ins. service_minutes: mean minutes at the counter (5 to 30 in real offices).
    no_show_rate: share of the bookings, one every quarter of an hour, whose client stays away (11 to 20 %).
    """

    interval: float
    service_minutes: float
    no_show_rate: float = 0.15


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A ticket of the day; comes: False for a no-show."""

    ticket: Ticket
    comes: bool


@dataclass
class _Known:
    """What is known at a moment. service_times: by agenda, the latest first. estimates: by ticket."""

    tickets: dict[int, Ticket]
    service_times: dict[int, list[timedelta]] = field(default_factory=dict)
    to_come: dict[int, Ticket] = field(default_factory=dict)
    estimates: dict[int, Wait] = field(default_factory=dict)


def simulate_day(office: Office, demands: Sequence[Demand], opens: datetime, hours: float, seed: int) -> list[Waited]:
    """Return all walk-ins served on a simulated day; `demands` are those of the office's agendas, in their order.

    Every counter is staffed all day. The office's configured service time may be wrong: the estimate has to correct it
    from the served clients.
    """
    rng = Random(seed)  # noqa: S311 -- a made-up day is no secret
    arrivals = list(_arrivals(office, demands, opens, hours, rng))
    to_come = {one.ticket.id: one.ticket for one in arrivals if one.ticket.kind == "booking"}
    # Who comes early for the first booking is called before the day begins, where a counter is free.
    shifts = [Shift(counter, opens - timedelta(hours=1)) for counter in office.counters]
    minutes = {agenda.id: demand.service_minutes for agenda, demand in zip(office.agendas, demands, strict=True)}
    coming = [one.ticket for one in arrivals if one.comes]
    hall = Hall(shifts, office.settings, lambda one: _service_time(minutes[one.agenda], rng))
    known = _Known(hall.tickets, to_come=to_come)
    waits: list[Waited] = []
    for one in play(hall, coming):
        ticket = one.ticket
        if one.what == "arrives":
            _arrive(known, ticket, office, one.at)
        elif one.what == "finished":
            _finish(known, ticket, one.at)
        elif ticket.id in known.estimates:
            waits.append(Waited(known.estimates[ticket.id], (one.at - ticket.arrived_at).total_seconds() / 60))
    return waits


def _service_time(mean: float, rng: Random) -> timedelta:
    """Draw the time of one client at the counter: mostly near the mean, sometimes up to three times as long."""
    return timedelta(minutes=mean * min(3.0, rng.lognormvariate(-0.08, 0.4)))


def _arrivals(
    office: Office, demands: Sequence[Demand], opens: datetime, hours: float, rng: Random
) -> Iterator[_Arrival]:
    """Yield the walk-ins and the bookings of the day."""
    ids = count(1)
    for agenda, demand in zip(office.agendas, demands, strict=True):
        minutes = rng.expovariate(1 / demand.interval)
        while minutes < hours * 60:
            at = opens + timedelta(minutes=minutes)
            yield _Arrival(replace(estimate.newcomer(agenda.id, at), id=next(ids)), comes=True)
            minutes += rng.expovariate(1 / demand.interval)
        for quarter in range(int(hours * 4)):
            start = opens + timedelta(minutes=15 * quarter)
            early = start - timedelta(minutes=rng.uniform(0, 14))
            booked = replace(estimate.expected(agenda.id, start), id=next(ids), arrived_at=early)
            yield _Arrival(booked, comes=rng.random() > demand.no_show_rate)


def _arrive(known: _Known, ticket: Ticket, office: Office, now: datetime) -> None:
    if ticket.kind == "walk_in":
        estimated = estimate.wait(ticket.agenda, _situation(known, office, now))
        if estimated is not None:
            known.estimates[ticket.id] = estimated
    known.to_come.pop(ticket.id, None)


def _situation(known: _Known, office: Office, now: datetime) -> Situation:
    return Situation(
        now=now,
        settings=office.settings,
        counters=office.counters,
        staffed={counter.id for counter in office.counters},
        tickets=list(known.tickets.values()),
        to_come=[
            estimate.expected(ticket.agenda, ticket.due_at)
            for ticket in known.to_come.values()
            if ticket.due_at is not None and ticket.due_at >= now
        ],
        times=estimate.times(office, known.service_times),
    )


def _finish(known: _Known, served: Ticket, now: datetime) -> None:
    known.service_times.setdefault(served.agenda, []).insert(0, now - (served.called_at or now))
    del known.service_times[served.agenda][FINISHED:]


def mean_error(waits: Sequence[Waited]) -> float:
    """Return the mean absolute error of the estimates, in minutes."""
    return fmean(abs(wait.error) for wait in waits)


def bias(waits: Sequence[Waited]) -> float:
    """Return the mean error of the estimates, in minutes; positive when they were too long."""
    return fmean(wait.error for wait in waits)
