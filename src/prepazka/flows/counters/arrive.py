"""Arriving at the office: a ticket for a service, or by the access code of a booking.

Invariant: a booking has at most one ticket, and no two tickets of an office's day have the same number. Each journey is
one transaction under the queue's lock; unique constraints stand behind it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prepazka.core.office.office import Agenda, Office
from prepazka.core.queue import check_in as arrival
from prepazka.core.queue.check_in import BookedVisit
from prepazka.core.queue.outcomes import CheckIn, Late, NotFound, TicketGiven, TooLateForCode, WalkIn
from prepazka.core.queue.tickets import Kind, Ticket
from prepazka.flows.counters.transaction import in_queue_transaction
from prepazka.store import queue


class _At(NamedTuple):
    """Where, when and by whom a ticket is given out."""

    office: Office
    now: datetime
    who: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a ticket is for; service "" when only the agenda is known."""

    agenda: Agenda
    service: str
    kind: Kind = "walk_in"
    priority: bool = False
    promise: BookedVisit | None = None


def walk_in(office_id: int, what: str, now: datetime, who: str = "kiosk", *, priority: bool = False) -> WalkIn:
    """A ticket without a booking for a service (its code) or an agenda (its key).

    priority: asked for by a senior or a person with a disability; without effect where the office has no such tickets.
    who: whom the record names.
    """

    def journey(office: Office) -> WalkIn:
        wanted = _wish(office, what, priority)
        if isinstance(wanted, NotFound):
            return wanted
        given_out = queue.walk_ins(office.id, wanted.agenda.id, now.astimezone(office.zone).date())
        return arrival.walk_in(office, wanted.agenda, given_out, now) or _give(_At(office, now, who), wanted)

    return in_queue_transaction(office_id, journey)


def add_walk_in(
    office_id: int, what: str, now: datetime, who: str, *, priority: bool = False
) -> TicketGiven | NotFound:
    """The same given out by a clerk, who decides: neither quota nor hours are in the way."""

    def journey(office: Office) -> TicketGiven | NotFound:
        wanted = _wish(office, what, priority)
        return wanted if isinstance(wanted, NotFound) else _give(_At(office, now, who), wanted)

    return in_queue_transaction(office_id, journey)


def check_in(office_id: int, code: str, now: datetime, who: str = "kiosk") -> CheckIn:
    """A priority ticket for the booking of today with this code, within the office's window around its start.

    After the window nothing is given yet: `late_ticket` does, when the client wants one.
    """

    def journey(office: Office) -> CheckIn:
        found = arrival.check_in(office, queue.visits_with_code(office, code), now)
        return _checked_in(_At(office, now, who), found, "booking") if isinstance(found, BookedVisit) else found

    return in_queue_transaction(office_id, journey)


def late_ticket(office_id: int, code: str, now: datetime, who: str = "kiosk") -> Late:
    """An ordinary ticket for a booking of today whose window is over; within the window, what `check_in` gives.

    It counts for no quota, and is given until closing: its place was promised.
    """

    def journey(office: Office) -> Late:
        promises = queue.visits_with_code(office, code)
        found = arrival.check_in(office, promises, now)
        if isinstance(found, BookedVisit):
            return _checked_in(_At(office, now, who), found, "booking")
        if not isinstance(found, TooLateForCode):
            return found
        late = arrival.of_today(office, promises, now)
        closed = arrival.closed_now(office, office.agenda_of[late.agenda], now)
        return closed or _checked_in(_At(office, now, who), late, "late")

    return in_queue_transaction(office_id, journey)


def _wish(office: Office, what: str, priority: bool) -> _Wish | NotFound:
    wanted = what.strip()
    favoured = priority and office.settings.priority_tickets
    if service := office.service_of.get(wanted.upper()):
        return _Wish(office.agenda_of[service.agenda], service.code, priority=favoured)
    agenda = next((agenda for agenda in office.agendas if agenda.key == wanted), None)
    return _Wish(agenda, "", priority=favoured) if agenda else NotFound("service")


def _checked_in(at: _At, promise: BookedVisit, kind: Kind) -> TicketGiven:
    return _give(at, _Wish(at.office.agenda_of[promise.agenda], promise.service, kind, promise=promise))


def _give(at: _At, wanted: _Wish) -> TicketGiven:
    day = at.now.astimezone(at.office.zone).date()
    prefix = wanted.agenda.queue.prefix
    ticket = Ticket(
        id=0,  # until it is kept
        agenda=wanted.agenda.id,
        service=wanted.service,
        day=day,
        prefix=prefix,
        number=queue.draw_number(at.office.id, day, prefix),
        kind=wanted.kind,
        priority=wanted.priority,
        booking=wanted.promise.id if wanted.promise else None,
        state="waiting",
        counter=None,
        reserved_for=None,
        recalls=0,
        arrived_at=at.now,
        due_at=wanted.promise.start if wanted.promise else None,
        parked_until=None,
        called_at=None,
        served_at=None,
        ended_at=None,
        version=1,
    )
    return TicketGiven(queue.add(at.office, ticket, at.who), wanted.agenda)
