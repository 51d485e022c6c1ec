"""The audit trail of an office: a page of its administration, and a file of what the page shows."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.audit_trail import Trail
from prepazka.web.tables import csv_response


@staff("manager")
@require_safe
def audit(request: StaffRequest) -> HttpResponse:
    """Show a page of the audit trail, the newest entries first."""
    return office_page(request, "audit", "admin-audit", _trail(request).page(request.GET.dict()))


@staff("manager")
@require_safe
def as_csv(request: StaffRequest) -> HttpResponse:
    """Return the entries that are asked for, for a spreadsheet."""
    office = request.official.office
    day = clock.now().astimezone(office.zone).date()
    return csv_response(f"{office.slug}-audit-{day}", [_trail(request).table(request.GET.dict())])


def _trail(request: StaffRequest) -> Trail:
    office = request.official.office
    return Trail(office, office.zone)
