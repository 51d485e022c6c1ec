"""The audit trail of an office, a page of its administration."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.audit_trail import trail_page


@staff("manager")
@require_safe
def audit(request: StaffRequest) -> HttpResponse:
    """Show a page of the audit trail, the newest entries first."""
    office = request.official.office
    return office_page(
        request, "audit", "admin-audit", trail_page(office.id, office.zone, request.GET.get("before", ""))
    )
