"""What happened to accounts and gateways, which belong to no office: for the operator."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_default_timezone
from django.views.decorators.http import require_safe

from prepazka.web.access import StaffRequest, signed_in
from prepazka.web.audit_trail import trail_page


@signed_in
@require_safe
def events(request: StaffRequest) -> HttpResponse:
    """A page of it, newest first, by the installation's own clock."""
    if not request.user.is_superuser:
        raise PermissionDenied
    found = trail_page(None, get_default_timezone(), request.GET.get("before", ""))
    return render(request, "web/account/events.html", found)
