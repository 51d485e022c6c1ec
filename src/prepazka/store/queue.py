"""The queue: its lock, its tickets and the clerks' seats. Every read uses an index, every change records its event.

Queries for active tickets repeat the condition of the partial index literally: SQLite uses the index for nothing else,
and a placeholder does not count.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from django.db import connection, transaction

from prepazka.core.actor import Actor
from prepazka.core.office.office import Agenda, Office
from prepazka.core.queue.board import Seat
from prepazka.core.queue.check_in import BookedVisit
from prepazka.core.queue.tickets import Act, Ticket
from prepazka.store import models, ticket_events
from prepazka.store.counting import counting, office_label
from prepazka.store.desk import DayBooking
from prepazka.store.sql import aware, changed, listed, moment, rows, run


class StaleTicket(Exception):
    """The ticket was changed without the lock since it was read: roll back, read again and decide again."""

    retryable = True


# --- the lock ----------------------------------------------------------------------------------


def lock(office_id: int) -> None:
    """Take the lock of an office's queue until the transaction ends: no other process decides in it meanwhile.

    SQLite transactions are IMMEDIATE, so a transaction is the only writer anyway. PostgreSQL locks the queue's row.
    """
    assert connection.in_atomic_block, "a lock lasts until its transaction ends"  # noqa: S101 -- a caller's mistake
    hold = "SELECT version{by_index} FROM queue_state WHERE office_id = %s {for_update}"
    if not rows(hold, [office_id]):  # the first arrival in this office
        run("INSERT INTO queue_state (office_id, version) VALUES (%s, 0) ON CONFLICT DO NOTHING", [office_id])
        rows(hold, [office_id])


def bump(office_id: int) -> None:
    """Raise the queue's version, so that boards show the change once the transaction commits."""
    run("UPDATE queue_state SET version = version + 1 WHERE office_id = %s", [office_id])


# --- tickets -----------------------------------------------------------------------------------

_TICKETS = (
    "SELECT t.id, t.agenda_id, s.code, t.day, t.prefix, t.number, t.kind, t.priority, t.booking_id, t.state, "
    "t.counter_id, t.reserved_for_id, t.recalls, t.arrived_at, t.due_at, t.parked_until, t.called_at, t.served_at, "
    "t.ended_at, t.version FROM ticket t"
)
_ACTIVE = "t.state IN ('waiting', 'called', 'serving')"


def active(office_id: int, day: date) -> list[Ticket]:
    """Return a day's tickets that are waiting, called or being served, in order of arrival. Index: ticket_active."""
    of_day = f"{_ACTIVE} AND t.office_id = %s AND t.day = %s ORDER BY t.id"
    return _tickets(of_day, [office_id, day.isoformat()], by="{by:ticket_active}")


def active_before(office_id: int, before: date) -> list[Ticket]:
    """Return such tickets of all days before one. Index: ticket_active."""
    of_days = f"{_ACTIVE} AND t.office_id = %s AND t.day < %s ORDER BY t.id"
    return _tickets(of_days, [office_id, before.isoformat()], by="{by:ticket_active}")


def at_counter(counter_id: int) -> Ticket | None:
    """Return the ticket called or being served at a counter. Index: one_client_a_counter."""
    return _first(_tickets("t.state IN ('called', 'serving') AND t.counter_id = %s", [counter_id]))


def find(office_id: int, ticket_id: int) -> Ticket | None:
    """Return a ticket of this office by its id."""
    return _first(_tickets("t.id = %s AND t.office_id = %s", [ticket_id, office_id]))


def latest_calls(office_id: int, day: date, limit: int) -> list[Ticket]:
    """Return the tickets called last on a day, the newest call first. Index: ticket_called."""
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


def count_walk_ins(office_id: int, agenda_id: int, day: date) -> int:
    """Count the tickets without a booking an agenda has given out on a day. Index: ticket_of_day."""
    return models.Ticket.objects.filter(office_id=office_id, day=day, agenda_id=agenda_id, kind="walk_in").count()


def stopped_agendas(office_id: int, day: date) -> frozenset[int]:
    """Return the agendas that give out no tickets without a booking any more on this day."""
    found = models.Agenda.objects.filter(office_id=office_id, tickets_stopped_on=day)
    return frozenset(found.values_list("id", flat=True))


def stop_tickets(office_id: int, agenda_id: int, day: date | None) -> None:
    """Stop an agenda's tickets without a booking for a day; None gives them out again."""
    models.Agenda.objects.filter(office_id=office_id, id=agenda_id).update(tickets_stopped_on=day)
    bump(office_id)


