"""The page of the desk: the clerk's counter and its queue. Every button belongs to a form and needs no script."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from prepazka.core.actor import Actor
from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Busy, NobodySits, Occupied, Seated
from prepazka.core.queue.tickets import UNPERFORMED, Destination, TicketRef, Unperformed
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.counters.at_once import serve_at_once
from prepazka.flows.counters.board import queue, versions
from prepazka.flows.counters.idempotency import idempotent
from prepazka.store import accounts, register
from prepazka.store import queue as tickets
from prepazka.web import clock, lost_press
from prepazka.web.access import StaffRequest, staff
from prepazka.web.desk import undoing
from prepazka.web.desk.keys import list_keys
from prepazka.web.desk.last_press import MESSAGE, pending
from prepazka.web.desk.lines import make_lines
from prepazka.web.desk.numbers import parse_number
from prepazka.web.desk.offer import offered
from prepazka.web.desk.words import DeskResult, describe_result
from prepazka.web.idempotency import read_key
from prepazka.web.post_only import post_only
from prepazka.web.unperformed import WHY

# The minutes for which a ticket can be parked.
PARK_MINUTES = (5, 10, 15, 30, 60)


_EVERYTHING, _SHOWN = "desk everything", "desk shown"
# The service that a clerk wanted to begin while the client was still there for another one, and what does not end that.
_WANTED = "desk wanted"
_SAME_CLIENT = frozenset({"done", "unperformed", "park", "transfer"})
_NEXT = 3


@staff("clerk")
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    """Show the counter, its client, and the waiting tickets. `?live`: the page's own script asks for it."""
    if "only" in request.GET:
        request.session[_EVERYTHING] = request.GET["only"] == "all"
        return redirect("desk", slug=request.official.office.slug)
    _register_shown(request)
    page = _live_page(request)
    if "live" not in request.GET:
        page |= {"message": request.session.pop(MESSAGE, ""), "undo": pending(request), "offer": offered(request)}
    return render(request, "web/desk/desk.html", page)


# docs/spec/safety.md §5.4: "the live queue at the desk, once for all that a clerk's page shows of it in that hour"
def _register_shown(request: StaffRequest) -> None:
    """Register that the queue with its names is shown: once an hour, not once for each renewal of the page."""
    now = clock.now()
    hour = f"{request.official.office.id} {now:%Y-%m-%dT%H}"
    if request.session.get(_SHOWN) != hour:
        register.count(request.official.office.id, now, request.official.who, "queue shown")
        request.session[_SHOWN] = hour


def _live_page(request: StaffRequest) -> dict[str, Any]:
    """Return what the page shows of the counter and the queue."""
    office, who, now = request.official.office, request.official.who, clock.now()
    version = versions([office.id]).get(office.id, 0)  # read first, so that the rest is at least as new
    here = seat.seat(office.id, who)
    seats = {taken.counter: taken for taken in tickets.seats(office.id)}
    seated = here if isinstance(here, Seated) else None
    lines = make_lines(office, queue(office, now), seated.counter if seated else None, seats, now)
    waiting = [line for line in lines if line.ticket.state == "waiting"]
    ours = [line for line in waiting if line.ours]
    everything = seated is None or request.session.get(_EVERYTHING, True)
    shown = waiting if everything else ours
    names = accounts.called(taken.clerk for taken in seats.values())
    return {
        "office": office,
        "version": version,
        "seat": seated,
        "paused": seated is not None and seats[seated.counter.id].paused,
        "closes_at": seat.asked_until(office.id, who, now) if seated else None,
        "client": next((line for line in lines if line.mine), None),
        "next": [line for line in waiting if line.callable][:_NEXT],
        "waiting": shown,
        "in_line": [line for line in shown if not line.parked],
        "parked": [line for line in shown if line.parked],
        "everything": everything,
        "ours_count": len(ours),
        "all_count": len(waiting),
        "longest": max((line.waited for line in shown), default=0),
        "elsewhere": [line for line in lines if line.ticket.state != "waiting" and not line.mine],
        "counters": [
            (counter, taken, names.get(taken.clerk, taken.clerk) if taken else "")
            for counter in office.counters
            for taken in (seats.get(counter.id),)
        ],
        "others": [counter for counter in office.counters if seated is None or counter.id != seated.counter.id],
        "park": PARK_MINUTES,
        "why": WHY.items(),
        "keys": list_keys(),
        "key": uuid4(),
        "wanted": request.session.get(_WANTED, ""),
        "now": now,
    }


