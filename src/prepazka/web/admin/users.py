"""Who works at the office, with which role. An administrator decides about the own office only.

A password is given only to those who work nowhere else: otherwise whoever administers one office could enter another.
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

from prepazka.core.office.roles import ROLES, Role
from prepazka.store import accounts, models
from prepazka.store.models import User
from prepazka.web import clock
from prepazka.web.access import Official, StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.labels import ROLES as TITLES


class UserForm(forms.Form):
    """A new user, or a known one of another office."""

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
        """As it is kept."""
        try:
            return accounts.username(self.cleaned_data["username"])
        except accounts.AccountError:
            raise forms.ValidationError(
                _("Použijte 2 až 40 malých písmen bez háčků a čárek, číslic, teček nebo spojovníků.")
            ) from None


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(role, TITLES[role]) for role in ROLES], widget=forms.RadioSelect
    )


@staff("administrator")
@require_safe
def users(request: StaffRequest) -> HttpResponse:
    """All who work at the office."""
    found = models.Official.objects.filter(office_id=request.official.office.id).select_related("user")
    listed = [(one.user, TITLES[one.role]) for one in found.order_by("user__username")]
    return office_page(request, "users", "admin-users", {"users": listed})


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Add somebody; a new account gets a password, shown this once."""
    form = UserForm(request.POST if request.method == "POST" else None, initial={"role": "clerk"}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        said, official, now = form.cleaned_data, request.official, clock.now()
        with transaction.atomic():
            user, password = accounts.find(said["username"]), ""
            if user is None or not user.is_active:
                password = secrets.token_urlsafe(12)
                user = accounts.open_account(said["username"], make_password(password), now, official.who)
                accounts.rename(user, said["name"])
            accounts.appoint(user, official.office.id, said["role"], now, official.who)
        if not password:
            return _back(official)
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
    """Another role for somebody, or none any more."""
    found, role = _here(request.official, username)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": role}, label_suffix="")
    official, now = request.official, clock.now()
    mine = found.pk == official.user.pk
    if request.method == "POST" and mine:
        raise PermissionDenied
    if request.method == "POST" and "remove" in request.POST:
        accounts.dismiss(found, official.office.id, now, official.who)
        return _back(official)
    if request.method == "POST" and form.is_valid():
        accounts.appoint(found, official.office.id, form.cleaned_data["role"], now, official.who)
        return _back(official)
    context = {"form": form, "user": found, "mine": mine, "ours": _only_ours(official, found)}
    return office_page(request, "user", "admin-users", context)


@staff("administrator")
@require_POST
def password(request: StaffRequest, username: str) -> HttpResponse:
    """A new password for somebody who has forgotten theirs, shown this once."""
    found, _role = _here(request.official, username)
    if not _only_ours(request.official, found):
        raise PermissionDenied
    made = secrets.token_urlsafe(12)
    accounts.give_password(found, made, clock.now(), request.official.who, given=True)
    return office_page(request, "password", "admin-users", {"user": found, "password": made})


def _here(official: Official, username: str) -> tuple[User, Role]:
    """Raises: Http404 for who does not work here."""
    found = models.Official.objects.filter(office_id=official.office.id, user__username=username).first()
    if found is None:
        raise Http404
    return found.user, accounts.known_role(found.role)


def _only_ours(official: Official, user: User) -> bool:
    elsewhere = models.Official.objects.filter(user=user).exclude(office_id=official.office.id).exists()
    return user.pk != official.user.pk and (official.operator or not (user.is_superuser or elsewhere))


def _back(official: Official) -> HttpResponse:
    return redirect(f"{reverse('admin-users', args=[official.office.slug])}?done=saved")
