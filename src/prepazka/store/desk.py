"""Queries for the desk: the day's bookings with names, and the tickets they checked in with."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from prepazka.core.office.office import Office
from prepazka.store import models, ticket_events


@dataclass(frozen=True, slots=True)
class DayBooking:
    """A booking as a clerk sees it; ticket: the number it checked in with, "" before that; calls: a number to call.

    cancelling: when it will be cancelled, unless that is undone before. unperformed: whether the client was at a
    counter and could not be served; known in the list of a day.
    """

    id: int
    at: datetime
    service: str
    name: str
    persons: int
    sender: str
    code: str
    state: str
    day: date
    ticket: str
    ticket_state: str
    calls: str = ""
    note: str = ""
    ticket_id: int = 0
    ticket_version: int = 0
    cancelling: datetime | None = None
    unperformed: bool = False


def bookings_of_day(office: Office, on: date) -> list[DayBooking]:
    """Return the bookings of a day, cancelled ones too, in order. Index: booking_of_day."""
    rows = (
        models.Booking.objects.filter(office_id=office.id, day=on, name__gt="")
        .exclude(state="moved")
        .select_related("service")
        .order_by("starts_at", "id")
    )
    tickets = {row.booking_id: row for row in models.Ticket.objects.filter(booking__in=[row.id for row in rows])}
    unserved = ticket_events.unperformed([row.id for row in tickets.values() if row.state == "done"])
    return [_booked(row, tickets.get(row.id), unserved) for row in rows]


def bookings_to_come(office: Office, today: date) -> Iterator[DayBooking]:
    """Yield the active bookings of today and the days to come, in order. Index: booking_of_day."""
    rows = (
        models.Booking.objects.filter(office_id=office.id, day__gte=today, state="booked", name__gt="")
        .select_related("service")
        .order_by("starts_at", "id")
    )
    of_today = models.Ticket.objects.filter(office_id=office.id, day=today, booking__isnull=False)
    tickets = {row.booking_id: row for row in of_today}
    return (_booked(row, tickets.get(row.id)) for row in rows.iterator())


def find_booking(office: Office, booking_id: int) -> DayBooking | None:
    """Return one booking of the office."""
    row = models.Booking.objects.filter(office_id=office.id, id=booking_id).select_related("service").first()
    return None if row is None else _booked(row, models.Ticket.objects.filter(booking=row).first())


def booking_with_code(office: Office, code: str, on: date) -> DayBooking | None:
    """Return the active booking with this code on this day."""
    row = models.Booking.objects.filter(office_id=office.id, code=code, day=on, state__in=["booked", "held"]).first()
    return None if row is None else find_booking(office, row.id)


def set_service(office_id: int, booking_id: int, service_id: int) -> bool:
    """Give an active booking another service; return whether there was one."""
    found = models.Booking.objects.filter(office_id=office_id, id=booking_id, state="booked")
    return found.update(service_id=service_id) == 1


def set_note(office_id: int, booking_id: int, note: str) -> None:
    """Keep a note on a booking that is not erased yet."""
    models.Booking.objects.filter(office_id=office_id, id=booking_id, name__gt="").update(note=note)


def notes(booking_ids: Collection[int]) -> Mapping[int, str]:
    """Return the notes of those of these bookings that have one."""
    return dict(models.Booking.objects.filter(id__in=booking_ids, note__gt="").values_list("id", "note"))


def names(booking_ids: Collection[int]) -> Mapping[int, str]:
    """Return the name of each of these bookings."""
    return dict(models.Booking.objects.filter(id__in=booking_ids).values_list("id", "name"))


def _booked(row: models.Booking, ticket: models.Ticket | None, unserved: Collection[int] = ()) -> DayBooking:
    return DayBooking(
        id=row.id,
        at=row.starts_at,
        service=row.service.code,
        name=row.name,
        persons=row.persons,
        sender=row.sender,
        code=row.code,
        state=row.state,
        day=row.day,
        ticket=f"{ticket.prefix}{ticket.number}" if ticket else "",
        ticket_state=ticket.state if ticket else "",
        calls=row.calls,
        note=row.note,
        ticket_id=ticket.id if ticket else 0,
        ticket_version=ticket.version if ticket else 0,
        cancelling=row.cancel_at,
        unperformed=ticket is not None and ticket.id in unserved,
    )
