"""The report of some days: every figure of it, worked out from the visits and the bookings of these days."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import UNPERFORMED, TicketKind, Unperformed
from prepazka.core.reports.bookings import BookedVisits, Capacity, NoShows, capacities, no_shows, no_shows_by
from prepazka.core.reports.figures import Figures, ServiceKey, figures
from prepazka.core.reports.spread import Spread, spread_counted
from prepazka.core.reports.visits import Ending, Entry, ServiceStretch, Visit

Key = TypeVar("Key", int, str, tuple[int, Entry])
ServiceBy = TypeVar("ServiceBy", int, str)

UNSERVED: tuple[Ending, ...] = ("absent", "closed", "left", "withdrawn")
"""The endings of those who left unserved."""


# docs/spec/reports.md §1: "Who was at the counter and could not be served is counted apart, by the reason"
def unperformed(endings: Mapping[Ending, int]) -> dict[Unperformed, int]:
    """Return how many people were at a counter and could not be served, by the reason."""
    return {why: endings[why] for why in UNPERFORMED if endings.get(why)}


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
    return report_of(office, days, figures(office, visits), bookings, today)


def report_of(
    office: Office, days: Sequence[date], found: Figures, bookings: Sequence[BookedVisits], today: date
) -> Report:
    """Return the report of these days from what was counted on them."""
    channels: Counter[str] = Counter()
    for one in bookings:
        channels[one.channel] += one.count
    waits, served = found.waits, found.services
    return Report(
        tickets=found.tickets,
        endings=found.endings,
        waits=spread_counted(_lengths((one.minutes, count) for one, count in waits.items())),
        waits_by_agenda=_spread_by((one.agenda, one.minutes, count) for one, count in waits.items()),
        waits_by_hour=_spread_by((one.hour, one.minutes, count) for one, count in waits.items()),
        stretches=_spread_by(((one.agenda, one.entry), one.minutes, count) for one, count in found.stretches.items()),
        services=_services_by(served, lambda one: one.service),
        services_at=_services_by(
            {one: count for one, count in served.items() if one.counter is not None}, lambda one: one.counter or 0
        ),
        services_of=_services_by(served, lambda one: one.clerk),
        unserved=_unserved(found),
        no_shows=no_shows(bookings, today),
        no_shows_by_service=no_shows_by(bookings, today, lambda one: one.service),
        no_shows_by_channel=no_shows_by(bookings, today, lambda one: one.channel),
        capacity=capacities(office, days, bookings),
        booked=dict(sorted(channels.items())),
        served=_services(served),
    )


def services_by_service(stretches: Sequence[ServiceStretch]) -> dict[str, Services]:
    """Return the times at the counter by service, "" for those without one."""
    return _services_by(Counter(map(ServiceKey.of, stretches)), lambda one: one.service)


def _services(served: Mapping[ServiceKey, int]) -> Services:
    ended = _lengths((one.minutes, count) for one, count in served.items() if one.minutes is not None)
    return Services(spread_counted(ended), sum(served.values()) - sum(ended.values()))


def _services_by(served: Mapping[ServiceKey, int], key: Callable[[ServiceKey], ServiceBy]) -> dict[ServiceBy, Services]:
    groups: dict[ServiceBy, dict[ServiceKey, int]] = defaultdict(dict)
    for one, count in served.items():
        groups[key(one)][one] = count
    return {name: _services(groups[name]) for name in sorted(groups)}


def _lengths(counted: Iterable[tuple[int, int]]) -> Counter[int]:
    lengths: Counter[int] = Counter()
    for minutes, count in counted:
        lengths[minutes] += count
    return lengths


def _spread_by(counted: Iterable[tuple[Key, int, int]]) -> dict[Key, Spread]:
    """Return the spread of each group, in the order of their keys. counted: the key, the minutes, how many."""
    groups: dict[Key, Counter[int]] = defaultdict(Counter)
    for key, minutes, count in counted:
        groups[key][minutes] += count
    return {key: found for key in sorted(groups) if (found := spread_counted(groups[key]))}


def _unserved(found: Figures) -> dict[int, dict[Ending, int]]:
    """Return who left unserved, by the hour they had come in."""
    counts = {one: count for one, count in found.endings_by_hour.items() if one[1] in UNSERVED}
    return {
        hour: {how: counts[hour, how] for how in UNSERVED if counts.get((hour, how))}
        for hour in sorted({hour for hour, _ in counts})
    }
