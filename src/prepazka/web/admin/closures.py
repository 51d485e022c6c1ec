"""Closures: a page first shows the displaced bookings; once confirmed, it cancels them and notifies the people."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from prepazka import officefile
from prepazka.core.office.office import Office
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.closure_forms import END_OF_DAY, CloseNowForm, ClosureForm
from prepazka.web.admin.displaced import PendingChange, change_or_confirm
from prepazka.web.admin.editing import ChangeRefused, Mistake, OfficeDocument, SeenPart, add_errors, digest
from prepazka.web.admin.page import office_page
from prepazka.web.admin.parts import add_once, get_list


@staff("manager")
@require_safe
def closures(request: StaffRequest) -> HttpResponse:
    """Show all closures, the past ones last."""
    office = request.official.office
    today = clock.now().astimezone(office.zone).date()
    rows = [
        {
            "number": number,
            "days": wording.format_days(closure.first, closure.last),
            "hours": wording.format_time_range(closure.since, closure.until) if closure.since and closure.until else "",
            "agenda": office.agenda_of[closure.agenda].title if closure.agenda is not None else "",
            "reason": closure.reason,
            "over": closure.last < today,
        }
        for number, closure in enumerate(office.closures)
    ]
    rows.sort(key=lambda row: bool(row["over"]))
    return office_page(request, "closures", "admin-closures", {"closures": rows})


@staff("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: StaffRequest, number: int | None = None) -> HttpResponse:
    """Make, change or remove a closure."""
    document = officefile.to_document(request.official.office)
    items = get_list(document, "closures")
    if number is not None and number >= len(items):
        raise Http404
    old = None if number is None else items[number]
    initial = (old or {}) | {"seen": digest(old)}
    initial |= {edge: str(initial[edge]).zfill(5) for edge in ("since", "until") if edge in initial}
    form = ClosureForm(document, request.POST if request.method == "POST" else None, initial=initial, new=old is None)
    remove = "remove" in request.POST and old is not None
    if request.method == "POST" and (form.is_valid() or remove):
        response = _apply_change(request, number, form, remove=remove)
        if response:
            return response
    return office_page(
        request,
        "part",
        "admin-closures",
        {
            "form": form,
            "title": _("Uzavření") if old else _("Nové uzavření"),
            "back": "admin-closures",
            "old": old,
        },
    )


# docs/spec/counters.md §9: "Closing now is a closure from this minute to the end of the day"
@staff("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def close_now(request: StaffRequest) -> HttpResponse:
    """Close the office or an agenda for the rest of the day; those booked are shown first, and told."""
    office = request.official.office
    data = request.POST if request.method == "POST" else None
    at = clock.now().astimezone(office.zone)
    form = CloseNowForm(officefile.to_document(office), data, initial={"seen": digest(None)}, at=at)
    if request.method == "POST" and form.is_valid():
        if _is_closed(office, at, form.cleaned_data["agenda"]):  # pressed twice, or by two managers
            return _tell_done(request, "saved")
        response = _apply_change(request, None, form, remove=False)
        if response:
            return response
    return office_page(request, "close_now", "admin-hall", {"form": form})


def _is_closed(office: Office, at: datetime, agenda: str) -> bool:
    """Whether the office, or this agenda of it, is closed already from now to the end of the day."""
    return any(
        closure.first <= at.date() <= closure.last
        and (closure.since is None or closure.since <= at.time())
        and (closure.until is None or closure.until >= END_OF_DAY)
        and (closure.agenda is None or office.agenda_of[closure.agenda].key == agenda)
        for closure in office.closures
    )


def _apply_change(
    request: StaffRequest, position: int | None, form: ClosureForm, *, remove: bool
) -> HttpResponse | None:
    """Apply the form and return the response; None when the form has mistakes. position: None for a new closure."""
    office = request.official.office

    def edit(document: OfficeDocument) -> None:
        items = get_list(document, "closures")
        if position is None:
            add_once(document, lambda whole: get_list(whole, "closures"), form.item())
        elif remove:
            del items[position]
        else:
            items[position] = form.item()

    def read_part(document: OfficeDocument) -> object:
        items = get_list(document, "closures")
        return items[position] if position is not None and position < len(items) else None

    reason = "" if remove else str(form.cleaned_data["reason"])
    seen = SeenPart(read_part, request.POST.get("seen", ""))
    try:
        reasons = {} if remove else form.item()["reasons"]
        pending = PendingChange(request, form, "admin-closures", edit, seen, closure=reason, reasons=reasons)
        confirmation = change_or_confirm(pending)
    except ChangeRefused as refused:
        if remove:
            form.errors.clear()
            add_errors(form, [Mistake("", mistake.words) for mistake in refused.mistakes], "-")
        else:
            count = len(officefile.to_document(office)["closures"])
            add_errors(form, refused.mistakes, f"closures[{count if position is None else position}]")
        return None
    return confirmation or _tell_done(request, "removed" if remove else "saved")


def _tell_done(request: StaffRequest, done: str) -> HttpResponse:
    """Go back to the list, which says what was done; done: where no bookings were cancelled."""
    if request.POST.get("confirm") == "call_off":
        done = "told" if "tell" in request.POST else "called_off"
    return redirect(f"{reverse('admin-closures', args=[request.official.office.slug])}?done={done}")
