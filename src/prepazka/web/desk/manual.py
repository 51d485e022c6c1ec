"""The clerks' manual as a page of the desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prepazka.web.access import StaffRequest, staff
from prepazka.web.manuals import load_manual


@staff("clerk")
@require_safe
def manual(request: StaffRequest) -> HttpResponse:
    """Show the whole manual."""
    context = {"office": request.official.office, "manual": load_manual("urednika")}
    return render(request, "web/desk/manual.html", context)
