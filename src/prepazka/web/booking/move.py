"""Moving a booking on the web, by its code and day, as by SMS. One address: no code stands in any."""

from datetime import date, datetime, time, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from prepazka.core.booking.move import MoveByCode
from prepazka.core.booking.outcomes import AlreadyBooked, Moved, SlotFull
from prepazka.core.office.office import Office
from prepazka.flows.booking.query import free_days_to_move
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.store import desk as store
from prepazka.store.desk import DayBooking
from prepazka.web import callers, clock, code_guesses, confirmation, proof, wording
from prepazka.web.booking.forms import CancelForm
from prepazka.web.outcomes import describe_outcome
from prepazka.web.pages import public_office

_WEEK = timedelta(days=7)


class ShownDay(NamedTuple):
    """A day with free starts; starts: the value of each button, and the time it shows."""

    day: date
    title: str
    initials: str
    starts: list[tuple[str, str]]


class _Start(NamedTuple):
    day: date
    at: time


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for code and day, then for another start, then move."""
    office = public_office(request, slug)
    if request.method != "POST":
        return _code_page(request, office, CancelForm())
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _code_page(request, office, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    now, code, day = clock.now(), form.cleaned_data["code"], form.cleaned_data["day"]
    alarmed = partial(_asks_everybody, office.id, now)
    if stamp := confirmation.stamp_needed(request, f"move {office.id} {code} {day}", now, alarmed):
        return _code_page(request, office, form, HTTPStatus.TOO_MANY_REQUESTS, stamp)
    if wait := code_guesses.begin(request, office.id, now):
        words = _("Z vaší sítě přišlo mnoho chybných kódů. Další pokus přijmeme za %(seconds)s s.")
        form.add_error(None, words % {"seconds": callers.seconds(wait)})
        return _code_page(request, office, form, HTTPStatus.TOO_MANY_REQUESTS)
    start = _read_start(request)
    if start:
        return _move(request, office, form, start)
    found = store.booking_with_code(office, code, day)
    if found is None or found.state != "booked":
        return _unknown(request, office, form)
    code_guesses.right(request, office.id)
    return _times_page(request, office, found)


def _move(request: HttpRequest, office: Office, form: CancelForm, start: _Start) -> HttpResponse:
    now, code, day = clock.now(), form.cleaned_data["code"], form.cleaned_data["day"]
    found = store.booking_with_code(office, code, day)
    requested = BookingRequest(
        MoveByCode(code, day, start.day, start.at), "web", found.sender if found else "", confirm=True
    )
    outcome = submit(office.id, requested, now)
    if found is None and not isinstance(outcome, AlreadyBooked):
        return _unknown(request, office, form)
    code_guesses.right(request, office.id)
    if isinstance(outcome, Moved | AlreadyBooked):
        when = wording.format_start(outcome.booking.day, outcome.booking.at)
        return render(request, "web/booking/moved.html", {"office": office, "when": when})
    assert found is not None  # noqa: S101 -- what has no booking was answered above
    words = describe_outcome(outcome, office) or _("Objednávku nelze přesunout.")
    offers = outcome.offers if isinstance(outcome, SlotFull) else ()
    instead = [wording.format_start(offer.day, offer.at) for offer in offers]
    return _times_page(request, office, found, HTTPStatus.CONFLICT, wrong=words, instead=instead)


def _unknown(request: HttpRequest, office: Office, form: CancelForm) -> HttpResponse:
    """Count a wrong code and say so."""
    code_guesses.wrong(request, office.id, clock.now())
    form.add_error(None, _("Objednávku s tímto kódem na tento den nemáme. Zkontrolujte prosím kód i datum."))
    return _code_page(request, office, form, HTTPStatus.CONFLICT)


def _code_page(
    request: HttpRequest, office: Office, form: CancelForm, status: HTTPStatus = HTTPStatus.OK, stamp: str = ""
) -> HttpResponse:
    context = {"office": office, "form": form, "stamp": stamp, "challenge": proof.challenge(stamp) if stamp else ""}
    return render(request, "web/booking/move.html", context, status=status)


def _times_page(
    request: HttpRequest, office: Office, booking: DayBooking, status: HTTPStatus = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    """Show the free starts of a week, each a button; `week` is any day of it."""
    service, now = office.service_of.get(booking.service), clock.now()
    today = now.astimezone(office.zone).date()
    last = today + timedelta(days=office.settings.horizon_days)
    free = free_days_to_move(office, service, today, last, now) if service else {}
    first = max(today, _read_day(request.POST.get("week")) or next((day for day in free if free[day]), today))
    monday = first - timedelta(days=first.weekday())
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    context = {
        "office": office,
        "booking": booking,
        "service": service,
        "when": wording.format_start(booking.day, booking.at.astimezone(office.zone).time()),
        "week": [
            ShownDay(
                day,
                wording.format_day(day),
                wording.format_initials(day),
                [(f"{day} {at:%H:%M}", wording.format_time(at)) for at in free[day]],
            )
            for day in days
            if free.get(day)
        ],
        "chosen": next((day for day in days if free.get(day)), None),
        "title": wording.format_days(days[0], days[-1]),
        "earlier": monday > today and monday - _WEEK,
        "later": monday + _WEEK <= last and monday + _WEEK,
        **more,
    }
    return render(request, "web/booking/move_times.html", context, status=status)


def _read_start(request: HttpRequest) -> _Start | None:
    """Return the start of the pressed button; None where none was pressed."""
    day, _space, at = request.POST.get("start", "").partition(" ")
    try:
        return _Start(date.fromisoformat(day), datetime.strptime(at, "%H:%M").time())  # noqa: DTZ007 -- a wall time
    except ValueError:
        return None


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _asks_everybody(office_id: int, now: datetime) -> bool:
    return code_guesses.alarmed(office_id, now) or proof.asks_everybody(office_id, now)
