"""The register of access of an office: for the data protection officer, and for an administrator."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from prepazka.flows.phone_numbers import e164
from prepazka.store import register
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.access_register import format_rows, register_page
from prepazka.web.admin.page import office_page
from prepazka.web.post_only import post_only


@staff("officer")
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show a page of the register, the newest rows first."""
    office = request.official.office
    return office_page(
        request, "register", "admin-register", register_page(office.id, office.zone, request.GET.get("before", ""))
    )


@staff("officer")
@post_only
def of_number(request: StaffRequest) -> HttpResponse:
    """Show who looked at a person in this office: so a person can be told. To ask is an act of the register too."""
    official, searched = request.official, request.POST.get("number", "").strip()[:40]
    if not searched:
        return redirect("admin-register", slug=official.office.slug)
    number = e164(searched)
    register.note(official.office.id, clock.now(), official.who, "register of number", number)
    rows = format_rows(register.of_number(official.office.id, number), official.office.zone)
    return office_page(request, "register", "admin-register", {"entries": rows, "number": searched})