def count_by_state(office_id: int, day: date) -> dict[str, int]:
    """Count a day's tickets by their state, without those given out by mistake.

    "unperformed" for those done whose people could not be served. Indexes: ticket_of_day, one_event_a_version.
    """
    found = rows(
        f"SELECT CASE WHEN {ticket_events.UNPERFORMED_NOW} THEN 'unperformed' ELSE state END, COUNT(*) FROM ticket "
        f"WHERE office_id = %s AND day = %s AND {ticket_events.NO_MISTAKE} GROUP BY 1",
        [office_id, day.isoformat()],
    )
    return {state: int(count) for state, count in found}


def draw_number(office_id: int, day: date, prefix: str) -> int:
    """Draw the next number of a series, by one statement, so that no number is drawn twice."""
    ((number,),) = rows(
        "INSERT INTO ticket_series (office_id, day, prefix, last) VALUES (%s, %s, %s, 1) "
        "ON CONFLICT (office_id, day, prefix) DO UPDATE SET last = ticket_series.last + 1 RETURNING last",
        [office_id, day.isoformat(), prefix],
    )
    return int(number)


def add(office: Office, ticket: Ticket, who: str) -> Ticket:
    """Store a new ticket and its event; return the ticket with its id.

    Raises: IntegrityError when its number or its booking has a ticket already; roll back.
    """
    service = office.service_of.get(ticket.service)
    row = models.Ticket.objects.create(
        office_id=office.id,
        service_id=service.id if service else None,
        day=ticket.day,
        prefix=ticket.prefix,
        number=ticket.number,
        priority=ticket.priority,
        booking_id=ticket.booking,
        due_at=ticket.due_at,
        **_changing(ticket),
    )
    stored = replace(ticket, id=row.id)
    ticket_events.add(stored, "arrive", None, Actor(who, ticket.arrived_at))
    note_act(office.id, who, ticket.arrived_at)
    bump(office.id)
    return stored


# docs/spec/counters.md §10: "a ticket that is done, with its booked time and without a call"
def add_afterwards(office: Office, booking: DayBooking, agenda: Agenda, number: int, actor: Actor) -> None:
    """Store that a booked client came on a day on which nobody was called: no wait and no service time is known.

    Raises: IntegrityError when the booking has a ticket already; roll back.
    """
    row = models.Ticket.objects.create(
        office_id=office.id,
        agenda_id=agenda.id,
        service_id=office.service_of[booking.service].id,
        day=booking.day,
        prefix=agenda.queue.prefix,
        number=number,
        kind="booking",
        booking_id=booking.id,
        state="done",
        arrived_at=booking.at,
        due_at=booking.at,
    )
    who = {"at": actor.at, "who": actor.who}
    models.TicketEvent.objects.create(ticket=row, act="arrive", before="", after="done", version=1, **who)
    bump(office.id)


def change(office_id: int, before: Ticket, after: Ticket, act: Act, actor: Actor) -> None:
    """Store a ticket after an act, and the act's event.

    Raises: StaleTicket when the ticket is no longer as it was read; roll back.
    """
    values = _changing(after)
    if after.service != before.service:
        values["service_id"] = _service_id(office_id, after.service)
    if after.booking != before.booking:
        values["booking_id"] = after.booking
    columns = ", ".join(f"{column} = %s" for column in values)
    count = changed(
        f"UPDATE ticket SET {columns} WHERE id = %s AND version = %s", [*_stored(values), before.id, before.version]
    )
    if count != 1:
        raise StaleTicket
    ticket_events.add(after, act, before, actor)
    note_act(office_id, actor.who, actor.at)
    bump(office_id)
    transaction.on_commit(partial(counting.add, "prepazka_queue_acts", (act, office_label(office_id))))


def _service_id(office_id: int, code: str) -> int | None:
    """Return the row id of a service; None for "", when only the agenda is known."""
    found = models.Service.objects.filter(office_id=office_id, code=code) if code else models.Service.objects.none()
    return found.values_list("id", flat=True).first()


def _changing(ticket: Ticket) -> dict[str, Any]:
    """Return the columns an act may change."""
    return {
        "agenda_id": ticket.agenda,
        "kind": ticket.kind,
        "state": ticket.state,
        "arrived_at": ticket.arrived_at,
        "counter_id": ticket.counter,
        "reserved_for_id": ticket.reserved_for,
        "recalls": ticket.recalls,
        "parked_until": ticket.parked_until,
        "called_at": ticket.called_at,
        "served_at": ticket.served_at,
        "ended_at": ticket.ended_at,
        "version": ticket.version,
    }


def _stored(values: Mapping[str, Any]) -> Iterator[Any]:
    return (moment(value) if isinstance(value, datetime) else value for value in values.values())


# --- tickets of bookings -----------------------------------------------------------------------


def lock_visits(office: Office, code: str) -> list[BookedVisit]:
    """Lock and return all bookings with a code, so that none is cancelled meanwhile, with their tickets.

    Indexes: booking_by_code, one_ticket_a_booking.
    """
    return _lock_visits(office, "code", code)


def lock_visit(office: Office, booking_id: int) -> list[BookedVisit]:
    """Lock and return one booking with its ticket; none if it is not the office's. Index: the primary key."""
    return _lock_visits(office, "id", booking_id)


