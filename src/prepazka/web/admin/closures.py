"""Closures: first the bookings one hits are shown; only then, confirmed, the office shuts and those people are told."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from prepazka import officefile
from prepazka.core.bookings import Booking
from prepazka.core.office import Closure, Office
from prepazka.flows import closing
from prepazka.officefile import shape
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import editing
from prepazka.web.admin.editing import Mistake, Refused, Table, digest, tell
from prepazka.web.admin.forms import ClosureForm
from prepazka.web.admin.parts import list_of
from prepazka.web.admin.shown import shown


@staff("manager")
@require_safe
def closures(request: StaffRequest) -> HttpResponse:
    """All closures, those to come first."""
    office = request.official.office
    today = clock.now().astimezone(office.zone).date()
    found = [
        {
            "number": number,
            "days": wording.days(closure.first, closure.last),
            "hours": wording.stretch(closure.since, closure.until) if closure.since and closure.until else "",
            "agenda": office.agenda_of[closure.agenda].title if closure.agenda is not None else "",
            "reason": closure.reason,
            "over": closure.last < today,
        }
        for number, closure in enumerate(office.closures)
    ]
    found.sort(key=lambda one: bool(one["over"]))
    return shown(request, "closures", "admin-closures", {"closures": found})


@dataclass(frozen=True)
class _Doing:
    """A closure being made or changed: position None is a new one."""

    request: StaffRequest
    position: int | None
    form: ClosureForm
    remove: bool

    @property
    def office(self) -> Office:
        return self.request.official.office

    def change(self, table: Table) -> None:
        """Put it into the office's table."""
        items = list_of(table, "closures")
        if self.position is None:
            items.append(self.form.item())
        elif self.remove:
            del items[self.position]
        else:
            items[self.position] = self.form.item()

    def part(self, table: Table) -> object:
        """What the form was filled from."""
        items = list_of(table, "closures")
        return items[self.position] if self.position is not None and self.position < len(items) else None

    def closure(self) -> Closure:
        """The closure as the checks of the office file read it, with the agenda's own id. Raises: Refused."""
        editing.checked(self.request.official, self.change)
        item = shape.Closure.model_validate(self.form.item())
        keys = {agenda.key: agenda.id for agenda in self.office.agendas}
        agenda = keys[item.agenda] if item.agenda else None
        return Closure(item.first, item.last, item.reason, agenda, item.since, item.until)


@staff("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: StaffRequest, number: int | None = None) -> HttpResponse:
    """Make, change or take back a closure."""
    table = officefile.table(request.official.office)
    items = list_of(table, "closures")
    if number is not None and number >= len(items):
        raise Http404
    old = None if number is None else items[number]
    initial = (old or {}) | {"seen": digest(old)}
    initial |= {edge: str(initial[edge]).zfill(5) for edge in ("since", "until") if edge in initial}
    form = ClosureForm(table, request.POST if request.method == "POST" else None, initial=initial, new=old is None)
    remove = "remove" in request.POST and old is not None
    doing = _Doing(request, number, form, remove)
    if request.method == "POST" and (form.is_valid() or remove):
        answer = _posted(doing)
        if answer:
            return answer
    return shown(
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


def _posted(doing: _Doing) -> HttpResponse | None:
    """The answer; None when the form has mistakes now."""
    request, form = doing.request, doing.form
    seen = [int(one) for one in request.POST.get("hit", "").split(",") if one.isdecimal()]
    confirmed = "confirm" in request.POST
    try:
        shut = None if doing.remove else doing.closure()
        hit = closing.hit(doing.office, shut, clock.now()) if shut else []
        if hit and not confirmed:
            return _ask(doing, hit)

        def then(before: Office) -> None:
            if shut:
                by = (request.official.who, clock.now())
                closing.call_off(before, shut, seen, by, tell="tell" in request.POST)

        editing.change(request.official, doing.change, clock.now(), (doing.part, request.POST.get("seen", "")), then)
    except closing.OthersHit:
        return _ask(doing, closing.hit(doing.office, doing.closure(), clock.now()), again=True)
    except Refused as refused:
        count = len(officefile.table(doing.office)["closures"])
        if doing.remove:
            form.errors.clear()
            tell(form, [Mistake("", one.words) for one in refused.found], "-")
        else:
            tell(form, refused.found, f"closures[{count if doing.position is None else doing.position}]")
        return None
    done = "removed" if doing.remove else "saved"
    return redirect(f"{reverse('admin-closures', args=[doing.office.slug])}?done={done}")


def _ask(doing: _Doing, hit: list[Booking], *, again: bool = False) -> HttpResponse:
    """Show whom the closure hits, and ask what to do."""
    rows = [
        {
            "when": f"{wording.day(booking.day)} {wording.clock(booking.at)}",
            "service": booking.service,
            "name": booking.name,
            "phone": wording.phone(booking.sender) if booking.sender else "",
        }
        for booking in hit
    ]
    context = {
        "form": doing.form,
        "hit": rows,
        "ids": ",".join(str(booking.id) for booking in hit),
        "count": wording.bookings(len(hit)),
        "again": again,
    }
    return shown(doing.request, "closing", "admin-closures", context)
