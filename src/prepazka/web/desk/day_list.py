"""The day without the system, at the desk: the list to print, paper numbers, and who came, entered afterwards."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.actor import Actor
from prepazka.flows.counters.day_list import can_be_entered, day_lists, enter_arrivals
from prepazka.store import desk as store
from prepazka.store import register
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.day_list import NotDelivered, Target, deliver, describe, targets
from prepazka.web.post_only import post_only

_TARGETS: dict[Target, object] = {
    "folder": _("složka na serveru"),
    "email": _("e-mail"),
    "printer": _("tiskárna"),
}
_NUMBERS = 60
"""Paper numbers of an agenda, unless more are asked for; beyond the most, paper is quicker by hand."""
_MOST_NUMBERS = 500


@staff("clerk")
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show the lists of today and tomorrow as one page to print."""
    office, now = request.official.office, clock.now()
    register.count(office.id, now, request.official.who, "bookings listed")
    context = {
        "office": office,
        "days": describe(day_lists(office, now)),
        "made": now.astimezone(office.zone),
        "targets": [_TARGETS[target] for target in targets(office)],
        "sent": request.GET.get("sent", ""),
    }
    return render(request, "web/desk/day_list.html", context)


@staff("manager")
@post_only
def send(request: StaffRequest) -> HttpResponse:
    """Bring the lists now to where the office wants them each morning."""
    office, result = request.official.office, "done"
    for target in targets(office):
        try:
            deliver(office, target, clock.now())
        except NotDelivered:
            result = target
    return redirect(f"{reverse('desk-day-list', args=[office.slug])}?sent={result}")


@staff("clerk")
@require_safe
def paper_numbers(request: StaffRequest) -> HttpResponse:
    """Show numbers to print and cut up, for each agenda as many as are asked for."""
    office, asked = request.official.office, request.GET.get("count", "")
    count = min(int(asked), _MOST_NUMBERS) if asked.isascii() and asked.isdecimal() and int(asked[:6]) else _NUMBERS
    rolls = [(agenda.title, agenda.queue.prefix, range(1, count + 1)) for agenda in office.agendas]
    return render(request, "web/desk/paper_numbers.html", {"office": office, "rolls": rolls, "count": count})


@staff("clerk")
@require_http_methods(["GET", "HEAD", "POST"])
def arrivals(request: StaffRequest) -> HttpResponse:
    """Show a day's booked people with a tick for who came, and enter them."""
    office, now = request.official.office, clock.now()
    today = now.astimezone(office.zone).date()
    day = _read_day(request.GET.get("day") or request.POST.get("day") or "", today)
    entered = None
    if request.method == "POST":
        came = {int(one) for one in request.POST.getlist("came") if one.isascii() and one.isdecimal()}
        entered = enter_arrivals(office.id, day, came, Actor(request.official.who, now))
    register.count(office.id, now, request.official.who, "bookings listed")
    bookings = [one for one in store.bookings_of_day(office, day) if one.state == "booked"]
    rows = [
        (one, wording.format_time(one.at.astimezone(office.zone).time()), can_be_entered(one, now)) for one in bookings
    ]
    context = {
        "office": office,
        "day": day,
        "title": wording.in_heading(wording.format_day(day)),
        "rows": rows,
        "entered": entered,
    }
    context["open"] = any(enterable for _one, _at, enterable in rows)
    return render(request, "web/desk/arrivals.html", context)


def _read_day(text: str, today: date) -> date:
    """Return the day that was asked for, today for none or one to come."""
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today
