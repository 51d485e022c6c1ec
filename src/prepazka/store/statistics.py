"""Statistics of a period, counted in the database: bookings, visits, waits, tickets, messages.

Erased rows still count: they stay without names and numbers. Days and hours are on the office's wall clock.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from prepazka.core.minutes import Minute, instant, midnight
from prepazka.core.office.office import Office
from prepazka.store import folded, models
from prepazka.store.sql import listed, moment, rows
from prepazka.store.ticket_events import NO_MISTAKE


@dataclass(frozen=True, slots=True)
class Period:
    """Days of an office, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """All its days, in order."""
        return [self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1)]

    def begin(self, office: Office) -> datetime:
        """Return its first moment."""
        return instant(midnight(self.first, office.zone))

    def end(self, office: Office) -> datetime:
        """Return the first moment after it."""
        return instant(midnight(self.last + timedelta(days=1), office.zone))


@dataclass(frozen=True, slots=True)
class BookingCount:
    """Bookings of one day and service that were not cancelled; checked_in: how many of them have a ticket."""

    day: date
    service: str
    channel: str
    count: int
    checked_in: int


@dataclass(frozen=True, slots=True)
class WaitCount:
    """How many clients waited so many whole minutes, of those who came in the hour that begins at `hour`."""

    hour: datetime
    kind: str
    minutes: int
    count: int


@dataclass(frozen=True, slots=True)
class TicketCount:
    """How many tickets of a kind were given out on a day."""

    day: date
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class MessageCount:
    """How many messages of a day had this outcome."""

    day: date
    outcome: str
    count: int


def bookings(office: Office, period: Period) -> list[BookingCount]:
    """Count bookings by day, service and channel.

    Indexes: booking_taken, by agenda; one_ticket_a_booking; one_row_of_figures_a_day.
    """
    found = rows(
        "SELECT booking.day, service.code, booking.channel, COUNT(*), COUNT(ticket.id) FROM booking "
        "JOIN service ON service.id = booking.service_id "
        "LEFT JOIN ticket ON ticket.booking_id = booking.id AND ticket.booking_id IS NOT NULL "
        # SQLite uses the index only where its condition, of both states, is in the statement.
        "WHERE {among:booking.agenda_id} AND booking.state IN ('booked', 'held') AND booking.state = 'booked' "
        "AND booking.starts_at >= %s AND booking.starts_at < %s "
        "GROUP BY booking.day, service.code, booking.channel ORDER BY 1, 2",
        [listed(_agendas(office)), moment(period.begin(office)), moment(period.end(office))],
    )
    counts: Counter[tuple[date, str, str]] = Counter()
    came: Counter[tuple[date, str, str]] = Counter()
    for day, kept in _folded(office, period, "booked"):
        for _agenda, service, channel, count, checked_in, *_minutes in kept:
            counts[day, service, channel] += count
            came[day, service, channel] += checked_in
    past = [BookingCount(*key, count, came[key]) for key, count in sorted(counts.items())]
    return past + [BookingCount(_day(day), *rest) for day, *rest in found]


def cancellations(office: Office, period: Period) -> int:
    """Count the bookings cancelled in the period, for any day.

    Indexes: booking_given_back, one_row_of_figures_a_day.
    """
    [(count,)] = rows(
        "SELECT COUNT(*) FROM booking WHERE {among:agenda_id} AND state = 'cancelled' "
        "AND changed_at >= %s AND changed_at < %s",
        [listed(_agendas(office)), moment(period.begin(office)), moment(period.end(office))],
    )
    return int(count) + sum(int(past) for _day, kept in _folded(office, period, "cancelled") for [past] in kept)


# docs/spec/administration.md §6: "Waiting lasts from the arrival to the first call, for a booked client from the booked
# time if that is later."
def waits(office: Office, period: Period) -> list[WaitCount]:
    """Count how long clients had waited for their first call, booked ones from the booked time on.

    Indexes: those of `waits_in_rows`, one_row_of_figures_a_day.
    """
    past = [row for _day, kept in _folded(office, period, "waited") for row in kept]
    return [_wait(office, row) for row in past] + waits_in_rows(office, period)


