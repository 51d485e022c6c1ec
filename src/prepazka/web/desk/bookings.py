"""The bookings of a day at the desk: the list, booking and cancelling for a caller, and the paper slip."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.names import name_of
from prepazka.core.booking.outcomes import Booked, SlotFull
from prepazka.core.office.lengths import PERSON_NAME
from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import UNDO_FOR
from prepazka.flows import clerk_inbox
from prepazka.flows.booking import cancel_later
from prepazka.flows.booking.find import find_bookings
from prepazka.flows.booking.next_free import next_free_day
from prepazka.flows.booking.query import free_days
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive
from prepazka.flows.outbound.notify import routes_of
from prepazka.flows.phone_numbers import NotUsable
from prepazka.store import desk as store
from prepazka.store import kiosks, register
from prepazka.web import clock, lost_press, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.booking_states import missed_before
from prepazka.web.dates import parse_date
from prepazka.web.desk.last_press import Undo, pending, remember
from prepazka.web.desk.offer import offered
from prepazka.web.desk.words import describe_check_in
from prepazka.web.idempotency import read_key
from prepazka.web.numbers import Contact, describe, read_typed
from prepazka.web.outcomes import describe_closed_day, describe_outcome, describe_pause
from prepazka.web.post_only import post_only
from prepazka.web.taught import cancel_message
from prepazka.web.wording import format_for_start, format_start

_SOONEST = "soonest"
_MESSAGE = "bookings message"
_LONGEST_SEARCH = 60


class StartField(forms.ChoiceField):
    """A start, or the soonest one. The rules refuse a start taken meanwhile, as they also recognise a repeated form."""

    def valid_value(self, value: Any) -> bool:
        """Accept every time of day."""
        return super().valid_value(value) or bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value))


class CallerForm(forms.Form):
    """Who books, and when; `at` is a start of the chosen day, or the soonest one."""

    at = StartField(
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
        label=gettext_lazy("Telefon"),
        help_text=gettext_lazy(
            "Nepovinný. Na mobil pošleme SMS s kódem a datem. Pevnou linku nebo číslo z jiné země si uložíme jen k "
            "volání."
        ),
        required=False,
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, office: Office, free: Sequence[time], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._office = office
        choices = [(f"{at:%H:%M}", wording.format_time(at)) for at in free]
        self.fields["at"].choices = [(_SOONEST, _("nejbližší volný")), *choices]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Return the name as it is stored."""
        name = name_of(self.cleaned_data["name"])
        if name is None:
            raise forms.ValidationError(
                _("Ve jméně jsou znaky, které neumíme uložit (například číslice). Opravte je prosím.")
            )
        return name

    def clean_phone(self) -> Contact:
        """Return the caller's numbers: one that gets messages, one that is only called, or none."""
        typed = self.cleaned_data["phone"].strip()
        if not typed:
            return Contact()
        number = read_typed(typed)
        if not isinstance(number, NotUsable):
            return Contact(sender=number)
        if number.problem in {"landline", "country"}:
            return Contact(calls=number.number)
        raise forms.ValidationError(describe(number, self._office))


@staff("clerk")
@require_safe
def day(request: StaffRequest) -> HttpResponse:
    """Show the bookings of a day, by default today's."""
    office, now = request.official.office, clock.now()
    today = now.astimezone(office.zone).date()
    on = parse_date(request.GET.get("day"), today)
    register.count(office.id, now, request.official.who, "bookings listed")
    return _list_page(request, on, store.bookings_of_day(office, on))


# docs/spec/safety.md §5.4: "What was typed into a search is not kept"
@staff("clerk")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponseBase:
    """Show what is found of today and the days to come. A name or a number is in no address and in no proxy's log."""
    office, now = request.official.office, clock.now()
    wanted = request.POST.get("find", "").strip()[:_LONGEST_SEARCH]
    if not wanted:
        return redirect("desk-bookings", slug=office.slug)
    today = now.astimezone(office.zone).date()
    register.count(office.id, now, request.official.who, "bookings searched")
    return _list_page(request, today, find_bookings(office, wanted, today), wanted)


def _list_page(request: StaffRequest, on: date, bookings: Sequence[store.DayBooking], wanted: str = "") -> HttpResponse:
    """Show bookings: those of a day, or what was found."""
    office, now = request.official.office, clock.now()
    page = {
        "office": office,
        "on": on,
        "today": now.astimezone(office.zone).date(),
        "title": wording.in_heading(wording.format_for_day(on)),
        "find": wanted,
        "bookings": bookings,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "now": now,
        "missed": missed_before(office, now),
        "message": request.session.pop(_MESSAGE, ""),
        "offer": offered(request),
        "undo": pending(request),
    }
    return render(request, "web/desk/bookings.html", page)


def register_opened(request: StaffRequest, booking: store.DayBooking, what: register.Act) -> None:
    """Register that a booking was opened, and whether it was one of those a search had found."""
    official, now = request.official, clock.now()
    register.note(official.office.id, now, official.who, what, booking.sender, booking=booking.id)
    if "found" in request.GET:
        register.count(official.office.id, now, official.who, "find opened")


