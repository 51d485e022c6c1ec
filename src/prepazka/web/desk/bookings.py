"""The day's bookings at the desk: the list, booking and cancelling for a caller, and the paper slip."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.names import name_of
from prepazka.core.booking.outcomes import Booked, SlotFull
from prepazka.core.minutes import YEARS
from prepazka.core.office.lengths import PERSON_NAME
from prepazka.core.office.office import Office
from prepazka.flows import clerk_inbox
from prepazka.flows.booking.query import free_days
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.phone_numbers import e164, replyable
from prepazka.store import desk as store
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.idempotency import key_in
from prepazka.web.outcomes import moment, words

_SOONEST = "soonest"
_SAID = "bookings said"


class Start(forms.ChoiceField):
    """A start, or the soonest. One taken meanwhile is for the rules to refuse, which know of a double press."""

    def valid_value(self, value: Any) -> bool:
        """Whatever is a time of day."""
        return super().valid_value(value) or bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value))


class Caller(forms.Form):
    """Whose booking it is, and when; `at` is a start of the chosen day, or the soonest there is."""

    at = Start(
        label=gettext_lazy("Čas"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Vyberte čas."), "invalid_choice": gettext_lazy("Vyberte čas.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Jméno a příjmení"),
        max_length=PERSON_NAME,
        error_messages={"required": gettext_lazy("Napište jméno.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobilní telefon"),
        help_text=gettext_lazy("Nepovinný. Na uvedené číslo pošleme SMS s kódem a datem."),
        required=False,
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, free: Sequence[time], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{at:%H:%M}", wording.clock(at)) for at in free]
        self.fields["at"].choices = [(_SOONEST, _("nejbližší volný")), *choices]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """As it is kept."""
        name = name_of(self.cleaned_data["name"])
        if name is None:
            raise forms.ValidationError(_("Jméno může obsahovat jen písmena, mezery, spojovník, tečku a apostrof."))
        return name

    def clean_phone(self) -> str:
        """In E.164; "" for a caller who gives none."""
        if not self.cleaned_data["phone"].strip():
            return ""
        number = e164(self.cleaned_data["phone"])
        if not replyable(number):
            raise forms.ValidationError(_("Toto není telefonní číslo. Napište ho například jako 777 123 456."))
        return number


@staff("clerk")
@require_safe
def day(request: StaffRequest) -> HttpResponse:
    """The bookings of a day, today's unless another is asked for."""
    office, now = request.official.office, clock.now()
    today = now.astimezone(office.zone).date()
    on = _date(request.GET.get("day"), today)
    return render(
        request,
        "web/desk/bookings.html",
        {
            "office": office,
            "on": on,
            "title": wording.day(on),
            "bookings": store.day(office, on),
            "before": on - timedelta(days=1),
            "after": on + timedelta(days=1),
            "now": now,
            "said": request.session.pop(_SAID, ""),
        },
    )


@staff("clerk")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponseBase:
    """Book for a caller: first the service and the day, then a free time and the name."""
    office, now = request.official.office, clock.now()
    today = now.astimezone(office.zone).date()
    service = office.service_of.get(request.GET.get("service", ""))
    on = _date(request.GET.get("day"), today)
    page: dict[str, Any] = {"office": office, "service": service, "on": on, "title": wording.day(on)}
    asked = _asked_by(request)
    if asked:
        page |= {"message": asked.message.id, "phone": wording.phone(asked.message.sender)}
    if service is None:
        return render(request, "web/desk/book.html", page)
    free = free_days(office, service, on, on, now).get(on, ())
    initial = {"phone": page.get("phone", "")}
    form = Caller(free, request.POST if request.method == "POST" else None, initial=initial)
    page |= {"form": form, "free": free, "key": request.POST.get("key") or uuid4()}
    if request.method != "POST":
        return render(request, "web/desk/book.html", page)
    if not form.is_valid():
        return render(request, "web/desk/book.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = form.cleaned_data
    ask = (
        BookSoonest(service.code, said["name"])
        if said["at"] == _SOONEST
        else Book(service.code, on, time.fromisoformat(said["at"]), said["name"])
    )
    outcome = submit(office.id, BookingRequest(ask, "desk", said["phone"], form=key_in(request.POST)), now)
    if not isinstance(outcome, Booked):
        form.add_error(None, words(outcome, office) or _("Objednávku nelze založit."))
        page["instead"] = [moment(o.day, o.at) for o in outcome.offers] if isinstance(outcome, SlotFull) else []
        return render(request, "web/desk/book.html", page, status=HTTPStatus.CONFLICT)
    if asked:
        return redirect("desk-inbox-thread", slug=office.slug, message=asked.message.id)
    made = store.last(office, outcome.booking.code, outcome.booking.day)
    assert made is not None  # noqa: S101 -- it has just been made
    return redirect("desk-slip", slug=office.slug, booking=made.id)


def _asked_by(request: StaffRequest) -> clerk_inbox.Thread | None:
    """The conversation somebody is booked for, by the id of its message: no number stands in an address."""
    message = request.GET.get("message", "")
    if not (message.isdecimal() and len(message) < 19):
        return None
    return clerk_inbox.open_thread(request.official.office.id, int(message), request.official.who, clock.now())


@staff("clerk")
@require_POST
def cancel(request: StaffRequest, booking: int) -> HttpResponseBase:
    """Cancel for a caller, by the function every channel uses."""
    office = request.official.office
    found = _booking(office, booking)
    outcome = submit(office.id, BookingRequest(Cancel(found.code, found.day), "desk"), clock.now())
    request.session[_SAID] = words(outcome, office)
    response = redirect("desk-bookings", slug=office.slug)
    response["Location"] += f"?day={found.day.isoformat()}"
    return response


@staff("clerk")
@require_safe
def slip(request: StaffRequest, booking: int) -> HttpResponse:
    """A paper slip with code and date, for a client without a phone."""
    office = request.official.office
    found = _booking(office, booking)
    service = office.service_of.get(found.service)
    when = moment(found.day, found.at.astimezone(office.zone).time())
    page = {"office": office, "booking": found, "service": service, "when": when}
    return render(request, "web/desk/slip.html", page)


def _booking(office: Office, booking: int) -> store.DayBooking:
    found = store.one(office, booking)
    if found is None or not found.name:
        raise Http404
    return found


def _date(text: str | None, otherwise: date) -> date:
    """The day of an address; another for what is none, or lies where the calendar has no day beside it."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return day if YEARS[0] <= day.year < YEARS[1] else otherwise
