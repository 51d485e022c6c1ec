"""The way of a booking on the web, each step a page of its own that works without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from http import HTTPStatus
from uuid import uuid4

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from limits import RateLimitItemPerHour

from prepazka.core.booking.book import Book
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.outcomes import Booked, Cancelled, Outcome, SlotFull, UnknownBooking
from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Office, Service
from prepazka.flows.booking.query import free_days
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.outbound import notify
from prepazka.web import clock, wording
from prepazka.web.access import address as address_of
from prepazka.web.booking.forms import Code, Person
from prepazka.web.idempotency import key_in
from prepazka.web.outcomes import moment, reason, words
from prepazka.web.pages import office_at
from prepazka.web.rate_limits import limiter

_WEEK = 7
# Bookings and wrong codes from one address. A library's computers share one, so not too few.
_BOOKINGS = RateLimitItemPerHour(20)
_WRONG_CODES = RateLimitItemPerHour(5)
# How long the page that says what was booked can be looked at again, in seconds.
_SHOWN = 15 * 60
_SALT = "booked"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week view: its free starts, each with its address; closed: why nobody is served, "" when one is."""

    day: date
    title: str
    starts: tuple[tuple[str, str], ...]
    closed: str


@dataclass(frozen=True, slots=True)
class Start:
    """A chosen start of a service."""

    office: Office
    service: Service
    day: date
    at: time


