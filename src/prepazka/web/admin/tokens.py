"""Tokens of the gateways that call the API: an operator issues them, sees each once, and withdraws them."""

import re

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka.store import gateways
from prepazka.web import clock, office_errors
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.gateways import require_operator
from prepazka.web.admin.page import office_page


class NameForm(forms.Form):
    """A new gateway that calls the API."""

    name = forms.CharField(
        label=gettext_lazy("Název brány"),
        max_length=40,
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice a spojovníky, například modem."),
    )

    def clean_name(self) -> str:
        """Accept a name that `prepazka gateway token` would accept and no other gateway has."""
        name = str(self.cleaned_data["name"])
        if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
            raise forms.ValidationError(str(office_errors.WORDS["slug"]))
        if gateways.find(name):
            raise forms.ValidationError(_("Brána s tímto názvem už tu je."))
        return name


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Make a new gateway with its token."""
    require_operator(request)
    form = NameForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        return _token_page(request, form.cleaned_data["name"])
    context = {"form": form, "title": _("Nová brána, která volá rozhraní HTTP"), "back": "admin-gateways"}
    return office_page(request, "part", "admin-gateways", context)


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def token(request: StaffRequest, name: str) -> HttpResponse:
    """Issue a new token, withdraw it, or remove the gateway."""
    require_operator(request)
    found = gateways.find(name)
    if found is None or found.kind != gateways.HTTP:
        raise Http404
    now, who = clock.now(), request.official.who
    context = {"gateway": found, "has_token": gateways.has_token(name)}
    if "give" in request.POST:
        return _token_page(request, name)
    if "withdraw" in request.POST:
        gateways.withdraw_token(name, now, who)
        return redirect(f"{reverse('admin-token', args=[request.official.office.slug, name])}?done=withdrawn")
    if "remove" in request.POST:
        try:
            gateways.remove(name, now, who)
        except gateways.GatewayError:
            return office_page(request, "token", "admin-gateways", context | {"bound": True})
        return redirect(f"{reverse('admin-gateways', args=[request.official.office.slug])}?done=removed")
    return office_page(request, "token", "admin-gateways", context)


def _token_page(request: StaffRequest, name: str) -> HttpResponse:
    given = gateways.give_token(name, clock.now(), request.official.who)
    return office_page(request, "token_given", "admin-gateways", {"name": name, "token": given})
