"""What a report is made of: the visits of some days with their events, the bookings with who came, and names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from prepazka.core.minutes import Minute
from prepazka.core.office.office import Office
from prepazka.core.reports.bookings import BookedVisits
from prepazka.core.reports.figures import Figures, figures, from_kept
from prepazka.core.reports.visits import Step, Visit, is_mistake, without_undone
from prepazka.store import folded, models
from prepazka.store.sql import listed, minute_shown, moment, rows
from prepazka.store.statistics import Period


def visits(office: Office, period: Period) -> list[Visit]:
    """Return the tickets of the period's days with their events, without those given out by mistake.

    Indexes: ticket_of_day, one_event_a_version.
    """
    found = rows(
        "SELECT t.id, t.day, t.kind, t.due_at, t.booking_id IS NOT NULL, t.priority, e.act, e.at, e.before, e.after, "
        # Older events tell no agenda and no service; they are the ticket's.
        "COALESCE(e.agenda_id, t.agenda_id), "
        "CASE WHEN e.agenda_id IS NULL THEN t.service_id ELSE e.service_id END, e.counter_id, e.who "
        "FROM ticket t JOIN ticket_event e ON e.ticket_id = t.id "
        "WHERE t.office_id = %s AND t.day >= %s AND t.day <= %s ORDER BY t.id, e.version",
        [office.id, period.first.isoformat(), period.last.isoformat()],
    )
    codes = service_codes(office)
    read = (_visit(list(events), codes) for _, events in groupby(found, key=lambda row: row[0]))
    return [visit for visit in read if not is_mistake(visit)]


def counted(office: Office, period: Period) -> Figures:
    """Return the figures of the period's visits, folded ones too. Indexes: of `visits`, one_row_of_figures_a_day."""
    found = figures(office, visits(office, period))
    # Most months have rows of every day, and then nothing has to be named.
    if past := folded.whole_days(office, period.first, period.last):
        keys = folded.keys(office)
        found = sum((from_kept(kept, keys.agenda_ids, keys.counter_ids) for kept in past), found)
    return found


def _visit(events: Sequence[Sequence[Any]], codes: Mapping[int, str]) -> Visit:
    _, day, kind, due, booked, priority, *_rest = events[0]
    steps: list[Step] = []
    for act, at, before, after, agenda, service, counter, who in (event[6:] for event in events):
        if act == "undo":  # what was undone a moment later did not happen
            steps.pop()
        else:
            steps.append(Step(act, minute_shown(at), before, after, agenda, codes.get(service, ""), counter, who))
    return Visit(
        date.fromisoformat(str(day)),
        kind,
        None if due is None else minute_shown(due),
        bool(booked),
        bool(priority),
        without_undone(steps),
    )


def booked(office: Office, period: Period) -> list[BookedVisits]:
    """Count the bookings for the period's days that were not cancelled, with who came and how long they were to take.

    Indexes: booking_taken, by agenda; one_ticket_a_booking; one_row_of_figures_a_day.
    """
    minutes = "{minute:booking.ends_at} - {minute:booking.starts_at}"
    found = rows(
        "SELECT booking.day, booking.agenda_id, booking.service_id, booking.channel, COUNT(*), COUNT(ticket.id), "
        f"SUM({minutes}), SUM(CASE WHEN ticket.id IS NULL THEN 0 ELSE {minutes} END) FROM booking "
        "LEFT JOIN ticket ON ticket.booking_id = booking.id AND ticket.booking_id IS NOT NULL "
        # SQLite uses the index only where its condition, of both states, is in the statement.
        "WHERE {among:booking.agenda_id} AND booking.state IN ('booked', 'held') AND booking.state = 'booked' "
        "AND booking.starts_at >= %s AND booking.starts_at < %s GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        [listed(list(titles(office).agendas)), moment(period.begin(office)), moment(period.end(office))],
    )
    codes = service_codes(office)
    days = folded.of_days(office, period.first, period.last, "booked")
    agendas = folded.keys(office).agenda_ids if days else {}
    past = [BookedVisits(day, agendas[agenda], *rest) for day, kept in days for agenda, *rest in kept]
    return past + [
        BookedVisits(date.fromisoformat(str(day)), agenda, codes[service], channel, count, came, int(booked), int(used))
        for day, agenda, service, channel, count, came, booked, used in found
    ]


