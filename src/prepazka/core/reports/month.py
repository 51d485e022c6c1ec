"""The report of some days: every figure of it, worked out from the visits and the bookings of these days."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from prepazka.core.minutes import local
from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import TicketKind
from prepazka.core.reports.bookings import BookedVisits, Capacity, NoShows, capacities, no_shows, no_shows_by
from prepazka.core.reports.spread import Spread, spread, spread_by
from prepazka.core.reports.visits import (
    Ending,
    Entry,
    ServiceStretch,
    Visit,
    ending,
    first_wait,
    queue_stretches,
    service_stretches,
)

Key = TypeVar("Key", int, str)

UNSERVED: tuple[Ending, ...] = ("absent", "closed", "left", "withdrawn")
"""The endings of those who left unserved."""


@dataclass(frozen=True, slots=True)
class Services:
    """Times at the counter. unended: how many were served whose end no clerk recorded."""

    spread: Spread | None
    unended: int


@dataclass(frozen=True, slots=True)
class Report:
    """All figures. Agendas and counters are ids, services codes; hours are those of the arrival on the office's clock.

    waits: to the first call. stretches: each time in a queue, by agenda and why it began. services: times at the
    counter by service, "" for those without one. unserved: who left, by hour and how. booked: bookings by channel.
    """

    tickets: Mapping[TicketKind, int]
    endings: Mapping[Ending, int]
    waits: Spread | None
    waits_by_agenda: Mapping[int, Spread]
    waits_by_hour: Mapping[int, Spread]
    stretches: Mapping[tuple[int, Entry], Spread]
    services: Mapping[str, Services]
    services_at: Mapping[int, Services]
    services_of: Mapping[str, Services]
    unserved: Mapping[int, Mapping[Ending, int]]
    no_shows: NoShows
    no_shows_by_service: Mapping[str, NoShows]
    no_shows_by_channel: Mapping[str, NoShows]
    capacity: Mapping[int, Capacity]
    booked: Mapping[str, int]
    served: Services

    @property
    def left(self) -> int:
        """How many people left unserved."""
        return sum(self.endings.get(one, 0) for one in UNSERVED)


def report(
    office: Office, days: Sequence[date], visits: Sequence[Visit], bookings: Sequence[BookedVisits], today: date
) -> Report:
    """Return the report of these days. visits, bookings: all of these days; today: no-shows are of days before it."""
    stretches = [one for visit in visits for one in queue_stretches(visit) if one.ended is not None]
    served = [one for visit in visits for one in service_stretches(visit)]
    channels: Counter[str] = Counter()
    for one in bookings:
        channels[one.channel] += one.count
    return Report(
        tickets=Counter(visit.kind for visit in visits),
        endings=Counter(map(ending, visits)),
        waits=spread(minutes for visit in visits if (minutes := first_wait(visit)) is not None),
        waits_by_agenda=spread_by(visits, lambda visit: visit.steps[0].agenda, first_wait),
        waits_by_hour=spread_by(visits, lambda visit: _hour(office, visit), first_wait),
        stretches=spread_by(stretches, lambda one: (one.agenda, one.entry), lambda one: one.minutes),
        services=services_by_service(served),
        services_at=_services_by([one for one in served if one.counter is not None], lambda one: one.counter or 0),
        services_of=_services_by(served, lambda one: one.clerk),
        unserved=_unserved(office, visits),
        no_shows=no_shows(bookings, today),
        no_shows_by_service=no_shows_by(bookings, today, lambda one: one.service),
        no_shows_by_channel=no_shows_by(bookings, today, lambda one: one.channel),
        capacity=capacities(office, days, bookings),
        booked=dict(sorted(channels.items())),
        served=services(served),
    )


def services(stretches: Sequence[ServiceStretch]) -> Services:
    """Return the times at the counter of these stretches."""
    ended = [one.minutes for one in stretches if one.minutes is not None]
    return Services(spread(ended), len(stretches) - len(ended))


def services_by_service(stretches: Sequence[ServiceStretch]) -> dict[str, Services]:
    """Return the times at the counter by service, "" for those without one."""
    return _services_by(stretches, lambda one: one.service)


def _services_by(stretches: Sequence[ServiceStretch], key: Callable[[ServiceStretch], Key]) -> dict[Key, Services]:
    groups: dict[Key, list[ServiceStretch]] = defaultdict(list)
    for one in stretches:
        groups[key(one)].append(one)
    return {name: services(groups[name]) for name in sorted(groups)}


def _unserved(office: Office, visits: Sequence[Visit]) -> dict[int, dict[Ending, int]]:
    """Return who left unserved, by the hour they had come in."""
    counts = Counter((_hour(office, visit), how) for visit in visits if (how := ending(visit)) in UNSERVED)
    return {
        hour: {how: counts[hour, how] for how in UNSERVED if counts[hour, how]}
        for hour in sorted({hour for hour, _ in counts})
    }


def _hour(office: Office, visit: Visit) -> int:
    return local(visit.arrived, office.zone).hour
