"""What a clerk corrects of a booking: its service, and the note."""

from typing import Literal

from prepazka.core.actor import Actor
from prepazka.core.booking.move import MoveByCode
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.office.office import Office, Service
from prepazka.core.queue import transitions
from prepazka.core.queue.tickets import ACTIVE
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import desk, queue, register
from prepazka.store.desk import DayBooking

Corrected = Literal["corrected", "has a ticket", "unknown"] | Outcome


# docs/spec/counters.md §5.1: "Correcting the service keeps the place where the new one takes as long in the same
# agenda"
def correct_service(office: Office, booking: DayBooking, code: str, actor: Actor) -> Corrected:
    """Give a booking another service: in its place, together with its ticket, or else by a move to the same start."""
    before, after = office.service_of.get(booking.service), office.service_of.get(code)
    if after is None or booking.state != "booked":
        return "unknown"
    if before and (before.agenda, before.minutes) == (after.agenda, after.minutes):
        return _in_place(office.id, booking.id, after, actor)
    if booking.ticket:
        return "has a ticket"
    start = booking.at.astimezone(office.zone)
    request = MoveByCode(booking.code, booking.day, start.date(), start.time(), code)
    return submit(office.id, BookingRequest(request, "desk", booking.sender, by=actor.who), actor.at)


@retry_transaction
def _in_place(office_id: int, booking_id: int, service: Service, actor: Actor) -> Literal["corrected", "unknown"]:
    lock_queue(office_id)
    if not desk.set_service(office_id, booking_id, service.id):
        return "unknown"
    ticket = queue.ticket_of(booking_id)
    if ticket and ticket.state in ACTIVE:
        queue.change(office_id, ticket, transitions.correct(ticket, service.code), "correct", actor)
    register.note(office_id, actor.at, actor.who, "booking corrected", booking=booking_id)
    return "corrected"


def keep_note(office_id: int, booking: DayBooking, note: str, actor: Actor) -> None:
    """Keep a clerk's note on a booking. It is erased with the booking."""
    desk.set_note(office_id, booking.id, note)
    register.note(office_id, actor.at, actor.who, "booking corrected", booking.sender, booking=booking.id)
