"""The people who work at the office, with their roles. An administrator decides only for the own office.

An administrator sets the password only of people who work nowhere else: with it, one could enter another office.
"""

import secrets

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepazka.core.office.roles import ROLES
from prepazka.store import accounts, models
from prepazka.store.models import User
from prepazka.web import clock
from prepazka.web.access import Official, StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.labels import ROLES as TITLES


class UserForm(forms.Form):
    """A new user, or a user of another office."""

    username = forms.CharField(
        label=gettext_lazy("Přihlašovací jméno"),
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, například novakova."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=gettext_lazy("Jméno a příjmení"), max_length=100, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(role, TITLES[role]) for role in ROLES], widget=forms.RadioSelect
    )

    def clean_username(self) -> str:
        """Return the name as it is stored."""
        try:
            return accounts.username(self.cleaned_data["username"])
        except accounts.AccountError:
            raise forms.ValidationError(
                _("Použijte 2 až 40 malých písmen bez háčků a čárek, číslic, teček nebo spojovníků.")
            ) from None


class RoleForm(forms.Form):
    """The role of a user."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(role, TITLES[role]) for role in ROLES], widget=forms.RadioSelect
    )


@staff("administrator")
@require_safe
def users(request: StaffRequest) -> HttpResponse:
    """Show everybody who works at the office."""
    found = models.Official.objects.filter(office_id=request.official.office.id).select_related("user")
    rows = [(official.user, TITLES[official.role]) for official in found.order_by("user__username")]
    return office_page(request, "users", "admin-users", {"users": rows})


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Add a user; a new account gets a password, shown this once."""
    form = UserForm(request.POST if request.method == "POST" else None, initial={"role": "clerk"}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        values, official, now = form.cleaned_data, request.official, clock.now()
        with transaction.atomic():
            user, password = accounts.find(values["username"]), ""
            if user is None or not user.is_active:
                password = secrets.token_urlsafe(12)
                user = accounts.open_account(values["username"], make_password(password), now, official.who)
                accounts.rename(user, values["name"])
            accounts.appoint(user, official.office.id, values["role"], now, official.who)
        if not password:
            return _redirect_to_list(official)
        return office_page(request, "password", "admin-users", {"user": user, "password": password})
    return office_page(
        request,
        "part",
        "admin-users",
        {"form": form, "title": _("Nový uživatel"), "back": "admin-users"},
    )


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: StaffRequest, username: str) -> HttpResponse:
    """Change or take away a user's role."""
    appointed = _find_official(request.official, username)
    found = appointed.user
    form = RoleForm(
        request.POST if request.method == "POST" else None, initial={"role": appointed.role}, label_suffix=""
    )
    official, now = request.official, clock.now()
    mine = found.pk == official.user.pk
    if request.method == "POST" and mine:
        raise PermissionDenied
    if request.method == "POST" and "remove" in request.POST:
        accounts.dismiss(found, official.office.id, now, official.who)
        return _redirect_to_list(official)
    if request.method == "POST" and form.is_valid():
        accounts.appoint(found, official.office.id, form.cleaned_data["role"], now, official.who)
        return _redirect_to_list(official)
    context = {"form": form, "user": found, "mine": mine, "ours": _may_set_password(official, found)}
    return office_page(request, "user", "admin-users", context)


@staff("administrator")
@require_POST
def password(request: StaffRequest, username: str) -> HttpResponse:
    """Generate a new password for somebody who has forgotten theirs, and show it this once."""
    found = _find_official(request.official, username).user
    if not _may_set_password(request.official, found):
        raise PermissionDenied
    generated = secrets.token_urlsafe(12)
    accounts.give_password(found, generated, clock.now(), request.official.who, given=True)
    return office_page(request, "password", "admin-users", {"user": found, "password": generated})


def _find_official(official: Official, username: str) -> models.Official:
    """Return the person's appointment at this office. Raises: Http404."""
    found = models.Official.objects.filter(office_id=official.office.id, user__username=username).first()
    if found is None:
        raise Http404
    return found


def _may_set_password(official: Official, user: User) -> bool:
    elsewhere = models.Official.objects.filter(user=user).exclude(office_id=official.office.id).exists()
    return user.pk != official.user.pk and (official.operator or not (user.is_superuser or elsewhere))


def _redirect_to_list(official: Official) -> HttpResponse:
    return redirect(f"{reverse('admin-users', args=[official.office.slug])}?done=saved")
