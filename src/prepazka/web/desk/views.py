"""The page of the desk: the clerk's counter and its queue. Every button belongs to a form and needs no script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Busy, Occupied, Seated
from prepazka.core.queue.tickets import Destination, Ticket, TicketRef
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.counters.board import queue, versions
from prepazka.flows.counters.idempotency import idempotent
from prepazka.store import desk as store
from prepazka.store import queue as tickets
from prepazka.web import clock, lost_press
from prepazka.web.access import StaffRequest, staff
from prepazka.web.desk.numbers import parse_number
from prepazka.web.desk.offer import offered
from prepazka.web.desk.words import DeskResult, describe_result
from prepazka.web.idempotency import read_key
from prepazka.web.post_only import post_only

_MESSAGE = "desk message"
# The minutes for which a ticket can be parked.
PARK_MINUTES = (5, 10, 15, 30, 60)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A ticket of the queue as the clerk sees it."""

    ticket: Ticket
    agenda: str
    service: str
    name: str
    counter: str
    mine: bool

    @property
    def parked(self) -> bool:
        """Whether the ticket is parked."""
        return self.ticket.state == "waiting" and self.ticket.parked_until is not None


@staff("clerk")
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    """Show the counter, its client, and the waiting tickets. `?live`: the page's own script asks for it."""
    office, who, now = request.official.office, request.official.who, clock.now()
    version = versions([office.id]).get(office.id, 0)  # read first, so that the rest is at least as new
    here = seat.seat(office.id, who)
    lines = _make_lines(office, queue(office, now), here)
    seats = {taken.counter: taken for taken in tickets.seats(office.id)}
    seated = here if isinstance(here, Seated) else None
    return render(
        request,
        "web/desk/desk.html",
        {
            "office": office,
            "version": version,
            "message": "" if "live" in request.GET else request.session.pop(_MESSAGE, ""),
            "offer": None if "live" in request.GET else offered(request),
            "seat": seated,
            "paused": seated is not None and seats[seated.counter.id].paused,
            "closes_at": seat.asked_until(office.id, who, now) if seated else None,
            "client": next((line for line in lines if seated and line.ticket == seated.ticket), None),
            "waiting": [line for line in lines if line.ticket.state == "waiting"],
            "elsewhere": [line for line in lines if line.ticket.state != "waiting" and not line.mine],
            "counters": [(counter, seats.get(counter.id)) for counter in office.counters],
            "others": [counter for counter in office.counters if seated is None or counter.id != seated.counter.id],
            "park": PARK_MINUTES,
            "key": uuid4(),
            "now": now,
        },
    )


@staff("clerk", kept=True)
@post_only
def sit(request: StaffRequest) -> HttpResponseBase:
    """Sit down at a counter; taking over an occupied one needs a confirmation."""
    office = request.official.office
    take_over = request.POST.get("take_over") == "1"
    counter = parse_number(request.POST.get("counter"))
    outcome = seat.sit_down(office.id, counter, request.official.who, clock.now(), take_over=take_over)
    if isinstance(outcome, Occupied):
        return render(request, "web/desk/occupied.html", {"office": office, "occupied": outcome})
    return _redirect(request, outcome)


@staff("clerk", kept=True)
@post_only
def act(request: StaffRequest) -> HttpResponseBase:
    """Do the act named by the pressed button, on the ticket as the page showed it."""
    action = _ACTIONS.get(request.POST.get("act", ""))
    if action is None:
        response: HttpResponseBase = redirect("desk", slug=request.official.office.slug)
        lost_press.forget(request, response)
        return response
    form = request.POST
    ref = TicketRef(parse_number(form.get("ticket")), parse_number(form.get("version")))
    return _redirect(request, action(request.official.office, request.official.who, ref, clock.now(), form))


def _redirect(request: StaffRequest, outcome: DeskResult) -> HttpResponseBase:
    message = describe_result(outcome, request.official.office)
    if message:
        request.session[_MESSAGE] = message
    response: HttpResponseBase = redirect("desk", slug=request.official.office.slug)
    lost_press.forget(request, response)
    return response


FormData = Mapping[str, Any]
DeskAction = Callable[[Office, str, TicketRef, datetime, FormData], DeskResult]


def _next(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    return call.call_next(office.id, who, now, ending=ref if ref.ticket else None)


def _park(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    minutes = parse_number(form.get("minutes"))
    return call.park(
        office.id, who, ref, now, now + timedelta(minutes=minutes if minutes in PARK_MINUTES else PARK_MINUTES[0])
    )


def _transfer(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    kind, _, number = str(form.get("to", "")).partition("-")
    to = Destination(counter=parse_number(number)) if kind == "counter" else Destination(agenda=parse_number(number))
    return call.transfer(office.id, who, ref, now, to)


def _leave(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    return seat.stand_up(office.id, who, now)


def _walk_in(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    priority, service = form.get("priority") == "1", str(form.get("service", ""))
    return idempotent(
        office.id, read_key(form), now, lambda: arrive.add_walk_in(office.id, service, now, who, priority=priority)
    )


_ACTIONS: Mapping[str, DeskAction] = {
    "next": _next,
    "call": lambda office, who, ref, now, form: call.call_one(office.id, who, ref, now),
    "recall": lambda office, who, ref, now, form: call.recall(office.id, who, ref, now),
    "not_here": lambda office, who, ref, now, form: call.not_here(office.id, who, ref, now),
    "serve": lambda office, who, ref, now, form: call.serve(office.id, who, ref, now),
    "done": lambda office, who, ref, now, form: call.done(office.id, who, ref, now),
    "park": _park,
    "transfer": _transfer,
    "pause": lambda office, who, ref, now, form: seat.pause(office.id, who, now, paused=True),
    "resume": lambda office, who, ref, now, form: seat.pause(office.id, who, now, paused=False),
    "stay": lambda office, who, ref, now, form: seat.stay(office.id, who, now),
    "leave": _leave,
    "walk_in": _walk_in,
}


def _make_lines(office: Office, found: tuple[Ticket, ...], here: object) -> list[DeskLine]:
    mine = here.ticket if isinstance(here, Seated | Busy) else None
    names = store.names([ticket.booking for ticket in found if ticket.booking is not None])
    titles = {service.code: service.title for service in office.services}
    lines = []
    for ticket in found:
        agenda, counter = office.agenda_of.get(ticket.agenda), office.counter_of.get(ticket.counter or 0)
        lines.append(
            DeskLine(
                ticket,
                agenda.title if agenda else "",
                titles.get(ticket.service, ""),
                names.get(ticket.booking, "") if ticket.booking else "",
                counter.title if counter else "",
                mine is not None and ticket.id == mine.id,
            )
        )
    return lines