def waits_in_rows(office: Office, period: Period) -> list[WaitCount]:
    """Count the waits of clients whose tickets have rows.

    Both moments are those of the ticket's events: its own columns tell of the last call, and of the last time the
    client took a place. Indexes: ticket_of_day, one_event_a_version.
    """
    # What was undone a moment later did not happen.
    undone = (
        "SELECT 1 FROM ticket_event u WHERE u.ticket_id = e.ticket_id AND u.version = e.version + 1 AND u.act = 'undo'"
    )
    event = (
        "(SELECT MIN(e.at) FROM ticket_event e WHERE e.ticket_id = ticket.id AND e.act = '{act}' "
        f"AND NOT EXISTS ({undone}))"
    )
    since = "CASE WHEN due_at IS NOT NULL AND due_at > arrived THEN due_at ELSE arrived END"
    found = rows(
        f"SELECT hour, kind, minutes, COUNT(*) FROM (SELECT {{minute:arrived}} / 60 AS hour, kind, "
        f"{{minute:called}} - {{minute:{since}}} AS minutes FROM (SELECT kind, due_at, "
        f"COALESCE({event.format(act='arrive')}, arrived_at) AS arrived, "
        f"COALESCE({event.format(act='call')}, called_at) AS called "
        "FROM ticket WHERE office_id = %s AND day >= %s AND day <= %s AND called_at IS NOT NULL) AS seen) AS waited "
        "GROUP BY hour, kind, minutes ORDER BY hour, minutes",
        [office.id, period.first.isoformat(), period.last.isoformat()],
    )
    return [_wait(office, row) for row in found]


def _wait(office: Office, row: Sequence[Any]) -> WaitCount:
    hour, kind, minutes, count = row
    return WaitCount(instant(Minute(int(hour) * 60)).astimezone(office.zone), kind, max(int(minutes), 0), count)


def tickets(office: Office, period: Period) -> list[TicketCount]:
    """Count the tickets given out, but by mistake, by day and kind.

    Indexes: ticket_of_day, one_row_of_figures_a_day.
    """
    found = rows(
        "SELECT day, kind, COUNT(*) FROM ticket WHERE office_id = %s AND day >= %s AND day <= %s "
        f"AND {NO_MISTAKE} GROUP BY day, kind ORDER BY day, kind",
        [office.id, period.first.isoformat(), period.last.isoformat()],
    )
    past: Counter[tuple[date, str]] = Counter()
    for day, kept in _folded(office, period, "tickets"):
        for _agenda, kind, count in kept:
            past[day, kind] += count
    earlier = [TicketCount(day, kind, count) for (day, kind), count in sorted(past.items())]
    return earlier + [TicketCount(_day(day), kind, count) for day, kind, count in found]


def messages(office: Office, period: Period) -> list[MessageCount]:
    """Count messages by day and outcome. Indexes: inbound_of_sender, by its office; one_row_of_figures_a_day."""
    found = rows(
        "SELECT {minute:received_at} / 1440, outcome, COUNT(*) FROM inbound WHERE office_id = %s "
        "AND received_at >= %s AND received_at < %s AND outcome <> '' GROUP BY 1, outcome ORDER BY 1, outcome",
        [office.id, moment(period.begin(office)), moment(period.end(office))],
    )
    counts: Counter[tuple[date, str]] = Counter()
    for _day, kept in _folded(office, period, "messages"):
        for day, outcome, count in kept:
            counts[date.fromisoformat(day), outcome] += count
    for days, outcome, count in found:
        counts[date(1970, 1, 1) + timedelta(days=int(days)), outcome] += count
    return [MessageCount(day, outcome, count) for (day, outcome), count in sorted(counts.items())]


def _folded(office: Office, period: Period, name: str) -> list[folded.DayRows]:
    return folded.of_days(office, period.first, period.last, name)


def _agendas(office: Office) -> Sequence[int]:
    """Return the ids of the office's agendas, retired ones too."""
    return list(models.Agenda.objects.filter(office_id=office.id).values_list("id", flat=True))


def _day(stored: date | str) -> date:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored
