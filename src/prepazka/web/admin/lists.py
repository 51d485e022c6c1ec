"""The pages that show an office's numbers, agendas with their hours, services and counters."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from prepazka import officefile
from prepazka.officefile.reading import WEEKDAYS
from prepazka.web import wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import displaced
from prepazka.web.admin.editing import ChangeRefused, Table, digest, tell
from prepazka.web.admin.forms import OfficeForm
from prepazka.web.admin.page import office_page
from prepazka.web.admin.parts import AGENDAS, COUNTERS, SERVICES, Part, order_of


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: StaffRequest) -> HttpResponse:
    """The office itself, and its numbers."""
    table = officefile.table(request.official.office)
    old = _itself(table)
    form = OfficeForm(
        table, request.POST if request.method == "POST" else None, initial=old | {"seen": digest(old)}, new=False
    )

    def change(table: Table) -> None:
        table["office"] |= form.item()

    if request.method == "POST" and form.is_valid():
        try:
            asked = displaced.change(
                displaced.Changing(request, form, "admin-office", change, (_itself, form.cleaned_data["seen"]))
            )
        except ChangeRefused as refused:
            tell(form, refused.found, "office")
        else:
            return asked or redirect(f"{reverse('admin-office', args=[request.official.office.slug])}?done=saved")
    numbers = [
        (number, wording.phone(number), request.official.office.gateways.get(number, ""))
        for number in request.official.office.numbers
    ]
    return office_page(request, "office", "admin-office", {"form": form, "numbers": numbers})


def _itself(table: Table) -> dict[str, object]:
    return {name: value for name, value in table["office"].items() if name != "numbers"}


@staff("administrator")
@require_safe
def agendas(request: StaffRequest) -> HttpResponse:
    """The agendas with their hours and extra days."""
    table = officefile.table(request.official.office)
    return office_page(
        request, "agendas", "admin-agendas", {"agendas": agendas_of(table), "seen": _seen(request, AGENDAS)}
    )


def agendas_of(table: Table) -> list[dict[str, Any]]:
    """The agendas as their page shows them."""
    return [
        {
            "agenda": agenda,
            "rules": [_hours(rule) for rule in agenda.get("rules", [])],
            "extra_days": [
                {"day": wording.day(extra["day"]), **_hours(extra)} for extra in agenda.get("extra_days", [])
            ],
        }
        for agenda in table["agendas"]
    ]


def _hours(hours: dict[str, Any]) -> dict[str, Any]:
    since, until = hours.get("valid_from"), hours.get("valid_to")
    return {
        "days": ", ".join(str(wording.WEEKDAYS[WEEKDAYS.index(one)]) for one in hours.get("days", [])),
        "hours": f"{hours['opens']}–{hours['closes']}",
        "breaks": ", ".join(one.replace("-", "–") for one in hours.get("breaks", [])),
        "step": hours["step"],
        "lanes": hours["lanes"],
        "since": wording.day(since) if since else "",
        "until": wording.day(until) if until else "",
    }


@staff("administrator")
@require_safe
def services(request: StaffRequest) -> HttpResponse:
    """The services."""
    titles = request.official.office.agenda_of
    found = [(service, titles[service.agenda].title) for service in request.official.office.services]
    return office_page(request, "services", "admin-services", {"services": found, "seen": _seen(request, SERVICES)})


@staff("administrator")
@require_safe
def counters(request: StaffRequest) -> HttpResponse:
    """The counters."""
    titles = request.official.office.agenda_of
    found = [
        (counter, ", ".join(titles[agenda].title for agenda in counter.agendas))
        for counter in request.official.office.counters
    ]
    return office_page(request, "counters", "admin-counters", {"counters": found, "seen": _seen(request, COUNTERS)})


@staff("administrator")
@require_safe
def answers(request: StaffRequest) -> HttpResponse:
    """The saved answers of the clerk's inbox."""
    return office_page(request, "answers", "admin-answers")


def _seen(request: StaffRequest, part: Part) -> str:
    """The order as the page shows it, for whoever changes it."""
    return digest(order_of(part, officefile.table(request.official.office)))