def _lock_visits(office: Office, column: Literal["code", "id"], value: str | int) -> list[BookedVisit]:
    codes = {service.id: service.code for service in office.services}
    found = rows(
        f"SELECT id, agenda_id, service_id, day, starts_at, state FROM booking WHERE office_id = %s AND {column} = %s "
        "ORDER BY id {for_update}",
        [office.id, value],
    )
    return [
        BookedVisit(
            id_, agenda, codes.get(service, ""), date.fromisoformat(str(day)), aware(start), state, ticket_of(id_)
        )
        for id_, agenda, service, day, start, state in found
    ]


def waiting_tickets(bookings: Collection[int]) -> list[Ticket]:
    """Return the waiting tickets of these bookings. Index: one_ticket_a_booking."""
    return _tickets("t.state = 'waiting' AND {among:t.booking_id}", [listed(bookings)]) if bookings else []


def bookings_here(bookings: Collection[int]) -> frozenset[int]:
    """Return those of these bookings whose people wait, are called or served, or were. Index: one_ticket_a_booking."""
    if not bookings:
        return frozenset()
    here = (
        "SELECT booking_id FROM ticket WHERE {among:booking_id} AND state IN ('waiting', 'called', 'serving', 'done')"
    )
    return frozenset(booking for (booking,) in rows(here, [listed(bookings)]))


def ticket_of(booking_id: int) -> Ticket | None:
    """Return the ticket of a booking, in any state. Index: one_ticket_a_booking."""
    return _first(_tickets("t.booking_id = %s", [booking_id]))


def stands(booking_id: int) -> bool:
    """Whether a booking was neither cancelled nor moved."""
    return models.Booking.objects.filter(id=booking_id, state="booked").exists()


# --- seats -------------------------------------------------------------------------------------


_SEATS = "SELECT office_id, counter_id, clerk, since, break_since, acted_at, away_since FROM staffing"


def seats(office_id: int) -> list[Seat]:
    """Return the seats taken. Index: one_counter_a_clerk."""
    return [_seat(row) for row in rows(f"{_SEATS} WHERE office_id = %s ORDER BY id", [office_id])]


def all_seats() -> dict[int, list[Seat]]:
    """Return the seats taken in all offices, by office; it reads the whole small table."""
    found: dict[int, list[Seat]] = {}
    for row in rows(f"{_SEATS} ORDER BY office_id, id"):
        found.setdefault(row[0], []).append(_seat(row))
    return found


def _seat(row: Sequence[Any]) -> Seat:
    _, counter, clerk, since, paused, acted, away = row
    return Seat(counter, clerk, paused is not None, *map(aware, (since, paused, acted, away)))


def occupy(office_id: int, counter_id: int, who: str, now: datetime) -> None:
    """Seat a clerk at a counter: they leave any other counter, and another clerk leaves this one."""
    models.Staffing.objects.filter(office_id=office_id, clerk=who).delete()
    models.Staffing.objects.filter(counter_id=counter_id).delete()
    models.Staffing.objects.create(office_id=office_id, counter_id=counter_id, clerk=who, since=now)
    bump(office_id)


def vacate(office_id: int, who: str) -> None:
    """Take a clerk's seat away, if they have one."""
    if models.Staffing.objects.filter(office_id=office_id, clerk=who).delete()[0]:
        bump(office_id)


def pause(office_id: int, who: str, since: datetime | None) -> None:
    """Set since when a clerk is on a break; None ends it."""
    models.Staffing.objects.filter(office_id=office_id, clerk=who).update(break_since=since)
    bump(office_id)


def note_act(office_id: int, who: str, now: datetime) -> None:
    """Store that a clerk has just done something, if they sit anywhere. Index: one_counter_a_clerk."""
    run("UPDATE staffing SET acted_at = %s WHERE office_id = %s AND clerk = %s", [moment(now), office_id, who])


def note_away(office_id: int, who: str, since: datetime | None) -> None:
    """Store since when the clerk of a seat is signed in nowhere; None: is signed in. Index: one_counter_a_clerk."""
    models.Staffing.objects.filter(office_id=office_id, clerk=who).update(away_since=since)


def offices_of_clerk(who: str) -> list[int]:
    """Return the offices where this clerk sits at a counter."""
    return list(models.Staffing.objects.filter(clerk=who).order_by("office_id").values_list("office_id", flat=True))


def vacate_all(office_id: int, before: datetime) -> int:
    """Take away the seats taken before this moment; return how many."""
    count = models.Staffing.objects.filter(office_id=office_id, since__lt=before).delete()[0]
    if count:
        bump(office_id)
    return count


def seat_of(seats: Iterable[Seat], who: str) -> Seat | None:
    """Return this clerk's seat."""
    return next((seat for seat in seats if seat.clerk == who), None)
