"""One booking at the desk: who comes, and what a clerk may do about it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.actor import Actor
from prepazka.core.booking.move import MoveByCode
from prepazka.core.booking.outcomes import Moved, SlotFull
from prepazka.core.office.lengths import NOTE
from prepazka.core.queue.outcomes import Acted
from prepazka.core.queue.tickets import TicketRef
from prepazka.flows.booking import correct
from prepazka.flows.booking.next_free import next_free_day
from prepazka.flows.booking.query import free_days_to_move
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import call
from prepazka.flows.outbound.notify import routes_of
from prepazka.store import desk as store
from prepazka.store.desk import DayBooking
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.dates import parse_date
from prepazka.web.desk import undoing
from prepazka.web.desk.bookings import back_to_day, find_booking, register_opened
from prepazka.web.desk.last_press import pending
from prepazka.web.desk.numbers import parse_number
from prepazka.web.desk.words import describe_result
from prepazka.web.outcomes import describe_closed_day, describe_outcome
from prepazka.web.post_only import post_only


@staff("clerk")
@require_safe
def person(request: StaffRequest, booking: int) -> HttpResponse:
    """Show a booking with everything that can be done about it."""
    office, now = request.official.office, clock.now()
    found = find_booking(office, booking)
    register_opened(request, found, "booking opened")
    page = _page(request, found) | {
        "services": office.services,
        "longest": NOTE,
        "today": now.astimezone(office.zone).date(),
        "now": now,
        "phone": wording.format_phone(found.sender or found.calls) if found.sender or found.calls else "",
        "undo": pending(request),
        "saved": request.session.pop(_SAVED, ""),
    }
    return render(request, "web/desk/person.html", page)


_SAVED = "person message"


@staff("clerk")
@post_only
def note(request: StaffRequest, booking: int) -> HttpResponseBase:
    """Keep the note."""
    found = find_booking(request.official.office, booking)
    text = " ".join(request.POST.get("note", "").split())[:NOTE]
    correct.keep_note(request.official.office.id, found, text, Actor(request.official.who, clock.now()))
    return _back(request, found, _("Poznámka je uložená."))


@staff("clerk")
@post_only
def service(request: StaffRequest, booking: int) -> HttpResponseBase:
    """Correct the service."""
    office = request.official.office
    found = find_booking(office, booking)
    actor = Actor(request.official.who, clock.now())
    outcome = correct.correct_service(office, found, request.POST.get("service", ""), actor)
    if outcome == "corrected":
        return _back(request, found, _("Činnost je opravená."))
    if outcome == "has a ticket":
        return _back(request, found, _("Klient už má lístek. Činnost jiné agendy nebo délky vyřídíte předáním lístku."))
    if outcome == "unknown":
        return _back(request, found, _("Tuto objednávku už opravit nelze."))
    if isinstance(outcome, Moved):
        return _opened(request, outcome, _("Činnost je opravená."))
    return _back(request, found, describe_outcome(outcome, office) or _("Tuto objednávku už opravit nelze."))


@staff("clerk")
@post_only
def take_out(request: StaffRequest, booking: int) -> HttpResponseBase:
    """Take the ticket of the booking out of the queue."""
    office = request.official.office
    found = find_booking(office, booking)
    # Pressed twice, a ticket given out by mistake is no longer the booking's.
    ticket = parse_number(request.POST.get("ticket")) or found.ticket_id
    ref = TicketRef(ticket, parse_number(request.POST.get("version")))
    outcome = call.take_out(office.id, request.official.who, ref, clock.now(), mistake="mistake" in request.POST)
    undoing.note(request, "mistake" if "mistake" in request.POST else "leave", ref, outcome)
    if isinstance(outcome, Acted):
        return _back(request, found, _("Lístek %(number)s je vyřazený z fronty.") % {"number": outcome.ticket.label})
    return _back(request, found, describe_result(outcome, office))


@staff("clerk")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, booking: int) -> HttpResponseBase:
    """Show the free starts of a day, and move there; the phone is told unless the client knows."""
    office, now = request.official.office, clock.now()
    found = find_booking(office, booking)
    if request.method != "POST":
        register_opened(request, found, "booking opened")
        return _times_page(request, found)
    at = _read_time(request.POST.get("at", ""))
    if at is None:
        return _times_page(request, found, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=_("Vyberte čas."))
    tell = _can_tell(request, found) and "known" not in request.POST
    on = parse_date(request.GET.get("day"), found.day)
    requested = BookingRequest(
        MoveByCode(found.code, found.day, on, at), "desk", found.sender, confirm=tell, by=request.official.who
    )
    outcome = submit(office.id, requested, now)
    if isinstance(outcome, Moved):
        words = _("Přesunuto. Nový čas: %(when)s.") % {
            "when": wording.format_start(outcome.booking.day, outcome.booking.at)
        }
        return _opened(request, outcome, f"{words} {_('Klientovi jsme poslali SMS.')}" if tell else words)
    instead = [wording.format_start(one.day, one.at) for one in outcome.offers] if isinstance(outcome, SlotFull) else []
    words = describe_outcome(outcome, office) or _("Objednávku nelze přesunout.")
    return _times_page(request, found, HTTPStatus.CONFLICT, wrong=words, instead=instead)


def _times_page(
    request: StaffRequest, found: DayBooking, status: HTTPStatus = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    office, now = request.official.office, clock.now()
    on = parse_date(request.GET.get("day"), max(found.day, now.astimezone(office.zone).date()))
    offered = office.service_of.get(found.service)
    free = free_days_to_move(office, offered, on, on, now).get(on, ()) if offered else ()
    page = _page(request, found) | {
        "on": on,
        "title": wording.in_heading(wording.format_day(on)),
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "closed": describe_closed_day(office, offered, on) if offered and not free else "",
        "free": [(f"{at:%H:%M}", wording.format_time(at)) for at in free],
        "next_free": next_free_day(office, replace(offered, paused_from=None), on, now)
        if offered and not free
        else None,
        **more,
    }
    return render(request, "web/desk/move.html", page, status=status)


def _page(request: StaffRequest, found: DayBooking) -> dict[str, Any]:
    office = request.official.office
    return {
        "office": office,
        "booking": found,
        "service": office.service_of.get(found.service),
        "when": wording.format_start(found.day, found.at.astimezone(office.zone).time()),
        "can_tell": _can_tell(request, found),
    }


def _can_tell(request: StaffRequest, found: DayBooking) -> bool:
    return bool(found.sender) and routes_of(request.official.office).first is not None


def _opened(request: StaffRequest, outcome: Moved, words: str) -> HttpResponseBase:
    """Lead to the booking that replaced the old one."""
    office = request.official.office
    moved = store.booking_with_code(office, outcome.booking.code, outcome.booking.day)
    return _back(request, moved, words) if moved else back_to_day(request, outcome.booking.day, words)


def _back(request: StaffRequest, found: DayBooking, words: str) -> HttpResponseBase:
    request.session[_SAVED] = words
    return redirect("desk-person", slug=request.official.office.slug, booking=found.id)


def _read_time(text: str) -> time | None:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 -- a time of the office's wall clock
    except ValueError:
        return None