@require_safe
def services(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be booked."""
    office = office_at(slug)
    agendas = [
        (agenda.title, [service for service in office.services if service.agenda == agenda.id])
        for agenda in office.agendas
    ]
    shown = [(title, found) for title, found in agendas if found]
    return render(request, "web/booking/services.html", {"office": office, "agendas": shown, "open": _open(office)})


@never_cache
@require_safe
def times(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The free times of a service, week by week; first the week in which there is something free."""
    office = office_at(slug)
    service = _service(office, code)
    now = clock.now()
    today = now.astimezone(office.zone).date()
    last = today + timedelta(days=office.settings.horizon_days)
    free = free_days(office, service, today, last, now)
    soonest = next((day for day in free if free[day]), None)
    monday = _monday(_asked(request) or soonest or today)
    if not _monday(today) <= monday <= last:
        raise Http404
    next_monday = monday + timedelta(days=_WEEK)
    week = [
        Day(
            day,
            wording.day(day).replace("\xa0", " "),  # a heading as narrow as its column
            tuple((wording.clock(at), _address(office, service, day, at)) for at in free[day]),
            _closed(office, service, day),
        )
        for day in (monday + timedelta(days=ahead) for ahead in range(_WEEK))
        if day in free
    ]
    return render(
        request,
        "web/booking/times.html",
        {
            "office": office,
            "service": service,
            "week": week,
            "title": wording.days(week[0].day, week[-1].day),
            "any_free": any(day.starts for day in week),
            "soonest": soonest and _link(office, service, soonest, free[soonest][0]),
            "earlier": monday > today and _week_address(office, service, monday - timedelta(days=_WEEK)),
            "later": next_monday <= last and _week_address(office, service, next_monday),
            "open": _open(office),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, slug: str, code: str, day: date, at: time) -> HttpResponse:
    """Whose booking it is; then it is made."""
    office = office_at(slug)
    start = Start(office, _service(office, code), day, at)
    if not _open(office):
        return redirect("book", slug=slug)
    if request.method != "POST":
        return _ask(request, start, Person())
    form = Person(request.POST)
    if not form.is_valid():
        return _ask(request, start, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if not limiter.hit(_BOOKINGS, "booking", address_of(request)):
        form.add_error(None, _("Z vašeho připojení přišlo mnoho objednávek. Zkuste to za hodinu, nebo pošlete SMS."))
        return _ask(request, start, form, HTTPStatus.TOO_MANY_REQUESTS)
    phone = form.cleaned_data["phone"]
    if phone in office.numbers:
        form.add_error("phone", _("Toto je číslo úřadu. Napište svoje."))
        return _ask(request, start, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted = BookingRequest(Book(code, day, at, form.cleaned_data["name"]), "web", phone, form=key_in(request.POST))
    outcome = submit(office.id, wanted, clock.now())
    if not isinstance(outcome, Booked):
        form.add_error(None, words(outcome, office) or _("Objednávku nelze založit."))
        return _ask(request, start, form, HTTPStatus.CONFLICT, outcome)
    shown = signing.dumps([code, day.isoformat(), f"{at:%H:%M}", phone[-3:]], salt=_SALT, compress=True)
    return redirect(f"{reverse('booked', kwargs={'slug': slug})}?o={shown}")


@never_cache
@require_safe
def booked(request: HttpRequest, slug: str) -> HttpResponse:
    """What was booked. The code is not shown: whoever has the phone has the booking."""
    office = office_at(slug)
    try:
        code, day, at, digits = signing.loads(request.GET.get("o", ""), salt=_SALT, max_age=_SHOWN)
        service = _service(office, code)
        when = moment(date.fromisoformat(day), time.fromisoformat(at))
    except (signing.BadSignature, ValueError):
        return redirect("book", slug=slug)
    return render(
        request,
        "web/booking/booked.html",
        {"office": office, "service": service, "when": when, "digits": digits, "bring": wording.bring(service)},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel by code and date, as by SMS."""
    office = office_at(slug)
    if request.method != "POST":
        return _ask_code(request, office, Code())
    form = Code(request.POST)
    if not form.is_valid():
        return _ask_code(request, office, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    who = address_of(request)
    if not limiter.test(_WRONG_CODES, "cancel", who):
        form.add_error(None, _("Příliš mnoho chybných kódů. Zkuste to prosím za hodinu, nebo zavolejte na úřad."))
        return _ask_code(request, office, form, status=HTTPStatus.TOO_MANY_REQUESTS)
    outcome = submit(
        office.id, BookingRequest(Cancel(form.cleaned_data["code"], form.cleaned_data["day"]), "web"), clock.now()
    )
    if isinstance(outcome, UnknownBooking):
        limiter.hit(_WRONG_CODES, "cancel", who)
    if not isinstance(outcome, Cancelled):
        form.add_error(None, words(outcome, office))
        return _ask_code(request, office, form, status=HTTPStatus.CONFLICT)
    return render(request, "web/booking/cancelled.html", {"office": office, "words": words(outcome, office)})


def _ask(
    request: HttpRequest,
    start: Start,
    form: Person,
    status: HTTPStatus = HTTPStatus.OK,
    outcome: Outcome | None = None,
) -> HttpResponse:
    context = {
        "office": start.office,
        "service": start.service,
        "when": moment(start.day, start.at),
        "form": form,
        "key": request.POST.get("key") or uuid4(),
        "instead": _instead(start, outcome),
        "week": _week_address(start.office, start.service, _monday(start.day)),
    }
    return render(request, "web/booking/person.html", context, status=status)


def _ask_code(request: HttpRequest, office: Office, form: Code, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return render(request, "web/booking/cancel.html", {"office": office, "form": form}, status=status)


def _instead(start: Start, outcome: Outcome | None) -> Sequence[tuple[str, str]]:
    """The times offered in place of a taken one, each with its address."""
    offers = outcome.offers if isinstance(outcome, SlotFull) else ()
    return [_link(start.office, start.service, offer.day, offer.at) for offer in offers]


def _open(office: Office) -> bool:
    """Whether the office can send the code: without it a booking could be neither cancelled nor checked in."""
    return notify.routes_of(office).first is not None


def _service(office: Office, code: str) -> Service:
    service = office.service_of.get(code)
    if service is None:
        raise Http404
    return service


def _asked(request: HttpRequest) -> date | None:
    """The week asked for. Raises: Http404 for what is no day."""
    given = request.GET.get("week")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Http404 from None


def _closed(office: Office, service: Service, day: date) -> str:
    why = starts(office, office.agenda_of[service.agenda], day).closed
    if why is None:
        return ""
    if why.kind in {"holiday", "closure"}:
        return _("zavřeno: %(why)s") % {"why": reason(office, day, why)}
    return _("zavřeno")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _link(office: Office, service: Service, day: date, at: time) -> tuple[str, str]:
    """A start as it is shown, and its address."""
    return moment(day, at), _address(office, service, day, at)


def _address(office: Office, service: Service, day: date, at: time) -> str:
    return reverse("book-person", kwargs={"slug": office.slug, "code": service.code, "day": day, "at": at})


def _week_address(office: Office, service: Service, monday: date) -> str:
    address = reverse("book-times", kwargs={"slug": office.slug, "code": service.code})
    return f"{address}?week={monday.isoformat()}"


class DayInAddress:
    """A day in an address: `2026-08-10`."""

    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        """Raises: ValueError, which is a page not found."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """As it stands in the address."""
        return value.isoformat()


class TimeInAddress:
    """A time of day in an address: `14-00`."""

    regex = r"\d\d-\d\d"

    def to_python(self, value: str) -> time:
        """Raises: ValueError, which is a page not found."""
        return time.fromisoformat(value.replace("-", ":"))

    def to_url(self, value: time) -> str:
        """As it stands in the address."""
        return f"{value:%H-%M}"
