"""Strays, for the operator: messages to numbers not bound to their gateway, and assigning them once they are."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from prepazka.flows.inbound.strays import NotAssignable, assign
from prepazka.flows.retention import STRAYS_KEPT
from prepazka.store import strays as store
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.gateways import require_operator
from prepazka.web.admin.page import office_page

# Messages shown one by one.
_SHOWN = 100


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def strays(request: StaffRequest) -> HttpResponse:
    """Show the strays of all gateways; hand those to one number to its office."""
    require_operator(request)
    refused = ""
    if request.method == "POST":
        try:
            assign(request.POST.get("number", ""), clock.now(), request.official.who)
            return redirect(f"{reverse('admin-strays', args=[request.official.office.slug])}?done=assigned")
        except NotAssignable:
            refused = _("Toto číslo teď žádná brána nemá. Nejdřív ho prosím přidělte bráně, kterou zprávy přišly.")
    groups = [(one, wording.format_phone(one.recipient) if one.recipient else "") for one in store.groups()]
    shown = [(one, one.sender[-3:]) for one in store.latest(_SHOWN)]
    context = {"groups": groups, "strays": shown, "days": STRAYS_KEPT.days, "refused": refused}
    return office_page(request, "strays", "admin-gateways", context)
