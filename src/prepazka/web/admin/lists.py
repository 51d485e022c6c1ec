"""The pages that list an office's numbers, agendas with their hours, services and counters."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from prepazka import officefile
from prepazka.core.office.office import Service
from prepazka.officefile.reading import WEEKDAYS
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import displaced, doubts
from prepazka.web.admin.editing import ChangeRefused, OfficeDocument, SeenPart, add_errors, digest
from prepazka.web.admin.forms import OfficeForm
from prepazka.web.admin.page import office_page
from prepazka.web.admin.parts import AGENDAS, COUNTERS, SERVICES, Part, list_names


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: StaffRequest) -> HttpResponse:
    """Show and change the office itself; list its numbers."""
    document = officefile.to_document(request.official.office)
    old = _office_section(document)
    form = OfficeForm(
        document, request.POST if request.method == "POST" else None, initial=old | {"seen": digest(old)}, new=False
    )

    def edit(document: OfficeDocument) -> None:
        document["office"] |= form.item()

    if request.method == "POST" and form.is_valid():
        try:
            seen = SeenPart(_office_section, form.cleaned_data["seen"])
            pending = displaced.PendingChange(request, form, "admin-office", edit, seen)
            confirmation = displaced.change_or_confirm(pending)
        except ChangeRefused as refused:
            add_errors(form, refused.mistakes, "office")
        else:
            return confirmation or redirect(
                f"{reverse('admin-office', args=[request.official.office.slug])}?done=saved"
            )
    numbers = [
        (number, wording.format_phone(number), request.official.office.gateways.get(number, ""))
        for number in request.official.office.numbers
    ]
    return office_page(request, "office", "admin-office", {"form": form, "numbers": numbers})


def _office_section(document: OfficeDocument) -> dict[str, object]:
    return {name: value for name, value in document["office"].items() if name != "numbers"}


@staff("administrator")
@require_safe
def agendas(request: StaffRequest) -> HttpResponse:
    """Show the agendas with their hours and extra days."""
    document = officefile.to_document(request.official.office)
    return office_page(
        request,
        "agendas",
        "admin-agendas",
        {
            "agendas": list_agendas(document),
            "seen": _order_digest(request, AGENDAS),
            "doubts": list(doubts.of_agendas(request.official.office)),
        },
    )


def list_agendas(document: OfficeDocument) -> list[dict[str, Any]]:
    """Return the agendas as their page shows them."""
    return [
        {
            "agenda": agenda,
            "like": [
                (other["key"], other["title"])
                for other in document["agendas"]
                if other.get("rules") and other.get("rules") != agenda.get("rules")
            ],
            "rules": [describe_hours(rule) for rule in agenda.get("rules", [])],
            "extra_days": [
                {"day": wording.format_day(extra["day"]), **describe_hours(extra)}
                for extra in agenda.get("extra_days", [])
            ],
        }
        for agenda in document["agendas"]
    ]


def describe_hours(hours: dict[str, Any]) -> dict[str, Any]:
    """Return a time of opening as pages show it."""
    since, until = hours.get("valid_from"), hours.get("valid_to")
    return {
        "days": ", ".join(str(wording.WEEKDAYS[WEEKDAYS.index(day)]) for day in hours.get("days", [])),
        "hours": f"{hours['opens']}–{hours['closes']}",
        "breaks": ", ".join(text.replace("-", "–") for text in hours.get("breaks", [])),
        "step": hours["step"],
        "lanes": hours["lanes"],
        "since": wording.format_day(since) if since else "",
        "until": wording.format_day(until) if until else "",
    }


@staff("administrator")
@require_safe
def services(request: StaffRequest) -> HttpResponse:
    """Show the services."""
    office = request.official.office
    today = clock.now().astimezone(office.zone).date()
    found = [
        (service, office.agenda_of[service.agenda].title, _describe_limits(service, today))
        for service in office.services
    ]
    odd = list(doubts.of_services(office, today))
    context = {"services": found, "seen": _order_digest(request, SERVICES), "doubts": odd}
    return office_page(request, "services", "admin-services", context)


def _describe_limits(service: Service, today: date) -> str:
    """Return what stands in the way of booking the service, "" for nothing."""
    days = [str(wording.WEEKDAYS[day]) for day in service.weekdays]
    since = service.paused_from and wording.format_date(service.paused_from)
    paused = _("pozastavená od %(day)s") if service.is_paused(today) else _("bude pozastavená od %(day)s")
    return ", ".join(
        [
            *([_("jen %(days)s") % {"days": wording.join_words(days)}] if days else []),
            *([paused % {"day": since}] if since else []),
            *([_("není na webu")] if service.hidden else []),
        ]
    )


@staff("administrator")
@require_safe
def counters(request: StaffRequest) -> HttpResponse:
    """Show the counters."""
    titles = request.official.office.agenda_of
    found = [
        (counter, ", ".join(titles[agenda].title for agenda in counter.agendas))
        for counter in request.official.office.counters
    ]
    odd = list(doubts.of_counters(request.official.office))
    context = {"counters": found, "seen": _order_digest(request, COUNTERS), "doubts": odd}
    return office_page(request, "counters", "admin-counters", context)


@staff("administrator")
@require_safe
def answers(request: StaffRequest) -> HttpResponse:
    """Show the saved answers of the clerk's inbox."""
    return office_page(request, "answers", "admin-answers")


def _order_digest(request: StaffRequest, part: Part) -> str:
    """Return a digest of the order that the page shows, for an official who changes it."""
    return digest(list_names(part, officefile.to_document(request.official.office)))
