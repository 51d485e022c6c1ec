"""The people who work at the office, with their roles. An administrator decides only for the own office.

An administrator opens accounts for the own office and resets those. Any other account joins by a link its owner opens.
"""

import secrets
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.office.roles import ROLES
from prepazka.store import accounts, memberships, models, provider_links
from prepazka.store.models import User
from prepazka.web import clock
from prepazka.web.access import Official, StaffRequest, proof_needed, staff
from prepazka.web.admin.page import office_page
from prepazka.web.labels import ROLES as TITLES
from prepazka.web.post_only import post_only


class UserForm(forms.Form):
    """A new user."""

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
    """Show everybody who works at the office, and the invitations nobody has answered yet."""
    office_id = request.official.office.id
    found = models.Official.objects.filter(office_id=office_id).select_related("user")
    rows = [(official.user, TITLES[official.role], official.held) for official in found.order_by("user__username")]
    invited = [(one, TITLES[one.role]) for one in memberships.pending(office_id, clock.now())]
    return office_page(request, "users", "admin-users", {"users": rows, "invited": invited})


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def new(request: StaffRequest) -> HttpResponse:
    """Add a user; a new account gets a password, shown this once."""
    form = UserForm(request.POST if request.method == "POST" else None, initial={"role": "clerk"}, label_suffix="")
    if request.method == "POST" and form.is_valid() and (added := _add(request.official, form)):
        if not added.password:
            return _redirect_to_list(request.official)
        return office_page(request, "password", "admin-users", {"user": added.user, "password": added.password})
    return office_page(
        request,
        "part",
        "admin-users",
        {"form": form, "title": _("Nový uživatel"), "back": "admin-users"},
    )


class _Added(NamedTuple):
    """A user who was added; password: of a new account, to be shown once."""

    user: User
    password: str


# docs/spec/safety.md §1: "An existing account joins an office only with its owner's consent, or by the operator"
@transaction.atomic
def _add(official: Official, form: UserForm) -> _Added | None:
    """Give the role to a new account or to one of the office's own; None when the form has a mistake."""
    values, office_id, now, password = form.cleaned_data, official.office.id, clock.now(), ""
    try:
        name = values["username"] if official.operator else memberships.name_in(office_id, values["username"])
    except accounts.AccountError:
        form.add_error("username", _("Přihlašovací jméno je příliš dlouhé. Zvolte prosím kratší."))
        return None
    found = accounts.find(name)
    if found and not (official.operator or memberships.own(found, office_id)):
        form.add_error("username", _("Toto přihlašovací jméno nejde použít. Zvolte prosím jiné."))
        return None
    if found is None or not found.is_active:
        password = secrets.token_urlsafe(12)
        found = accounts.open_account(name, make_password(password), now, official.who)
        memberships.give_home(found, office_id)
        accounts.rename(found, values["name"])
    accounts.appoint(found, office_id, values["role"], now, official.who)
    return _Added(found, password)


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def invite(request: StaffRequest) -> HttpResponse:
    """Offer a role to somebody who has an account already; show the link this once."""
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": "clerk"}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        token, official = secrets.token_urlsafe(32), request.official
        memberships.invite(official.office.id, form.cleaned_data["role"], token, clock.now(), official.who)
        link = request.build_absolute_uri(reverse("join", args=[token]))
        context = {"link": link, "role": TITLES[form.cleaned_data["role"]], "days": memberships.INVITED_FOR.days}
        return office_page(request, "invitation", "admin-users", context)
    title = _("Pozvat uživatele, který už účet má")
    return office_page(request, "part", "admin-users", {"form": form, "title": title, "back": "admin-users"})


@staff("administrator")
@post_only
def withdraw_invitation(request: StaffRequest, invitation: int) -> HttpResponse:
    """Make an invitation useless."""
    if not memberships.withdraw(request.official.office.id, invitation, clock.now(), request.official.who):
        raise Http404
    return _redirect_to_list(request.official)


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
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
    ours, held = _may_set_password(official, found), appointed.held
    provider = settings.OIDC_NAME if settings.OIDC_URL else ""
    context = {"form": form, "user": found, "mine": mine, "ours": ours, "held": held, "provider": provider}
    return office_page(request, "user", "admin-users", context)


@staff("administrator")
@post_only
@proof_needed
def password(request: StaffRequest, username: str) -> HttpResponse:
    """Generate a new password for somebody who has forgotten theirs, and show it this once."""
    found = _find_official(request.official, username).user
    if not _may_set_password(request.official, found):
        raise PermissionDenied
    generated, official = secrets.token_urlsafe(12), request.official
    with transaction.atomic():
        accounts.give_password(found, generated, clock.now(), official.who, given=True)
        if not official.operator:
            memberships.hold_elsewhere(found, official.office.id, clock.now(), official.who)
    return office_page(request, "password", "admin-users", {"user": found, "password": generated})


@staff("administrator")
@post_only
@proof_needed
def link(request: StaffRequest, username: str) -> HttpResponse:
    """Make a link that ties the account to its owner's sign-in at the organisation's provider; shown this once."""
    found = _find_official(request.official, username).user
    if not settings.OIDC_URL:
        raise Http404
    if not _may_set_password(request.official, found):
        raise PermissionDenied
    token, official = secrets.token_urlsafe(32), request.official
    with transaction.atomic():
        provider_links.make_link(found, token, clock.now(), official.who)
        if not official.operator:  # whoever has the link can enter the account
            memberships.hold_elsewhere(found, official.office.id, clock.now(), official.who)
    address = request.build_absolute_uri(reverse("sign-in-link", args=[token]))
    return office_page(request, "sign_in_link", "admin-users", {"user": found, "address": address})


def _find_official(official: Official, username: str) -> models.Official:
    """Return the person's appointment at this office. Raises: Http404."""
    found = models.Official.objects.filter(office_id=official.office.id, user__username=username).first()
    if found is None:
        raise Http404
    return found


def _may_set_password(official: Official, user: User) -> bool:
    return user.pk != official.user.pk and (official.operator or memberships.own(user, official.office.id))


def _redirect_to_list(official: Official) -> HttpResponse:
    return redirect(f"{reverse('admin-users', args=[official.office.slug])}?done=saved")