@staff("clerk")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponseBase:
    """Book for a caller: first the service and the day, then a free time and the name."""
    office, now = request.official.office, clock.now()
    today = now.astimezone(office.zone).date()
    service = office.service_of.get(request.GET.get("service", ""))
    on = parse_date(request.GET.get("day"), today)
    page: dict[str, Any] = {
        "office": office,
        "service": service,
        "on": on,
        "title": wording.in_heading(wording.format_day(on)),
    }
    thread = _open_thread(request)
    if thread:
        page |= {"message": thread.message.id, "phone": wording.format_phone(thread.message.sender)}
    if service is None:
        return render(request, "web/desk/book.html", page)
    free = free_days(office, service, on, on, now).get(on, ())
    initial = {"phone": page.get("phone", "")}
    form = CallerForm(office, free, request.POST if request.method == "POST" else None, initial=initial)
    page |= {"form": form, "free": free, "key": request.POST.get("key") or uuid4()}
    page["paused"] = describe_pause(service, today)
    page["closed"] = "" if free else describe_closed_day(office, service, on)
    page["next_free"] = None if free else next_free_day(office, service, on, now)
    if request.method != "POST":
        return render(request, "web/desk/book.html", page)
    if not form.is_valid():
        return render(request, "web/desk/book.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    values = form.cleaned_data
    booking = (
        BookSoonest(service.code, values["name"])
        if values["at"] == _SOONEST
        else Book(service.code, on, time.fromisoformat(values["at"]), values["name"])
    )
    contact: Contact = values["phone"]
    form_key, by = read_key(request.POST), request.official.who
    booking_request = BookingRequest(booking, "desk", contact.sender, form=form_key, calls=contact.calls, by=by)
    outcome = submit(office.id, booking_request, now)
    if not isinstance(outcome, Booked):
        form.add_error(None, describe_outcome(outcome, office) or _("Objednávku nelze založit."))
        page["instead"] = (
            [format_start(offer.day, offer.at) for offer in outcome.offers] if isinstance(outcome, SlotFull) else []
        )
        return render(request, "web/desk/book.html", page, status=HTTPStatus.CONFLICT)
    if thread:
        return redirect("desk-inbox-thread", slug=office.slug, message=thread.message.id)
    booked = store.booking_with_code(office, outcome.booking.code, outcome.booking.day)
    assert booked is not None  # noqa: S101 -- it has just been made
    return redirect("desk-slip", slug=office.slug, booking=booked.id)


def _open_thread(request: StaffRequest) -> clerk_inbox.Thread | None:
    """Open the conversation to book for, by the row id of its message: no number stands in an address."""
    message = request.GET.get("message", "")
    if not (message.isdecimal() and len(message) < 19):
        return None
    return clerk_inbox.open_thread(request.official.office.id, int(message), request.official.who, clock.now())


@staff("clerk")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, booking: int) -> HttpResponseBase:
    """Ask whether to cancel, whose booking, and whether to tell them; then cancel for a caller."""
    office = request.official.office
    found = find_booking(office, booking)
    can_tell = bool(found.sender) and routes_of(office).first is not None
    if request.method != "POST":
        when = format_start(found.day, found.at.astimezone(office.zone).time())
        service = office.service_of.get(found.service)
        page = {"office": office, "booking": found, "when": when, "service": service, "can_tell": can_tell}
        register_opened(request, found, "booking opened")
        return render(request, "web/desk/cancel.html", page)
    tell = can_tell and "known" not in request.POST
    now, when = clock.now(), format_for_start(found.day, found.at.astimezone(office.zone).time())
    if not cancel_later.begin(office, found, now, request.official.who, tell=tell):
        return back_to_day(request, found.day, _("Tuto objednávku už zrušit nelze."))
    words = _("Objednávka %(when)s je zrušená.") % {"when": when}
    remember(request, Undo(f"{found.name}: {_('zrušeno')}", "", found.id), now + UNDO_FOR)
    return back_to_day(request, found.day, f"{words} {_('Klientovi pošleme SMS.')}" if tell else words)


@staff("clerk", kept=True)
@post_only
def check_in(request: StaffRequest, booking: int) -> HttpResponseBase:
    """Give out the ticket of a client who is here, with or without the code."""
    office = request.official.office
    found = find_booking(office, booking)
    outcome = arrive.check_in_booking(office.id, found.id, clock.now(), request.official.who)
    response = back_to_day(request, found.day, describe_check_in(outcome, office))
    lost_press.forget(request, response)
    return response


def back_to_day(request: StaffRequest, on: date, words: str) -> HttpResponseBase:
    """Lead back to the bookings of a day, where the sentence is shown."""
    request.session[_MESSAGE] = words
    response = redirect("desk-bookings", slug=request.official.office.slug)
    response["Location"] += f"?day={on.isoformat()}"
    return response


@staff("clerk")
@require_safe
def slip(request: StaffRequest, booking: int) -> HttpResponse:
    """Show a paper slip with code and date, for a client without a phone."""
    office = request.official.office
    found = find_booking(office, booking)
    register_opened(request, found, "slip opened")
    service = office.service_of.get(found.service)
    when = format_start(found.day, found.at.astimezone(office.zone).time())
    page = {
        "office": office,
        "booking": found,
        "calls": wording.format_phone(found.calls) if found.calls else "",
        "service": service,
        "when": when,
        "bring": wording.format_bring(service),
        "kiosk": kiosks.any_of(office.id),
        "phone": wording.format_office_phone(office),
        "cancel": cancel_message(found.code, found.day),
        "address": request.build_absolute_uri(reverse("cancel", kwargs={"slug": office.slug})),
    }
    return render(request, "web/desk/slip.html", page)


def find_booking(office: Office, booking: int) -> store.DayBooking:
    """Return a booking of the office that is not erased. Raises: Http404."""
    found = store.find_booking(office, booking)
    if found is None or not found.name:
        raise Http404
    return found
