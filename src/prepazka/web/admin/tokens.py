"""Tokens of the gateways that call the API: an operator issues them, says what each may do, and withdraws them."""

import re
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka.core.credentials import Scope, scope_of
from prepazka.gateways.screens import SCREENS
from prepazka.store import gateways, tokens
from prepazka.web import clock, labels, office_errors, wording
from prepazka.web.access import StaffRequest, proof_needed, staff
from prepazka.web.admin.gateways import require_operator
from prepazka.web.admin.page import office_page


class ScopeForm(forms.Form):
    """What a token may do, and for which numbers."""

    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("K čemu klíč slouží"),
        choices=list(labels.PURPOSES.items()),
        initial=list(Scope().purposes),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Bez čtení odpovědí je na telefon posílá sama brána."),
    )
    numbers = forms.MultipleChoiceField(
        label=gettext_lazy("Pro která čísla"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Vybrané číslo bez brány přidělíme této. Bez výběru platí pro všechna čísla této brány."
        ),
    )

    def __init__(self, gateway: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(number, wording.format_phone(number)) for number in tokens.bindable(gateway)]
        self.fields["numbers"].choices = numbers  # type: ignore[attr-defined]  # a MultipleChoiceField

    def scope(self) -> Scope:
        """Return the scope that was filled in."""
        return scope_of(self.cleaned_data["purposes"], self.cleaned_data["numbers"] or None)


class NewTokenForm(ScopeForm):
    """A new gateway that calls the API."""

    name = forms.CharField(
        label=gettext_lazy("Název brány"),
        max_length=40,
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice a spojovníky, například modem."),
    )
    field_order = ["name", "purposes", "numbers"]  # noqa: RUF012 -- Django reads it so

    def clean_name(self) -> str:
        """Accept a name that `prepazka gateway token` would accept and no other gateway has."""
        name = str(self.cleaned_data["name"])
        if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
            raise forms.ValidationError(str(office_errors.WORDS["slug"]))
        if name in SCREENS or gateways.find(name):
            raise forms.ValidationError(_("Brána s tímto názvem už tu je."))
        return name


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def new(request: StaffRequest) -> HttpResponse:
    """Make a new gateway with its token."""
    require_operator(request)
    form = NewTokenForm("", request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        return _token_page(request, form.cleaned_data["name"], form.scope())
    context = {"form": form, "title": _("Nová brána, která volá rozhraní HTTP"), "back": "admin-gateways"}
    return office_page(request, "part", "admin-gateways", context)


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def token(request: StaffRequest, name: str) -> HttpResponse:
    """Issue a new token, change what it may do, withdraw it, or remove the gateway."""
    require_operator(request)
    found = gateways.find(name)
    if found is None:
        raise Http404
    now, who = clock.now(), request.official.who
    form = _scope_form(request, found)
    context = {"gateway": found, "form": form, "removable": found.kind == gateways.HTTP}
    if "withdraw" in request.POST:
        tokens.withdraw(name, now, who)
        return _redirect(request, "withdrawn", name)
    if "remove" in request.POST and found.kind == gateways.HTTP:
        try:
            gateways.remove(name, now, who)
        except gateways.GatewayError:
            return office_page(request, "token", "admin-gateways", context | {"bound": True})
        return _redirect(request, "removed")
    if request.method == "POST" and form.is_valid():
        if "give" in request.POST:
            return _token_page(request, name, form.scope())
        if found.token:
            tokens.change(name, form.scope(), now, who)
            return _redirect(request, "saved", name)
    return office_page(request, "token", "admin-gateways", context)


def _scope_form(request: StaffRequest, found: gateways.Configured) -> ScopeForm:
    scope = found.token or Scope()
    initial = {"purposes": list(scope.purposes), "numbers": list(scope.numbers or ())}
    changing = request.method == "POST" and not {"withdraw", "remove"} & request.POST.keys()
    return ScopeForm(found.name, request.POST if changing else None, initial=initial, label_suffix="")


def _redirect(request: StaffRequest, done: str, name: str = "") -> HttpResponse:
    slug = request.official.office.slug
    page = reverse("admin-token", args=[slug, name]) if name else reverse("admin-gateways", args=[slug])
    return redirect(f"{page}?done={done}")


def _token_page(request: StaffRequest, name: str, scope: Scope) -> HttpResponse:
    given = tokens.issue(name, scope, clock.now(), request.official.who)
    return office_page(request, "token_given", "admin-gateways", {"name": name, "token": given})
