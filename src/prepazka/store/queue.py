"""The queue's rows: its lock, its tickets, who sits where. Every read by an index, every change with its event.

Active tickets are asked for in the very words of the partial index: SQLite takes it for nothing else, and no
placeholder is ever those words.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from prepazka.core.actor import Actor
from prepazka.core.office.office import Office
from prepazka.core.queue.board import Seat
from prepazka.core.queue.check_in import BookedVisit
from prepazka.core.queue.tickets import Act, Ticket
from prepazka.store import models
from prepazka.store.sql import aware, changed, listed, moment, rows, run


class StaleTicket(Exception):
    """Somebody who forgot the lock changed the ticket first: nothing was done, read again and decide again."""

    retryable = True


# --- the lock ----------------------------------------------------------------------------------


def lock(office_id: int) -> None:
    """Take the right to decide in the office's queue until the transaction ends.

    SQLite transactions are IMMEDIATE: whoever is in one is the only writer. PostgreSQL locks the queue's row.
    """
    assert connection.in_atomic_block, "a lock lasts until its transaction ends"  # noqa: S101 -- a caller's mistake
    hold = "SELECT version FROM queue_state WHERE office_id = %s {for_update}"
    if not rows(hold, [office_id]):  # nobody has arrived here yet
        run("INSERT INTO queue_state (office_id, version) VALUES (%s, 0) ON CONFLICT DO NOTHING", [office_id])
        rows(hold, [office_id])


def bump(office_id: int) -> None:
    """Tell whoever watches that something changed, once the transaction commits."""
    run("UPDATE queue_state SET version = version + 1 WHERE office_id = %s", [office_id])


# --- tickets -----------------------------------------------------------------------------------

_TICKETS = (
    "SELECT t.id, t.agenda_id, s.code, t.day, t.prefix, t.number, t.kind, t.priority, t.booking_id, t.state, "
    "t.counter_id, t.reserved_for_id, t.recalls, t.arrived_at, t.due_at, t.parked_until, t.called_at, t.served_at, "
    "t.ended_at, t.version FROM ticket t"
)
_ACTIVE = "t.state IN ('waiting', 'called', 'serving')"


def active(office_id: int, day: date) -> list[Ticket]:
    """All of a day that wait, are called or served, in order of arrival. Index: ticket_active."""
    of_day = f"{_ACTIVE} AND t.office_id = %s AND t.day = %s ORDER BY t.id"
    return _tickets(of_day, [office_id, day.isoformat()], by="{open}")


def left_over(office_id: int, before: date) -> list[Ticket]:
    """The same of all days before one. Index: ticket_active."""
    left = f"{_ACTIVE} AND t.office_id = %s AND t.day < %s ORDER BY t.id"
    return _tickets(left, [office_id, before.isoformat()], by="{open}")


def at_counter(counter_id: int) -> Ticket | None:
    """The client called or served at a counter. Index: one_client_a_counter."""
    return _first(_tickets("t.state IN ('called', 'serving') AND t.counter_id = %s", [counter_id]))


def one(office_id: int, ticket_id: int) -> Ticket | None:
    """A ticket of this office by its id."""
    return _first(_tickets("t.id = %s AND t.office_id = %s", [ticket_id, office_id]))


def called(office_id: int, day: date, limit: int) -> list[Ticket]:
    """The latest called tickets of a day, the newest call first. Index: ticket_called."""
    latest = "t.called_at IS NOT NULL AND t.office_id = %s AND t.day = %s ORDER BY t.called_at DESC, t.id DESC LIMIT %s"
    return _tickets(latest, [office_id, day.isoformat(), limit])


def _tickets(where: str, values: Sequence[Any], by: str = "") -> list[Ticket]:
    found = rows(f"{_TICKETS} {by} LEFT JOIN service s ON s.id = t.service_id WHERE {where}", values)
    return [_ticket(row) for row in found]


def _first(tickets: Sequence[Ticket]) -> Ticket | None:
    return tickets[0] if tickets else None


def _ticket(row: Sequence[Any]) -> Ticket:
    return Ticket(
        id=row[0],
        agenda=row[1],
        service=row[2] or "",
        day=date.fromisoformat(str(row[3])),
        prefix=row[4],
        number=row[5],
        kind=row[6],
        priority=bool(row[7]),
        booking=row[8],
        state=row[9],
        counter=row[10],
        reserved_for=row[11],
        recalls=row[12],
        arrived_at=aware(row[13]),
        due_at=aware(row[14]),
        parked_until=aware(row[15]),
        called_at=aware(row[16]),
        served_at=aware(row[17]),
        ended_at=aware(row[18]),
        version=row[19],
    )


def walk_ins(office_id: int, agenda_id: int, day: date) -> int:
    """How many tickets without a booking an agenda has given out on a day. Index: ticket_of_day."""
    return models.Ticket.objects.filter(office_id=office_id, day=day, agenda_id=agenda_id, kind="walk_in").count()


def draw_number(office_id: int, day: date, prefix: str) -> int:
    """The next number of a series: one statement counts and tells, so no two drawers get the same."""
    ((number,),) = rows(
        "INSERT INTO ticket_series (office_id, day, prefix, last) VALUES (%s, %s, %s, 1) "
        "ON CONFLICT (office_id, day, prefix) DO UPDATE SET last = ticket_series.last + 1 RETURNING last",
        [office_id, day.isoformat(), prefix],
    )
    return int(number)


def add(office: Office, ticket: Ticket, who: str) -> Ticket:
    """Keep a new ticket and that it arrived; the ticket with its id.

    Raises: IntegrityError when its number or its booking has a ticket already: nothing of the transaction may stand.
    """
    service = office.service_of.get(ticket.service)
    row = models.Ticket.objects.create(
        office_id=office.id,
        service_id=service.id if service else None,
        day=ticket.day,
        prefix=ticket.prefix,
        number=ticket.number,
        kind=ticket.kind,
        priority=ticket.priority,
        booking_id=ticket.booking,
        arrived_at=ticket.arrived_at,
        due_at=ticket.due_at,
        **_changing(ticket),
    )
    kept = replace(ticket, id=row.id)
    _note(kept, "arrive", "", Actor(who, ticket.arrived_at), None)
    bump(office.id)
    return kept


def change(office_id: int, before: Ticket, after: Ticket, act: Act, actor: Actor) -> None:
    """Keep what an act made of a ticket, and who did it when.

    Raises: Lost when the ticket is no longer as it was read: nothing of the transaction may stand.
    """
    values = _changing(after)
    if after.service != before.service:
        values["service_id"] = None
    columns = ", ".join(f"{column} = %s" for column in values)
    kept = changed(
        f"UPDATE ticket SET {columns} WHERE id = %s AND version = %s", [*_stored(values), before.id, before.version]
    )
    if kept != 1:
        raise StaleTicket
    _note(after, act, before.state, actor, before.counter if after.counter is None else after.counter)
    bump(office_id)


def _changing(ticket: Ticket) -> dict[str, Any]:
    """The columns an act may change."""
    return {
        "agenda_id": ticket.agenda,
        "state": ticket.state,
        "counter_id": ticket.counter,
        "reserved_for_id": ticket.reserved_for,
        "recalls": ticket.recalls,
        "parked_until": ticket.parked_until,
        "called_at": ticket.called_at,
        "served_at": ticket.served_at,
        "ended_at": ticket.ended_at,
        "version": ticket.version,
    }


def _note(ticket: Ticket, act: Act, before: str, actor: Actor, counter: int | None) -> None:
    run(
        "INSERT INTO ticket_event (ticket_id, at, who, act, before, after, counter_id, version) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [ticket.id, moment(actor.at), actor.who, act, before, ticket.state, counter, ticket.version],
    )


def _stored(values: Mapping[str, Any]) -> Iterator[Any]:
    return (moment(value) if isinstance(value, datetime) else value for value in values.values())


def made_by(ticket: Ticket, acts: Collection[Act], who: str) -> bool:
    """Whether the ticket became what it is by one of these acts of this person. Index: one_event_a_version."""
    last = models.TicketEvent.objects.filter(ticket_id=ticket.id, version=ticket.version)
    return last.filter(act__in=acts, who=who).exists()


# --- bookings on their way in ------------------------------------------------------------------


def visits_with_code(office: Office, code: str) -> list[BookedVisit]:
    """All bookings with a code, held so that nobody cancels one meanwhile; with their tickets, if they have one.

    Indexes: booking_by_code, one_ticket_a_booking.
    """
    codes = {service.id: service.code for service in office.services}
    found = rows(
        "SELECT id, agenda_id, service_id, day, starts_at, state FROM booking WHERE office_id = %s AND code = %s "
        "ORDER BY id {for_update}",
        [office.id, code],
    )
    return [
        BookedVisit(id_, agenda, codes.get(service, ""), date.fromisoformat(str(day)), aware(start), state, _of(id_))
        for id_, agenda, service, day, start, state in found
    ]


def waiting_for(bookings: Collection[int]) -> list[Ticket]:
    """The waiting tickets of these bookings. Index: one_ticket_a_booking."""
    return _tickets("t.state = 'waiting' AND {among:t.booking_id}", [listed(bookings)]) if bookings else []


def _of(booking_id: int) -> Ticket | None:
    return _first(_tickets("t.booking_id = %s", [booking_id]))


# --- who sits where ----------------------------------------------------------------------------


def seats(office_id: int) -> list[Seat]:
    """Where somebody sits. Index: one_counter_a_clerk."""
    found = rows(
        "SELECT counter_id, clerk, break_since IS NOT NULL FROM staffing WHERE office_id = %s ORDER BY id", [office_id]
    )
    return [Seat(counter, clerk, bool(paused)) for counter, clerk, paused in found]


def sit(office_id: int, counter_id: int, who: str, now: datetime) -> None:
    """This clerk sits at this counter and nowhere else, nobody else sits there."""
    models.Staffing.objects.filter(office_id=office_id, clerk=who).delete()
    models.Staffing.objects.filter(counter_id=counter_id).delete()
    models.Staffing.objects.create(office_id=office_id, counter_id=counter_id, clerk=who, since=now)
    bump(office_id)


def stand(office_id: int, who: str) -> None:
    """This clerk sits nowhere."""
    if models.Staffing.objects.filter(office_id=office_id, clerk=who).delete()[0]:
        bump(office_id)


def pause(office_id: int, who: str, since: datetime | None) -> None:
    """This clerk is on a break since then, or back."""
    models.Staffing.objects.filter(office_id=office_id, clerk=who).update(break_since=since)
    bump(office_id)


def stand_all(office_id: int, before: datetime) -> int:
    """Whoever sat down before this moment has gone home; how many."""
    gone = models.Staffing.objects.filter(office_id=office_id, since__lt=before).delete()[0]
    if gone:
        bump(office_id)
    return gone


def anything_left(office_id: int, before: date, since: datetime) -> bool:
    """Whether a ticket of a day before that one is open, or a clerk has sat since before. Index: ticket_active."""
    left = "SELECT 1 FROM ticket t {open} WHERE " + _ACTIVE + " AND t.office_id = %s AND t.day < %s LIMIT 1"
    if rows(left, [office_id, before.isoformat()]):
        return True
    return models.Staffing.objects.filter(office_id=office_id, since__lt=since).exists()


def offices_left_open() -> list[int]:
    """Offices that may have something to close: an active ticket, or a clerk still seated. Index: ticket_active."""
    left = (
        "SELECT t.office_id FROM ticket t {open} WHERE " + _ACTIVE + " UNION SELECT office_id FROM staffing ORDER BY 1"
    )
    return [office_id for (office_id,) in rows(left)]


def seat_of(seats: Iterable[Seat], who: str) -> Seat | None:
    """Where this clerk sits."""
    return next((seat for seat in seats if seat.clerk == who), None)
