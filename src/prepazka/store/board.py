"""Queries for the board: a constant number, without any lock, and a version that shows when a board is stale."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from prepazka.core.minutes import midnight, minute
from prepazka.core.office.office import Office
from prepazka.core.queue.board import LAST_CALLS, ExpectedVisit, QueueSnapshot
from prepazka.core.queue.estimate import FINISHED
from prepazka.store import queue
from prepazka.store.sql import aware, listed, rows


def versions(office_ids: Collection[int]) -> Mapping[int, int]:
    """Return the version of each office's queue; 0 where nobody has ever arrived. By primary key."""
    found = rows("SELECT office_id, version FROM queue_state WHERE {among:office_id}", [listed(set(office_ids))])
    return {**dict.fromkeys(office_ids, 0), **dict(found)}


def queue_snapshot(office: Office, now: datetime) -> QueueSnapshot:
    """Return today's queue.

    The version is read first, so a change during reading makes the result look stale, never fresh.
    """
    today = now.astimezone(office.zone).date()
    return QueueSnapshot(
        version=versions([office.id])[office.id],
        seats=queue.seats(office.id),
        tickets=queue.active(office.id, today),
        called=queue.latest_calls(office.id, today, LAST_CALLS),
        took=_service_times(office),
        to_come=_to_come(office, today, now),
    )


def _service_times(office: Office) -> dict[int, list[timedelta]]:
    """Return how long the last clients of each agenda took, from call to end. Index: ticket_done."""
    if not office.agendas:
        return {}
    look = (
        "SELECT agenda_id, called_at, ended_at FROM (SELECT agenda_id, called_at, ended_at FROM ticket "
        "WHERE state = 'done' AND ended_at IS NOT NULL AND agenda_id = %s ORDER BY ended_at DESC LIMIT %s) AS last"
    )
    found = rows(
        " UNION ALL ".join([look] * len(office.agendas)),
        [value for agenda in office.agendas for value in (agenda.id, FINISHED)],
    )
    times: dict[int, list[timedelta]] = {}
    for agenda, called_at, ended_at in found:
        times.setdefault(agenda, []).append(ended_at - called_at)
    return times


def _to_come(office: Office, today: date, now: datetime) -> list[ExpectedVisit]:
    """Return today's bookings from now on without a ticket. Indexes: booking_taken, one_ticket_a_booking."""
    if not office.agendas:
        return []
    look = (
        # The index has held places too; SQLite uses it only where its whole condition is in the statement.
        "SELECT agenda_id, starts_at FROM booking WHERE state IN ('booked', 'held') AND state = 'booked' "
        "AND agenda_id = %s AND starts_at >= {moment:%s} AND starts_at < {moment:%s} "
        "AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.booking_id = booking.id)"
    )
    until = midnight(today + timedelta(days=1), office.zone)
    found = rows(
        " UNION ALL ".join([look] * len(office.agendas)),
        [value for agenda in office.agendas for value in (agenda.id, minute(now), until)],
    )
    return [ExpectedVisit(agenda, aware(start)) for agenda, start in found]