@staff("clerk", kept=True)
@post_only
def sit(request: StaffRequest) -> HttpResponseBase:
    """Sit down at a counter; taking over an occupied one needs a confirmation."""
    office = request.official.office
    take_over = request.POST.get("take_over") == "1"
    counter = parse_number(request.POST.get("counter"))
    outcome = seat.sit_down(office.id, counter, request.official.who, clock.now(), take_over=take_over)
    if isinstance(outcome, Occupied):
        page = {"office": office, "occupied": outcome, "who": accounts.called([outcome.clerk])[outcome.clerk]}
        return render(request, "web/desk/occupied.html", page)
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
    outcome = action(request.official.office, request.official.who, ref, clock.now(), form)
    if isinstance(outcome, NobodySits):
        page = {"office": request.official.office, "outcome": outcome}
        return render(request, "web/desk/nobody_sits.html", page)
    undoing.note(request, request.POST["act"], ref, outcome)
    _note_wanted(request, outcome)
    return _redirect(request, outcome)


# docs/spec/counters.md §5.4: "the service chosen for it stays chosen"
def _note_wanted(request: StaffRequest, outcome: DeskResult) -> None:
    if request.POST["act"] == "walk_in_now" and isinstance(outcome, Busy):
        request.session[_WANTED] = request.POST.get("service", "")[:20]
    elif request.POST["act"] not in _SAME_CLIENT:
        request.session.pop(_WANTED, None)


def _redirect(request: StaffRequest, outcome: DeskResult) -> HttpResponseBase:
    message = describe_result(outcome, request.official.office)
    if message:
        request.session[MESSAGE] = message
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
    sure = form.get("sure") == "1"
    to = (
        Destination(counter=parse_number(number), sure=sure)
        if kind == "counter"
        else Destination(agenda=parse_number(number))
    )
    return call.transfer(office.id, who, ref, now, to)


def _unperformed(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    why: Unperformed = next((one for one in UNPERFORMED if one == form.get("why")), "unsolved")
    return call.unperformed(office.id, who, ref, now, why)


def _leave(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    return seat.stand_up(office.id, who, now)


def _walk_in(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    priority, service = form.get("priority") == "1", str(form.get("service", ""))
    return idempotent(
        office.id, read_key(form), now, lambda: arrive.add_walk_in(office.id, service, now, who, priority=priority)
    )


def _walk_in_now(office: Office, who: str, ref: TicketRef, now: datetime, form: FormData) -> DeskResult:
    priority, service = form.get("priority") == "1", str(form.get("service", ""))
    return serve_at_once(office.id, service, read_key(form), Actor(who, now), priority=priority)


_ACTIONS: Mapping[str, DeskAction] = {
    "next": _next,
    "call": lambda office, who, ref, now, form: call.call_one(office.id, who, ref, now),
    "recall": lambda office, who, ref, now, form: call.recall(office.id, who, ref, now),
    "not_here": lambda office, who, ref, now, form: call.not_here(office.id, who, ref, now),
    "serve": lambda office, who, ref, now, form: call.serve(office.id, who, ref, now),
    "done": lambda office, who, ref, now, form: call.done(office.id, who, ref, now),
    "unperformed": _unperformed,
    "park": _park,
    "transfer": _transfer,
    "pause": lambda office, who, ref, now, form: seat.pause(office.id, who, now, paused=True),
    "resume": lambda office, who, ref, now, form: seat.pause(office.id, who, now, paused=False),
    "stay": lambda office, who, ref, now, form: seat.stay(office.id, who, now),
    "leave": _leave,
    "walk_in": _walk_in,
    "walk_in_now": _walk_in_now,
}