@dataclass(frozen=True, slots=True)
class BookedRow:
    """One booking without its person: when, for what, by which channel it was made, whether its person came."""

    start: Minute
    minutes: int
    agenda: int
    service: str
    channel: str
    persons: int
    made: Minute
    came: bool


def booking_rows(office: Office, period: Period) -> list[BookedRow]:
    """Return the bookings `booked` counts, one by one. Indexes: as there."""
    found = rows(
        "SELECT booking.starts_at, booking.ends_at, booking.agenda_id, booking.service_id, booking.channel, "
        "booking.persons, booking.made_at, ticket.id IS NOT NULL FROM booking "
        "LEFT JOIN ticket ON ticket.booking_id = booking.id AND ticket.booking_id IS NOT NULL "
        "WHERE {among:booking.agenda_id} AND booking.state IN ('booked', 'held') AND booking.state = 'booked' "
        "AND booking.starts_at >= %s AND booking.starts_at < %s ORDER BY booking.starts_at, booking.id",
        [listed(list(titles(office).agendas)), moment(period.begin(office)), moment(period.end(office))],
    )
    codes = service_codes(office)
    return [
        BookedRow(
            start := minute_shown(starts), minute_shown(ends) - start, agenda, codes[service], channel, persons,
            minute_shown(made), bool(came),
        )
        for starts, ends, agenda, service, channel, persons, made, came in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of agendas and counters by id, retired ones too."""

    agendas: Mapping[int, str]
    counters: Mapping[int, str]


def titles(office: Office) -> Titles:
    """Return the titles of everything a report may name. Two queries; indexes: those of the office."""
    return Titles(
        dict(models.Agenda.objects.filter(office_id=office.id).values_list("id", "title")),
        dict(models.Counter.objects.filter(office_id=office.id).values_list("id", "title")),
    )


def service_codes(office: Office) -> dict[int, str]:
    """Return the codes of all services by id, retired ones too."""
    return dict(models.Service.objects.filter(office_id=office.id).values_list("id", "code"))


def people_by_day(office: Office, period: Period) -> dict[int, dict[date, int]]:
    """Count the tickets of each day, by the agenda they were for in the end.

    Indexes: ticket_of_day, alone; one_row_of_figures_a_day.
    """
    found = rows(
        "SELECT agenda_id, day, COUNT(*) FROM ticket WHERE office_id = %s AND day >= %s AND day <= %s "
        "GROUP BY agenda_id, day",
        [office.id, period.first.isoformat(), period.last.isoformat()],
    )
    counts: dict[int, dict[date, int]] = {}
    for agenda, day, count in found:
        counts.setdefault(agenda, {})[date.fromisoformat(str(day))] = count
    folded_days = folded.of_days(office, period.first, period.last, "people")
    agendas = folded.keys(office).agenda_ids if folded_days else {}
    for past, kept in folded_days:
        for key, count in kept:
            days = counts.setdefault(agendas[key], {})
            days[past] = days.get(past, 0) + count
    return counts


def first_day(office: Office) -> date | None:
    """Return the day of the office's first ticket. Indexes: one_row_of_figures_a_day, one_ticket_a_number."""
    [(day,)] = rows("SELECT MIN(day) FROM ticket WHERE office_id = %s", [office.id])
    known = [folded.first_day_with(office, "people"), None if day is None else date.fromisoformat(str(day))]
    return min((one for one in known if one is not None), default=None)


def is_folded(office: Office, period: Period) -> bool:
    """Whether visits or bookings of the period have no rows any more. Index: one_row_of_figures_a_day."""
    days = folded.whole_days(office, period.first, period.last)
    return any(kept.get(name) for kept in days for name in ("people", "booked"))
