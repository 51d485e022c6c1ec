"""What the board needs: a constant number of queries, without any lock, and a marker that tells when to ask again."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from prepazka.core.minutes import midnight, minute
from prepazka.core.office.office import Office
from prepazka.core.queue.board import LAST_CALLS, QueueFacts
from prepazka.core.queue.estimate import FINISHED
from prepazka.store import queue
from prepazka.store.sql import aware, listed, rows


def versions(office_ids: Collection[int]) -> Mapping[int, int]:
    """The version of each office's queue; 0 where nobody ever arrived. By primary key."""
    found = rows("SELECT office_id, version FROM queue_state WHERE {among:office_id}", [listed(set(office_ids))])
    return {**dict.fromkeys(office_ids, 0), **dict(found)}


def queue_facts(office: Office, now: datetime) -> QueueFacts:
    """The queue of today.

    The version is read before everything else: what changes meanwhile makes the facts look old, never new.
    """
    today = now.astimezone(office.zone).date()
    return QueueFacts(
        version=versions([office.id])[office.id],
        seats=queue.seats(office.id),
        tickets=queue.active(office.id, today),
        called=queue.called(office.id, today, LAST_CALLS),
        took=_took(office),
        to_come=_to_come(office, today, now),
    )


def _took(office: Office) -> dict[int, list[timedelta]]:
    """How long the last clients of each agenda took, from their call to their end. Index: ticket_done."""
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
    took: dict[int, list[timedelta]] = {}
    for agenda, called_at, ended_at in found:
        took.setdefault(agenda, []).append(ended_at - called_at)
    return took


def _to_come(office: Office, today: date, now: datetime) -> list[tuple[int, datetime]]:
    """Today's bookings from now on whose clients have not arrived. Indexes: booking_taken, one_ticket_a_booking."""
    if not office.agendas:
        return []
    look = (
        "SELECT agenda_id, starts_at FROM booking WHERE state = 'booked' AND agenda_id = %s "
        "AND starts_at >= {moment:%s} AND starts_at < {moment:%s} "
        "AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.booking_id = booking.id)"
    )
    until = midnight(today + timedelta(days=1), office.zone)
    found = rows(
        " UNION ALL ".join([look] * len(office.agendas)),
        [value for agenda in office.agendas for value in (agenda.id, minute(now), until)],
    )
    return [(agenda, aware(start)) for agenda, start in found]
