"""Arriving at the office: a ticket for a service, or by the access code of a booking.

Invariant: a booking has at most one ticket, and no two tickets of an office's day have the same number. Each function
is one transaction under the queue's lock; unique constraints stand behind it.
"""

from dataclasses import dataclass
from datetime import datetime

from prepazka.core.actor import Actor
from prepazka.core.office.office import Agenda, Office
from prepazka.core.queue import check_in as rules
from prepazka.core.queue import transitions
from prepazka.core.queue.check_in import BookedVisit
from prepazka.core.queue.outcomes import CheckIn, Dropped, Late, NotFound, TicketGiven, TooLateForCode, WalkIn
from prepazka.core.queue.tickets import Ticket, TicketKind
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import queue


@dataclass(frozen=True, slots=True)
class _TicketRequest:
    """What a ticket is for; service: "" when only the agenda is known."""

    agenda: Agenda
    service: str
    kind: TicketKind = "walk_in"
    priority: bool = False
    visit: BookedVisit | None = None


@retry_transaction
def walk_in(office_id: int, what: str, now: datetime, who: str = "kiosk", *, priority: bool = False) -> WalkIn:
    """Give out a ticket without a booking for a service (its code) or an agenda (its key).

    priority: requested by a senior or a person with a disability; without effect where the office has no such tickets.
    who: whom the ticket's record names.
    """
    office = lock_queue(office_id)
    request = _request(office, what, priority)
    if isinstance(request, NotFound):
        return request
    today = now.astimezone(office.zone).date()
    given_out = queue.count_walk_ins(office.id, request.agenda.id, today)
    stopped = request.agenda.id in queue.stopped_agendas(office.id, today)
    refusal = rules.walk_in(office, request.agenda, given_out, now, stopped=stopped)
    return refusal or _give_out(office, request, Actor(who, now))


@retry_transaction
def add_walk_in(
    office_id: int, what: str, now: datetime, who: str, *, priority: bool = False
) -> TicketGiven | NotFound:
    """Give out the same for a clerk, who decides: neither the quota nor the hours count."""
    office = lock_queue(office_id)
    request = _request(office, what, priority)
    return request if isinstance(request, NotFound) else _give_out(office, request, Actor(who, now))


@retry_transaction
def check_in(office_id: int, code: str, now: datetime, who: str = "kiosk") -> CheckIn:
    """Give out a priority ticket for today's booking with this code, within the office's window around its start.

    After the window no ticket is given out; `late_ticket` gives one when the client wants it.
    """
    office = lock_queue(office_id)
    accepted = rules.check_in(office, queue.lock_visits(office, code), now)
    if not isinstance(accepted, BookedVisit):
        return accepted
    return _give_out(office, _of_visit(office, accepted, "booking"), Actor(who, now))


@retry_transaction
def late_ticket(office_id: int, code: str, now: datetime, who: str = "kiosk") -> Late:
    """Give out an ordinary ticket for a booking of today whose window is over; within it, what `check_in` gives.

    It is outside the quota and given out until closing, because its place was booked.
    """
    office = lock_queue(office_id)
    visits = queue.lock_visits(office, code)
    accepted = rules.check_in(office, visits, now)
    if isinstance(accepted, BookedVisit):
        return _give_out(office, _of_visit(office, accepted, "booking"), Actor(who, now))
    if not isinstance(accepted, TooLateForCode | Dropped):
        return accepted
    late = rules.of_today(office, visits, now)
    closed = rules.closed_now(office, office.agenda_of[late.agenda], now)
    return closed or _give_late(office, late, Actor(who, now))


# docs/spec/counters.md §5.1: "Checks in a booking of today without its code"
@retry_transaction
def check_in_booking(office_id: int, booking_id: int, now: datetime, who: str) -> CheckIn:
    """Give out the ticket of a booking of today for a clerk, who knows the client: no code is asked for.

    After the window it is an ordinary ticket, at any time: the clerk decides. Who was called in vain gets a new place.
    """
    office = lock_queue(office_id)
    visits = queue.lock_visit(office, booking_id)
    accepted = rules.check_in(office, visits, now)
    if isinstance(accepted, BookedVisit):
        return _give_out(office, _of_visit(office, accepted, "booking"), Actor(who, now))
    if isinstance(accepted, TooLateForCode | Dropped):
        return _give_late(office, rules.of_today(office, visits, now), Actor(who, now))
    return accepted


def _give_late(office: Office, visit: BookedVisit, actor: Actor) -> TicketGiven:
    """Give out an ordinary ticket of a booking, or a new place with the ticket it was called by."""
    if visit.ticket is None:
        return _give_out(office, _of_visit(office, visit, "late"), actor)
    revived = transitions.revive(visit.ticket, actor.at)
    queue.change(office.id, visit.ticket, revived, "revive", actor)
    return TicketGiven(revived, office.agenda_of[revived.agenda])


def _request(office: Office, what: str, priority: bool) -> _TicketRequest | NotFound:
    key = what.strip()
    favoured = priority and office.settings.priority_tickets
    if service := office.service_of.get(key.upper()):
        return _TicketRequest(office.agenda_of[service.agenda], service.code, priority=favoured)
    agenda = next((agenda for agenda in office.agendas if agenda.key == key), None)
    return _TicketRequest(agenda, "", priority=favoured) if agenda else NotFound("service")


def _of_visit(office: Office, visit: BookedVisit, kind: TicketKind) -> _TicketRequest:
    return _TicketRequest(office.agenda_of[visit.agenda], visit.service, kind, visit=visit)


def _give_out(office: Office, request: _TicketRequest, actor: Actor) -> TicketGiven:
    day = actor.at.astimezone(office.zone).date()
    prefix = request.agenda.queue.prefix
    ticket = Ticket(
        id=0,  # until it is stored
        agenda=request.agenda.id,
        service=request.service,
        day=day,
        prefix=prefix,
        number=queue.draw_number(office.id, day, prefix),
        kind=request.kind,
        priority=request.priority,
        booking=request.visit.id if request.visit else None,
        state="waiting",
        counter=None,
        reserved_for=None,
        recalls=0,
        arrived_at=actor.at,
        due_at=request.visit.start if request.visit else None,
        parked_until=None,
        called_at=None,
        served_at=None,
        ended_at=None,
        version=1,
    )
    return TicketGiven(queue.add(office, ticket, actor.who), request.agenda)
