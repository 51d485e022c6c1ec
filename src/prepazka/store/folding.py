"""Old rows are counted into the figures of their days and deleted, a batch in a transaction.

What a statement deletes is what is counted, so two processes that fold the same rows count each once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from prepazka.core.booking.misunderstood import MISUNDERSTOOD
from prepazka.core.office.office import Office
from prepazka.core.reports.figures import Kept, as_kept, figures, merged
from prepazka.store import folded, models, reports, statistics
from prepazka.store.costs import NOT_LEFT
from prepazka.store.sql import changed, listed, moment, moment_of, rows, run
from prepazka.store.statistics import Period
from prepazka.store.ticket_events import NO_MISTAKE

BATCH = 500
"""Messages deleted by one transaction."""


@dataclass(frozen=True, slots=True)
class Oldest:
    """The oldest rows of an office, and how long it keeps them; None where it has none."""

    office_id: int
    zone: ZoneInfo
    keep_months: int
    erase_days: int
    day: date | None
    received: datetime | None
    made: datetime | None


def oldest() -> list[Oldest]:
    """Return the oldest rows of all offices, by one statement.

    Indexes: one_ticket_a_number, booking_to_fold, inbound_of_office, outbound_of_office.
    """
    found = rows(
        "SELECT id, timezone, keep_details_months, erase_after_days, "
        "(SELECT MIN(day) FROM ticket WHERE office_id = office.id), "
        "(SELECT MIN(day) FROM booking WHERE office_id = office.id AND name = ''), "
        "(SELECT received_at FROM inbound WHERE office_id = office.id ORDER BY id LIMIT 1), "
        "(SELECT made_at FROM outbound WHERE office_id = office.id ORDER BY id LIMIT 1) FROM office ORDER BY id"
    )
    return [
        Oldest(id_, ZoneInfo(zone), months, days, _earlier(ticket, booking), _moment(received), _moment(made))
        for id_, zone, months, days, ticket, booking, received, made in found
    ]


def _moment(stored: datetime | str | None) -> datetime | None:
    return None if stored is None else _stored(stored)


def _earlier(*days: date | str | None) -> date | None:
    return min((date.fromisoformat(str(day)) for day in days if day is not None), default=None)


# --- messages -----------------------------------------------------------------------------------


def fold_sent(office_id: int, zone: ZoneInfo, before: datetime) -> int:
    """Fold some of the oldest messages to phones made before this moment; return how many.

    Indexes: outbound_of_office, that of the foreign key, one_receipt_a_status.
    """
    ids = _first(
        "SELECT id FROM (SELECT id, made_at, state FROM outbound WHERE office_id = %s ORDER BY id LIMIT %s) AS oldest "
        "WHERE made_at < %s AND state NOT IN ('queued', 'sending')",
        [office_id, BATCH, moment(before)],
    )
    if not ids:
        return 0
    among = listed(ids)
    run("DELETE FROM outbound_ref WHERE {among:outbound_id}", [among])
    run("DELETE FROM receipt WHERE {among:outbound_id} AND outbound_id IS NOT NULL", [among])
    gone = rows("DELETE FROM outbound WHERE {among:id} RETURNING gateway, tried_at, parts, state", [among])
    counted: dict[date, list[Kept]] = {}
    for gateway, tried, parts, state in gone:
        if tried is not None and state not in NOT_LEFT:
            counted.setdefault(_local_day(tried, zone), []).append({"sent": [[gateway, 1, parts]]})
    _add(office_id, counted)
    return len(gone)


def fold_received(office_id: int, zone: ZoneInfo, before: datetime) -> int:
    """Fold some of the oldest received messages, erased and without a reply that is left; return how many.

    Indexes: inbound_of_office, one_reply_a_message.
    """
    ids = _first(
        "SELECT id FROM (SELECT id, received_at, state, text_key FROM inbound WHERE office_id = %s ORDER BY id "
        "LIMIT %s) AS oldest WHERE received_at < %s AND state <> 'waiting' AND text_key = '' "
        "AND NOT EXISTS (SELECT 1 FROM outbound WHERE in_reply_to_id = oldest.id)",
        [office_id, BATCH, moment(before)],
    )
    if not ids:
        return 0
    gone = rows("DELETE FROM inbound WHERE {among:id} RETURNING received_at, outcome, repairs", [listed(ids)])
    counted: dict[date, list[Kept]] = {}
    for received, outcome, repairs in gone:
        of_day = counted.setdefault(_local_day(received, zone), [])
        if outcome:
            of_day.append({"messages": [[_stored(received).date().isoformat(), outcome, 1]]})
        if repairs:
            of_day.append({"repairs": [[repairs, int(outcome not in MISUNDERSTOOD), 1]]})
    _add(office_id, counted)
    return len(gone)


def _first(text: str, values: Sequence[Any]) -> list[int]:
    return [row[0] for row in rows(text, values)]


def _stored(at: datetime | str) -> datetime:
    """Return a moment as UTC; SQLite returns that of a deleted row as the stored text."""
    found: datetime = moment_of(at)
    return found


def _local_day(at: datetime | str, zone: ZoneInfo) -> date:
    return _stored(at).astimezone(zone).date()


def _add(office_id: int, counted: dict[date, list[Kept]]) -> None:
    # In the order of the days, so that two processes do not wait for each other.
    for day in sorted(counted):
        if counted[day]:
            folded.add(office_id, day, merged(*counted[day]))


# --- days at the counters -----------------------------------------------------------------------


def oldest_day(office_id: int) -> date | None:
    """Return the oldest day with tickets or erased bookings. Indexes: one_ticket_a_number, booking_to_fold."""
    [(ticket, booking)] = rows(
        "SELECT (SELECT MIN(day) FROM ticket WHERE office_id = %s), "
        "(SELECT MIN(day) FROM booking WHERE office_id = %s AND name = '')",
        [office_id, office_id],
    )
    return _earlier(ticket, booking)


def has_names(office_id: int, day: date) -> bool:
    """Whether bookings of the day are not erased yet. Index: booking_of_day."""
    return models.Booking.objects.filter(office_id=office_id, day=day, name__gt="").exists()


def fold_day(office: Office, day: date) -> int:
    """Fold the tickets and the bookings of a day; return how many rows were deleted.

    Indexes: ticket_of_day, booking_to_fold, inbound_of_booking, one_telling_a_booking.
    """
    # Holds the day's row until the end of the transaction: who comes second finds nothing left to count.
    folded.add(office.id, day, {})
    period = Period(day, day)
    keys = folded.keys(office)
    visits = as_kept(figures(office, reports.visits(office, period)), keys.agendas, keys.counters)
    waited = [
        [int(one.hour.timestamp()) // 3600, one.kind, one.minutes, one.count]
        for one in statistics.waits_in_rows(office, period)
    ]
    folded.add(
        office.id,
        day,
        merged(
            visits,
            {
                "booked": _booked(office, day, keys.agendas),
                "tickets": _tickets(office, day, keys.agendas),
                "people": _people(office, day, keys.agendas),
                "waited": waited,
            },
        ),
    )
    for cancelled, count in sorted(_cancelled(office, day).items()):
        folded.add(office.id, cancelled, {"cancelled": [[count]]})
    return _delete(office.id, day)


def _booked(office: Office, day: date, agendas: dict[int, str]) -> list[list[Any]]:
    codes = reports.service_codes(office)
    minutes = "{minute:booking.ends_at} - {minute:booking.starts_at}"
    found = rows(
        "SELECT booking.agenda_id, booking.service_id, booking.channel, COUNT(*), COUNT(ticket.id), "
        f"SUM({minutes}), SUM(CASE WHEN ticket.id IS NULL THEN 0 ELSE {minutes} END) FROM booking "
        "LEFT JOIN ticket ON ticket.booking_id = booking.id AND ticket.booking_id IS NOT NULL "
        "WHERE booking.office_id = %s AND booking.day = %s AND booking.name = '' AND booking.state = 'booked' "
        "GROUP BY 1, 2, 3",
        [office.id, day.isoformat()],
    )
    return [
        [agendas[agenda], codes[service], channel, *(int(count) for count in counts)]
        for agenda, service, channel, *counts in found
    ]


def _tickets(office: Office, day: date, agendas: dict[int, str]) -> list[list[Any]]:
    found = rows(
        "SELECT agenda_id, kind, COUNT(*) FROM ticket WHERE office_id = %s AND day = %s "
        f"AND {NO_MISTAKE} GROUP BY agenda_id, kind",
        [office.id, day.isoformat()],
    )
    return [[agendas[agenda], kind, count] for agenda, kind, count in found]


def _people(office: Office, day: date, agendas: dict[int, str]) -> list[list[Any]]:
    found = rows(
        "SELECT agenda_id, COUNT(*) FROM ticket WHERE office_id = %s AND day = %s GROUP BY agenda_id",
        [office.id, day.isoformat()],
    )
    return [[agendas[agenda], count] for agenda, count in found]


def _cancelled(office: Office, day: date) -> Counter[date]:
    """Count the day's bookings that were cancelled, by the day that happened on."""
    found = rows(
        "SELECT changed_at FROM booking WHERE office_id = %s AND day = %s AND name = '' AND state = 'cancelled'",
        [office.id, day.isoformat()],
    )
    return Counter(_local_day(changed, office.zone) for (changed,) in found)


def _delete(office_id: int, day: date) -> int:
    of_day = [office_id, day.isoformat()]
    tickets = listed(_first("SELECT id FROM ticket WHERE office_id = %s AND day = %s", of_day))
    bookings = listed(_first("SELECT id FROM booking WHERE office_id = %s AND day = %s AND name = ''", of_day))
    gone = changed("DELETE FROM ticket_event WHERE {among:ticket_id}", [tickets])
    run("DELETE FROM kiosk_touch WHERE {among:ticket_id}", [tickets])
    gone += changed("DELETE FROM ticket WHERE {among:id}", [tickets])
    run("DELETE FROM hold WHERE {among:booking_id}", [bookings])
    run("DELETE FROM booking_pressed WHERE {among:booking_id}", [bookings])
    for table in ("inbound", "outbound"):
        run(f"UPDATE {table} SET booking_id = NULL WHERE {{among:booking_id}} AND booking_id IS NOT NULL", [bookings])
    gone += changed("DELETE FROM booking WHERE {among:id}", [bookings])
    run("DELETE FROM ticket_series WHERE office_id = %s AND day = %s", of_day)
    return int(gone)
