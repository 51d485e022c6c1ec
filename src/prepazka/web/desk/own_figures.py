"""A clerk's own service times, where the office measures them."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prepazka.core.reports.month import services_by_service
from prepazka.core.reports.visits import service_stretches
from prepazka.store import reports
from prepazka.store.statistics import Period
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.service_times import service_times, service_titles

SHOWN = timedelta(days=29)
"""The days before today whose times are shown."""


# docs/spec/reports.md §3: "There clerks see their own times of the last 30 days, and nobody else's"
@staff("clerk")
@require_safe
def own_figures(request: StaffRequest) -> HttpResponse:
    """Show them; there is no such page where the office does not measure."""
    office, who = request.official.office, request.official.who
    if not office.settings.clerk_figures:
        raise Http404
    today = clock.now().astimezone(office.zone).date()
    visits = reports.visits(office, Period(today - SHOWN, today))
    own = [one for visit in visits for one in service_stretches(visit) if one.clerk == who]
    titles = service_titles(office)
    found = [(titles.get(code, code), one) for code, one in services_by_service(own).items()]
    table = service_times("own", _("Doby vyřízení podle činností"), _("Činnost"), found)
    return render(request, "web/desk/own_figures.html", {"office": office, "table": table})
