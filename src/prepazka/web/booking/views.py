"""Booking on the web; each step is a page of its own that works without scripts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.booking.book import Book
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.outcomes import (
    Booked,
    Cancelled,
    Held,
    LimitReached,
    Outcome,
    SlotFull,
    UnknownBooking,
)
from prepazka.core.office.calendar import starts_of
from prepazka.core.office.office import Office, Service
from prepazka.core.rate_limits import WEB_BOOKINGS, network_of
from prepazka.flows.booking import hold
from prepazka.flows.booking.query import free_days
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.outbound import ceiling, notify
from prepazka.gateways.screens import SCREENS
from prepazka.store import rate_limits
from prepazka.web import callers, clock, code_guesses, confirmation, proof, wording
from prepazka.web.booking import done
from prepazka.web.booking.converters import TimeConverter
from prepazka.web.booking.forms import CancelForm, PersonForm
from prepazka.web.framing import may_be_framed
from prepazka.web.idempotency import read_key
from prepazka.web.numbers import Contact
from prepazka.web.outcomes import describe_closed, describe_outcome, describe_pause
from prepazka.web.pages import public_office
from prepazka.web.taught import watch_message
from prepazka.web.wording import format_start

_WEEK = 7


class StartLink(NamedTuple):
    """A free start as the page shows it, and the address where it can be booked."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class BookableDay:
    """A day of the week view with its free starts; closed: why the office is closed, "" when it is open."""

    day: date
    title: str
    starts: tuple[StartLink, ...]
    closed: str

    @property
    def initials(self) -> str:
        """The weekday in two letters."""
        return wording.format_initials(self.day)


@dataclass(frozen=True, slots=True)
class ChosenStart:
    """A chosen start of a service."""

    office: Office
    service: Service
    day: date
    at: time


