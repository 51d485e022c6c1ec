"""What is counted of visits: all that a report needs of them, so that days whose visits are gone have the same report.

The figures of several days are the sums of those of each.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from prepazka.core.minutes import local
from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import TicketKind
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


class WaitKey(NamedTuple):
    """A wait for the first call: the agenda and the hour of the arrival, and how long it was."""

    agenda: int
    hour: int
    minutes: int


class StretchKey(NamedTuple):
    """A stretch in a queue, as `core.reports.visits.QueueStretch`."""

    agenda: int
    entry: Entry
    minutes: int


class ServiceKey(NamedTuple):
    """A time at a counter, as `core.reports.visits.ServiceStretch`; minutes: None where nobody ended it."""

    service: str
    counter: int | None
    clerk: str
    minutes: int | None

    @classmethod
    def of(cls, stretch: ServiceStretch) -> "ServiceKey":
        """Return what is counted of a stretch."""
        return cls(stretch.service, stretch.counter, stretch.clerk, stretch.minutes)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many visits were alike. endings_by_hour: by the hour of the arrival and what became of them."""

    tickets: Counter[TicketKind] = field(default_factory=Counter)
    endings_by_hour: Counter[tuple[int, Ending]] = field(default_factory=Counter)
    waits: Counter[WaitKey] = field(default_factory=Counter)
    stretches: Counter[StretchKey] = field(default_factory=Counter)
    services: Counter[ServiceKey] = field(default_factory=Counter)

    @property
    def endings(self) -> Counter[Ending]:
        """What became of the visits."""
        counts: Counter[Ending] = Counter()
        for (_hour, how), count in self.endings_by_hour.items():
            counts[how] += count
        return counts

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.tickets + other.tickets,
            self.endings_by_hour + other.endings_by_hour,
            self.waits + other.waits,
            self.stretches + other.stretches,
            self.services + other.services,
        )


def figures(office: Office, visits: Sequence[Visit]) -> Figures:
    """Count visits."""
    hours = [local(visit.arrived, office.zone).hour for visit in visits]
    return Figures(
        tickets=Counter(visit.kind for visit in visits),
        endings_by_hour=Counter((hour, ending(visit)) for hour, visit in zip(hours, visits, strict=True)),
        waits=Counter(
            WaitKey(visit.steps[0].agenda, hour, minutes)
            for hour, visit in zip(hours, visits, strict=True)
            if (minutes := first_wait(visit)) is not None
        ),
        stretches=Counter(
            StretchKey(one.agenda, one.entry, one.minutes)
            for visit in visits
            for one in queue_stretches(visit)
            if one.ended is not None
        ),
        services=Counter(ServiceKey.of(one) for visit in visits for one in service_stretches(visit)),
    )


# --- kept ---------------------------------------------------------------------------------------

Kept = Mapping[str, Sequence[Sequence[Any]]]
"""What is kept of a day, as plain rows by name: the columns of `KEYS`, and sums of what is alike in them."""

# docs/spec/reports.md §6: "Kept are these sums of each day"
KEYS: Mapping[str, int] = {
    # Of visits: `Figures`.
    "visits": 1,
    "endings": 2,
    "waits": 3,
    "stretches": 3,
    "services": 4,
    # Agenda, service and channel; bookings, who came, minutes booked and used.
    "booked": 3,
    # Agenda and kind of the tickets that the statistics show.
    "tickets": 2,
    # Agenda of all tickets, those given out by mistake too: the forecast is of these.
    "people": 1,
    # The hour since 1970, kind and minutes of the waits that the statistics show.
    "waited": 3,
    # Bookings of any day cancelled on this one.
    "cancelled": 0,
    # The day in UTC and the outcome.
    "messages": 2,
    # The repairs of a message, and whether it was understood then.
    "repairs": 2,
    # The gateway; messages, and in how many SMS they went.
    "sent": 1,
}
"""How many columns of each kind of rows say what is counted; the others are sums."""


def merged(*kept: Kept) -> dict[str, list[list[Any]]]:
    """Return the sums of what is kept."""
    found: dict[str, dict[tuple[Any, ...], list[int]]] = {}
    for name, row in ((name, row) for one in kept for name, rows in one.items() for row in rows):
        key, counts = tuple(row[: KEYS[name]]), row[KEYS[name] :]
        before = found.setdefault(name, {}).get(key, [0] * len(counts))
        found[name][key] = [was + more for was, more in zip(before, counts, strict=True)]
    return {name: [[*key, *counts] for key, counts in sums.items()] for name, sums in found.items()}


def as_kept(found: Figures, agendas: Mapping[int, str], counters: Mapping[int, str]) -> Kept:
    """Return figures as they are kept. agendas, counters: the keys by the ids, which are others after a move."""
    return {
        "visits": [[kind, count] for kind, count in found.tickets.items()],
        "endings": [[*key, count] for key, count in found.endings_by_hour.items()],
        "waits": [[agendas[one.agenda], *one[1:], count] for one, count in found.waits.items()],
        "stretches": [[agendas[one.agenda], *one[1:], count] for one, count in found.stretches.items()],
        "services": [
            [one.service, None if one.counter is None else counters[one.counter], *one[2:], count]
            for one, count in found.services.items()
        ],
    }


def from_kept(kept: Kept, agendas: Mapping[str, int], counters: Mapping[str, int]) -> Figures:
    """Return the figures of `as_kept`. agendas, counters: the ids by the keys."""

    def rows(name: str) -> Sequence[Sequence[Any]]:
        return kept.get(name, ())

    return Figures(
        Counter({kind: count for kind, count in rows("visits")}),  # noqa: C416 -- dict() knows no Sequence of two
        Counter({(hour, how): count for hour, how, count in rows("endings")}),
        Counter({WaitKey(agendas[agenda], *key): count for agenda, *key, count in rows("waits")}),
        Counter({StretchKey(agendas[agenda], *key): count for agenda, *key, count in rows("stretches")}),
        Counter(
            {
                ServiceKey(what, None if place is None else counters[place], *key): count
                for what, place, *key, count in rows("services")
            }
        ),
    )
