"""The administrators' manual as a page of the administration."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.manuals import load_manual


@staff("clerk")
@require_safe
def manual(request: StaffRequest) -> HttpResponse:
    """Show the whole manual."""
    return office_page(request, "manual", "admin-manual", {"manual": load_manual("spravce")})