@require_safe
def services(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the services that can be booked."""
    office = public_office(request, slug)
    agendas = [
        (agenda.title, [service for service in office.shown_services if service.agenda == agenda.id])
        for agenda in office.agendas
    ]
    today = clock.now().astimezone(office.zone).date()
    offered = [(title, [(one, one.is_paused(today)) for one in found]) for title, found in agendas if found]
    number = wording.format_office_phone(office)
    context = {"office": office, "agendas": offered, "open": _can_send_codes(office), "number": number}
    return may_be_framed(render(request, "web/booking/services.html", context), office.settings.frame_origins)


@never_cache
@require_safe
def times(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Show the free times of a service by week; first the earliest week with a free time."""
    office = public_office(request, slug)
    service = _find_service(office, code)
    now = clock.now()
    today = now.astimezone(office.zone).date()
    last = today + timedelta(days=office.settings.horizon_days)
    free = free_days(office, service, today, last, now)
    soonest = next((day for day in free if free[day]), None)
    monday = _monday_of(_read_week(request) or soonest or today)
    if not _monday_of(today) <= monday <= last:
        raise Http404
    next_monday = monday + timedelta(days=_WEEK)
    week = [
        BookableDay(
            day,
            wording.format_day(day).replace("\xa0", " "),  # a heading as narrow as its column
            tuple(_start_links(office, service, day, free[day])),
            _describe_closed(office, service, day),
        )
        for day in (monday + timedelta(days=ahead) for ahead in range(_WEEK))
        if day in free
    ]
    can_send = _can_send_codes(office)
    page = render(
        request,
        "web/booking/times.html",
        {
            "office": office,
            "service": service,
            "week": week,
            "title": wording.format_days(week[0].day, week[-1].day),
            "any_free": any(day.starts for day in week),
            "chosen": next((day.day for day in week if day.starts), None),
            "soonest": soonest and _make_link(office, service, soonest, free[soonest][0]),
            "earlier": monday > today and _week_address(office, service, monday - timedelta(days=_WEEK)),
            "later": next_monday <= last and _week_address(office, service, next_monday),
            "open": can_send,
            "watch": _watch_message(office, service, free) if can_send else "",
            "paused": describe_pause(service, today),
            "number": wording.format_office_phone(office),
        },
    )
    return may_be_framed(page, office.settings.frame_origins)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, slug: str, code: str, day: date, at: time) -> HttpResponse:
    """Ask for the person, and book."""
    office = public_office(request, slug)
    start = ChosenStart(office, _find_service(office, code), day, at)
    if not _can_send_codes(office):
        return redirect("book", slug=slug)
    if request.method != "POST":
        return _person_page(request, start, PersonForm(office=office))
    now = clock.now()
    confirmed = hold.phone_confirms(office, now)
    form = PersonForm(request.POST, office=office, calls=not confirmed)
    if not form.is_valid():
        if "phone" in form.errors:
            proof.count_refusal(office.id, now)
        return _person_page(request, start, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    contact: Contact = form.cleaned_data["phone"]
    key = read_key(request.POST)
    if contact.sender in office.numbers:
        form.add_error("phone", _("Toto je číslo úřadu. Napište svoje."))
        return _person_page(request, start, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    stamp = confirmation.stamp_needed(
        request, _describe_form(start, form, key), now, partial(_needs_confirmation, request, office.id, now)
    )
    if stamp:
        return _person_page(request, start, form, HTTPStatus.TOO_MANY_REQUESTS, key=key, stamp=stamp)
    booking_request = BookingRequest(
        Book(code, day, at, form.cleaned_data["name"]),
        "web",
        contact.sender,
        form=key,
        caller=network_of(callers.address_of(request)),
        calls=contact.calls,
    )
    outcome = submit(office.id, booking_request, now)
    if not isinstance(outcome, Booked | Held):
        if isinstance(outcome, LimitReached):
            proof.count_refusal(office.id, now)
        form.add_error(None, describe_outcome(outcome, office) or _("Objednávku nelze založit."))
        return _person_page(request, start, form, HTTPStatus.CONFLICT, outcome)
    # Where the office wants confirmations and could ask for none, its message may be late: the page tells the code.
    told = isinstance(outcome, Booked) and (bool(office.settings.confirm_web) or not contact.sender)
    return redirect(done.address_of(office, outcome.booking, told=told))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel by code and date, as by SMS."""
    office = public_office(request, slug)
    if request.method != "POST":
        return _cancel_page(request, office, CancelForm())
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _cancel_page(request, office, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    now, code, day = clock.now(), form.cleaned_data["code"], form.cleaned_data["day"]
    alarmed = partial(_asks_everybody, office.id, now)
    if stamp := confirmation.stamp_needed(request, f"cancel {office.id} {code} {day}", now, alarmed):
        return _cancel_page(request, office, form, HTTPStatus.TOO_MANY_REQUESTS, stamp=stamp)
    if wait := code_guesses.begin(request, office.id, now):
        words = _("Z vaší sítě přišlo mnoho chybných kódů. Další pokus přijmeme za %(seconds)s s.")
        form.add_error(None, words % {"seconds": callers.seconds(wait)})
        return _cancel_page(request, office, form, HTTPStatus.TOO_MANY_REQUESTS)
    outcome = submit(office.id, BookingRequest(Cancel(code, day), "web"), now)
    if isinstance(outcome, UnknownBooking):
        code_guesses.wrong(request, office.id, now)
    else:
        code_guesses.right(request, office.id)
    if not isinstance(outcome, Cancelled):
        form.add_error(None, describe_outcome(outcome, office))
        return _cancel_page(request, office, form, status=HTTPStatus.CONFLICT)
    return render(request, "web/booking/cancelled.html", {"office": office, "words": describe_outcome(outcome, office)})


def _person_page(
    request: HttpRequest,
    start: ChosenStart,
    form: PersonForm,
    status: HTTPStatus = HTTPStatus.OK,
    outcome: Outcome | None = None,
    **confirmed: Any,
) -> HttpResponse:
    """Return the page; confirmed: `key` and `stamp` of a form that is shown again to be confirmed."""
    context = {
        "office": start.office,
        "service": start.service,
        "when": format_start(start.day, start.at),
        "form": form,
        "key": request.POST.get("key") or uuid4(),
        "instead": _offered_links(start, outcome),
        "week": _week_address(start.office, start.service, _monday_of(start.day)),
        **confirmed,
    }
    if stamp := confirmed.get("stamp"):
        context["challenge"] = proof.challenge(stamp)
    return render(request, "web/booking/person.html", context, status=status)


def _cancel_page(
    request: HttpRequest, office: Office, form: CancelForm, status: HTTPStatus = HTTPStatus.OK, *, stamp: str = ""
) -> HttpResponse:
    context = {"office": office, "form": form, "stamp": stamp, "challenge": proof.challenge(stamp) if stamp else ""}
    return render(request, "web/booking/cancel.html", context, status=status)


def _needs_confirmation(request: HttpRequest, office_id: int, now: datetime) -> bool:
    """Count a booking by the caller's network; return whether it is one too many, or the office asks everybody."""
    if callers.is_official(request, office_id):
        return False
    tallies = rate_limits.hit_all(WEB_BOOKINGS.buckets(callers.address_of(request), office=office_id), now)
    return any(tally.exceeded(now) for tally in tallies) or _asks_everybody(office_id, now)


def _asks_everybody(office_id: int, now: datetime) -> bool:
    return code_guesses.alarmed(office_id, now) or proof.asks_everybody(office_id, now)


def _describe_form(start: ChosenStart, form: PersonForm, key: UUID | None) -> str:
    """Return what tells a form from every other: who books what by it. With other values it is another form."""
    who: Contact = form.cleaned_data["phone"]
    what = f"{start.service.code} {start.day} {start.at} {form.cleaned_data['name']}"
    return f"book {start.office.id} {key} {what} {who.sender or who.calls}"


def _offered_links(start: ChosenStart, outcome: Outcome | None) -> Sequence[StartLink]:
    """Return the times offered instead of a taken one, with their addresses."""
    offers = outcome.offers if isinstance(outcome, SlotFull) else ()
    return [_make_link(start.office, start.service, offer.day, offer.at) for offer in offers]


def _can_send_codes(office: Office) -> bool:
    """Return whether the office can send the code, without which nobody can cancel or check in."""
    first = notify.routes_of(office).first
    return first is not None and (first.gateway in SCREENS or not ceiling.is_reached(office, clock.now()))


def _watch_message(office: Office, service: Service, days: Iterable[date]) -> str:
    """Return a message that joins the waiting list of the first open day; "" when there is none."""
    open_day = next((day for day in days if not _describe_closed(office, service, day)), None)
    return watch_message(service.code, open_day) if open_day else ""


def _find_service(office: Office, code: str) -> Service:
    service = office.service_of.get(code)
    if service is None or service.hidden:
        raise Http404
    return service


def _read_week(request: HttpRequest) -> date | None:
    """Return a day of the requested week. Raises: Http404 for an invalid one."""
    week = request.GET.get("week")
    try:
        return date.fromisoformat(week) if week else None
    except ValueError:
        raise Http404 from None


def _describe_closed(office: Office, service: Service, day: date) -> str:
    closed = starts_of(office, service, day).closed
    if closed is None:
        return ""
    if closed.kind in {"holiday", "closure"}:
        return _("zavřeno: %(why)s") % {"why": describe_closed(office, day, closed)}
    return _("zavřeno")


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _make_link(office: Office, service: Service, day: date, at: time) -> StartLink:
    """Return the link of a start."""
    return StartLink(format_start(day, at), _start_address(office, service, day, at))


def _start_links(office: Office, service: Service, day: date, starts: Sequence[time]) -> Iterator[StartLink]:
    """Yield the links of a day's starts. One address is looked up: each takes long, and only the time differs."""
    if starts:
        to_url = TimeConverter().to_url
        before, _, after = _start_address(office, service, day, starts[0]).rpartition(to_url(starts[0]))
        yield from (StartLink(wording.format_time(at), f"{before}{to_url(at)}{after}") for at in starts)


def _start_address(office: Office, service: Service, day: date, at: time) -> str:
    return reverse("book-person", kwargs={"slug": office.slug, "code": service.code, "day": day, "at": at})


def _week_address(office: Office, service: Service, monday: date) -> str:
    address = reverse("book-times", kwargs={"slug": office.slug, "code": service.code})
    return f"{address}?week={monday.isoformat()}"
