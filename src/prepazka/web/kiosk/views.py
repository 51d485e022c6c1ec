"""Pages of the kiosk. Each touch sends a form of its own, so everything works without scripts."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import uuid4

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.office.lengths import TYPED_CODE
from prepazka.core.office.office import Agenda, Service
from prepazka.core.queue.board import Board
from prepazka.core.queue.outcomes import CheckIn, Late, NotFound, TicketGiven, UnknownCode, WalkIn, WrongDay
from prepazka.core.rate_limits import KIOSK_CODES, Bucket
from prepazka.flows.booking.next_free import next_free_day
from prepazka.flows.counters import arrive
from prepazka.flows.counters.board import board
from prepazka.flows.counters.idempotency import idempotent
from prepazka.store import kiosks, queue, rate_limits
from prepazka.web import clock
from prepazka.web.callers import seconds
from prepazka.web.idempotency import read_key
from prepazka.web.kiosk.devices import KioskRequest, paired
from prepazka.web.kiosk.words import (
    KioskMessage,
    NoTicket,
    Refusal,
    ask_to_wait,
    describe_no_ticket,
    describe_refusal,
    describe_waits,
)
from prepazka.web.paper import print_ticket
from prepazka.web.post_only import post_only
from prepazka.web.wording import format_bring
from prepazka.web.wording import format_time as hour

_SALT = "kiosk"
_WHO = "kiosk"
# More services than these do not stand within reach of everybody: the agendas come first.
_AT_ONCE = 6


class AgendaChoice(NamedTuple):
    """An agenda to be touched: its services, and how many wait and how long, "" when it is closed."""

    agenda: Agenda
    wait: str
    services: list[Service]


@paired
@require_safe
def start(request: KioskRequest) -> HttpResponse:
    """Show the services with people ahead and the wait, and the button for people with a booking.

    Where there are many services, the agendas come first, and then the services of the one that was touched.
    """
    office, now = request.office, clock.now()
    chosen = next((one for one in office.agendas if one.key == request.GET.get("agenda")), None)
    lines = [
        AgendaChoice(agenda, wait, [service for service in office.services if service.agenda == agenda.id])
        for agenda, wait in zip(office.agendas, describe_waits(board(office, now)), strict=True)
    ]
    lines = [line for line in lines if line.services]
    return _page(
        request,
        "start",
        key=uuid4(),
        priority="priority" in request.GET and office.settings.priority_tickets,
        agendas=[line for line in lines if chosen in {None, line.agenda}],
        chosen=chosen,
        agendas_first=chosen is None and len(lines) > 1 and len(office.services) > _AT_ONCE,
    )


@paired
@post_only
def walk_in(request: KioskRequest) -> HttpResponse:
    """Give a ticket for a service."""
    now, service = clock.now(), request.POST.get("service", "")
    priority = request.POST.get("priority") == "1"
    before = board(request.office, now)

    def give_ticket() -> WalkIn:
        return arrive.walk_in(request.office.id, service, now, _user_name(request), priority=priority)

    return _respond(request, idempotent(request.office.id, read_key(request.POST), now, give_ticket), now, before)


@paired
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: KioskRequest) -> HttpResponse:
    """Type the access code: by touch, each digit a button of the form, or all digits at once."""
    typed = "".join(filter(str.isdecimal, request.POST.get("code", "")))[:TYPED_CODE]
    if request.method != "POST" or "go" not in request.POST:
        typed = typed[:-1] if "back" in request.POST else typed + request.POST.get("digit", "")[:1]
        return _page(request, "code", key=request.POST.get("key") or uuid4(), typed=typed, digits="123456789")
    if not typed:
        return _page(request, "code", key=read_key(request.POST), typed="", digits="123456789", missing=True)
    return _try_code(request, typed, arrive.check_in)


@paired
@post_only
def late(request: KioskRequest) -> HttpResponse:
    """Give an ordinary ticket for a booking whose time is over."""
    return _try_code(request, request.POST.get("code", ""), arrive.late_ticket)


# docs/spec/safety.md §2.4: "from the fifth wrong code in a minute on, it takes the next one after three seconds"
def _try_code(
    request: KioskRequest, typed: str, arrive_by: Callable[[int, str, datetime, str], CheckIn | Late]
) -> HttpResponse:
    """Give a ticket for a code, unless too many wrong ones were just typed at this kiosk."""
    now = clock.now()
    tries = [Bucket(KIOSK_CODES, str(request.kiosk.id if request.kiosk else ""), request.office.id)]
    if wait := rate_limits.attempt(tries, now):
        return _page(request, "message", key=uuid4(), message=ask_to_wait(seconds(wait)), code=typed)
    before = board(request.office, now)

    def give_ticket() -> CheckIn | Late:
        return arrive_by(request.office.id, typed, now, _user_name(request))

    outcome = idempotent(request.office.id, read_key(request.POST), now, give_ticket)
    if not isinstance(outcome, UnknownCode | WrongDay):
        rate_limits.forgive(tries)
    return _respond(request, outcome, now, before, typed)


@paired
@require_safe
def ticket(request: KioskRequest, signed: str) -> HttpResponse:
    """Show the ticket, to be read, printed or photographed. Its address is signed, so others cannot be guessed."""
    try:
        page = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        raise Http404 from None
    found = queue.find(request.office.id, page["ticket"])
    if found is None:
        raise Http404
    agenda = request.office.agenda_of.get(found.agenda)
    bring = format_bring(request.office.service_of.get(found.service))
    return _page(request, "ticket", agenda=agenda, bring=bring, **{**page, "ticket": found})


def _respond(
    request: KioskRequest, outcome: WalkIn | CheckIn | Late, now: datetime, before: Board, code: str = ""
) -> HttpResponse:
    """Return the page of an outcome; before: the board before the ticket was given, for the estimated wait."""
    if isinstance(outcome, NotFound):
        raise Http404
    if not isinstance(outcome, TicketGiven):
        message = _describe(request, outcome, now)
        return _page(request, "message", key=uuid4(), message=message, code=code, status=HTTPStatus.OK)
    if outcome.ticket.kind == "booking" and outcome.ticket.due_at is not None:
        due = hour(outcome.ticket.due_at.astimezone(request.office.zone).time())
        wait = _("Zavoláme vás kolem %(time)s.") % {"time": due}
        if outcome.ticket.due_at < now:
            wait = _("Zavoláme vás, jakmile se uvolní přepážka.")
    else:
        wait = _describe_wait(before, outcome.ticket.agenda)
    printed = _print_once(request, outcome, wait, now)
    page = {"ticket": outcome.ticket.id, "wait": wait, "printed": printed}
    return redirect("kiosk-ticket", slug=request.office.slug, signed=signing.dumps(page, salt=_SALT))


# docs/spec/counters.md §8: "Who gets no ticket today is told the next day on which the service has a free place"
def _describe(request: KioskRequest, outcome: Refusal, now: datetime) -> KioskMessage:
    office, today = request.office, now.astimezone(request.office.zone).date()
    if not isinstance(outcome, NoTicket):
        return describe_refusal(outcome, office)
    service = office.service_of.get(request.POST.get("service", "").upper())
    return describe_no_ticket(outcome, office, next_free_day(office, service, today, now) if service else None)


# docs/spec/counters.md §8: "The same form sent again (a double tap, a page loaded anew) gives the ticket it gave the
# first time, and no second paper."
def _print_once(request: KioskRequest, given: TicketGiven, wait: str, now: datetime) -> bool | None:
    """Print the ticket of a form at the kiosk's printer, the first time alone; return whether it was printed.

    None: the browser prints. A form sent again while the first is still printing counts as printed.
    """
    printer, key = request.kiosk.printer if request.kiosk else "", read_key(request.POST)
    if not printer:
        return None
    if given.again:
        return kiosks.was_printed(key) is not False
    printed = print_ticket(printer, request.office, given, wait, now)
    kiosks.note_printed(key, printed)
    return printed


def _describe_wait(board: Board, agenda: int) -> str:
    """Return the estimated wait of somebody who comes now."""
    queue_now = next((found for found in board.agendas if found.id == agenda), None)
    if queue_now is None or queue_now.wait is None:
        return ""
    if not queue_now.wait.high and not queue_now.waiting:
        return _("Půjdete hned na řadu.")
    if not queue_now.wait.low:
        return _("Čekání asi do %(high)s min") % {"high": queue_now.wait.high or 1}
    return _("Čekání asi %(low)s–%(high)s min") % {"low": queue_now.wait.low, "high": queue_now.wait.high}


def _user_name(request: KioskRequest) -> str:
    return f"{_WHO} {request.kiosk.name}" if request.kiosk else _WHO


def _page(request: KioskRequest, name: str, *, status: int = HTTPStatus.OK, **values: Any) -> HttpResponse:
    return render(request, f"web/kiosk/{name}.html", {"office": request.office, **values}, status=status)
