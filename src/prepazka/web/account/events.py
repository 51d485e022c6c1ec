"""For the operator: the audit trail of accounts and gateways, and the register of access of the whole installation."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_default_timezone
from django.views.decorators.http import require_safe

from prepazka.web.access import StaffRequest, signed_in
from prepazka.web.access_register import register_page
from prepazka.web.audit_trail import Trail


@signed_in
@require_safe
def events(request: StaffRequest) -> HttpResponse:
    """Show a page of it, the newest entries first, in the installation's time zone."""
    if not request.user.is_superuser:
        raise PermissionDenied
    context = Trail(None, get_default_timezone()).page(request.GET.dict())
    return render(request, "web/account/events.html", context)


@signed_in
@require_safe
def register(request: StaffRequest) -> HttpResponse:
    """Show a page of the register of access, of all offices and of none."""
    if not request.user.is_superuser:
        raise PermissionDenied
    context = register_page(None, get_default_timezone(), request.GET.get("before", ""))
    return render(request, "web/account/register.html", context)
