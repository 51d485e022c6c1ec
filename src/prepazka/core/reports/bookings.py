"""Bookings of past days: who came, who did not, and how much of what was offered they took."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prepazka.core.office import calendar
from prepazka.core.office.office import Agenda, Office


@dataclass(frozen=True, slots=True)
class BookedVisits:
    """Bookings of a day that were not cancelled, alike in agenda (its id), service (its code) and channel.

    came: how many of them got a ticket. minutes: what they were to take at the counter; used: those of who came.
    """

    day: date
    agenda: int
    service: str
    channel: str
    count: int
    came: int
    minutes: int
    used: int


@dataclass(frozen=True, slots=True)
class NoShows:
    """Of so many people expected, how many did not come."""

    expected: int
    missed: int

    @property
    def share(self) -> float | None:
        """The share of those who did not come, from 0 to 1; None where nobody was expected."""
        return self.missed / self.expected if self.expected else None


# docs/spec/reports.md §1: "A no-show is a booking of a past day that was not cancelled and has no ticket"
def no_shows(bookings: Iterable[BookedVisits], today: date) -> NoShows:
    """Return the no-shows of the days before today."""
    past = [one for one in bookings if one.day < today]
    expected = sum(one.count for one in past)
    return NoShows(expected, expected - sum(one.came for one in past))


def no_shows_by(
    bookings: Iterable[BookedVisits], today: date, key: Callable[[BookedVisits], str]
) -> Mapping[str, NoShows]:
    """Return the no-shows of the days before today by something all bookings have, such as their channel."""
    groups: dict[str, list[BookedVisits]] = defaultdict(list)
    for one in bookings:
        groups[key(one)].append(one)
    found = {name: no_shows(group, today) for name, group in sorted(groups.items())}
    return {name: one for name, one in found.items() if one.expected}


@dataclass(frozen=True, slots=True)
class Capacity:
    """Minutes of places that could be booked: offered by the hours, booked, and used by people who came."""

    offered: int
    booked: int
    used: int


# docs/spec/reports.md §1: "Offered is the time of the bookable places"
def offered_minutes(office: Office, agenda: Agenda, day: date) -> int:
    """Return the minutes of places an agenda offers on a day, before any booking, as its hours and closures are now."""
    return sum(
        (stretch.closes - stretch.opens) * stretch.lanes for stretch in calendar.starts(office, agenda, day).stretches
    )


def capacities(office: Office, days: Sequence[date], bookings: Sequence[BookedVisits]) -> Mapping[int, Capacity]:
    """Return the capacity of each agenda on these days by its id; agendas that are no longer offer nothing."""
    own = {agenda.id: agenda for agenda in office.agendas}
    found = {}
    for agenda in [*own, *sorted({one.agenda for one in bookings} - own.keys())]:
        offered = sum(offered_minutes(office, own[agenda], day) for day in days) if agenda in own else 0
        taken = [one for one in bookings if one.agenda == agenda]
        found[agenda] = Capacity(offered, sum(one.minutes for one in taken), sum(one.used for one in taken))
    return found
