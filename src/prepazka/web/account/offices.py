"""An operator founds an office: its address, its name and its administrator, who sets up the rest."""

import secrets
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka import officefile
from prepazka.store import accounts, memberships, offices
from prepazka.web import clock, office_errors
from prepazka.web.access import StaffRequest, proof_needed, signed_in


class NewOfficeForm(forms.Form):
    """A new office."""

    slug = forms.CharField(
        label=gettext_lazy("Adresa na webu"),
        max_length=40,
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice a spojovníky, například muj-urad."),
    )
    name = forms.CharField(label=gettext_lazy("Název úřadu"), max_length=60)
    administrator = forms.CharField(
        label=gettext_lazy("Přihlašovací jméno správce"),
        max_length=40,
        help_text=gettext_lazy("Kdo úřad nastaví. Není-li takový účet, založíme ho a ukážeme vám heslo."),
    )

    def clean_slug(self) -> str:
        """Accept an address that no other office has."""
        slug = str(self.cleaned_data["slug"])
        if offices.find(slug) is not None:
            raise forms.ValidationError(_("Úřad s touto adresou už tu je."))
        return slug

    def clean_administrator(self) -> str:
        """Return the name as it is stored."""
        try:
            return accounts.username(self.cleaned_data["administrator"])
        except accounts.AccountError:
            raise forms.ValidationError(
                _("Použijte 2 až 40 malých písmen bez háčků a čárek, číslic, teček nebo spojovníků.")
            ) from None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def new(request: StaffRequest) -> HttpResponse:
    """Found an office."""
    if not request.user.is_superuser:
        raise PermissionDenied
    form = NewOfficeForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        password = _found_office(form, request.user.username)
        if password is not None:
            context: dict[str, Any] = {**form.cleaned_data, "password": password}
            return render(request, "web/account/founded.html", context)
    return render(request, "web/account/new_office.html", {"form": form})


def _found_office(form: NewOfficeForm, who: str) -> str | None:
    """Found the office and return the new administrator's password, "" for an existing account.

    Return None when the form has mistakes.
    """
    values, now = form.cleaned_data, clock.now()
    try:
        office = officefile.read({"office": {"slug": values["slug"], "name": values["name"]}})
    except officefile.OfficeFileError as error:
        for problem in error.found:
            field = problem.place.removeprefix("office.")
            form.add_error(field if field in form.fields else None, office_errors.describe_problem(problem))
        return None
    password = ""
    with transaction.atomic():
        office_id = offices.keep(office.founded(), now, who)
        user = accounts.find(values["administrator"])
        if user is None or not user.is_active:
            password = secrets.token_urlsafe(12)
            user = accounts.open_account(values["administrator"], make_password(password), now, who)
            memberships.give_home(user, office_id)
        accounts.appoint(user, office_id, "administrator", now, who)
    return password
