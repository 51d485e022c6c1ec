"""How django-allauth's steps of a sign-in fit this house: our sessions, our limits, our audit trail, our words."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib import auth
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from prepazka.store import accounts, factors
from prepazka.store.models import User
from prepazka.store.sealing import UnreadableError, seal, unseal
from prepazka.web import access, callers, clock, lost_press, sign_in_limits, sign_ins
from prepazka.web.account import attempts
from prepazka.web.account.single_sign_on import UNPROVED
from prepazka.web.ways_back import FIRST_PAGE

_VALUE = "text"
"""What the one value of a sealed secret is called."""

EXPIRED = _("Heslo, které vám někdo dal, platilo jen sedm dní. O nové požádejte správce úřadu.")


class AccountAdapter(DefaultAccountAdapter):
    """Signing in by name and password, and asking again who somebody is."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "Nesprávné jméno nebo heslo. Zkontrolujte, zda nemáte zapnutý Caps Lock, a zkuste to znovu."
        ),
        "incorrect_password": _("Heslo není správně."),
        "incorrect_code": _("Kód není správně. Opište ten, který aplikace ukazuje právě teď."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the account of this name and password, or None. Raises: ValidationError where one has to wait."""
        name, password = str(credentials["username"]).strip().lower(), str(credentials["password"])
        with attempts.guard_password(request, name) as attempt:
            user = auth.authenticate(request, username=name, password=password)
            attempt.right = user is not None
        if not isinstance(user, User):
            return None
        # docs/spec/safety.md §6.3: "A password given by somebody else can be used for 7 days"
        if has_expired(user, clock.now()):
            sign_ins.note_failed(user.username)
            raise ValidationError(EXPIRED)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session, with the duty to enrol a second factor where one is required and missing."""
        has_any = factors.has_any(user)
        enrol = not has_any and factors.is_required(user, settings.SECOND_FACTOR)
        proved = has_any or not request.session.pop(UNPROVED, False)
        access.sign_in(request, user, enrol=enrol, proved=proved)

    def post_login(self, request: HttpRequest, user: Any, **hooks: Any) -> HttpResponse:
        """Lead to what has to be done first, otherwise to the page that was asked for."""
        response = super().post_login(request, user, **hooks)
        duty = access.first_duty(request)
        # docs/spec/administration.md §1: "The sign-in leads to no page that its user may not see"
        allowed = access.may_open(user, response.headers.get("Location", "/"))
        answer = redirect(duty) if duty else response if allowed else redirect(settings.LOGIN_REDIRECT_URL)
        sign_in_limits.remember_browser(request, answer, user.username)
        lost_press.forget_timed_out(request, answer)
        return answer

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where a sign-in leads that asked for no page."""
        return first_page(request.user) if isinstance(request.user, User) else reverse(settings.LOGIN_REDIRECT_URL)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Refuse a closed account, whose owner has come by the organisation's provider."""
        return render(request, "web/account/refused.html", {"why": _("Tento účet je zrušený.")}, status=403)

    def get_login_stages(self) -> list[str]:
        """Ask for the second factor, and for nothing else."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address as everything else here sees it."""
        return callers.address_of(request) or "0.0.0.0"  # noqa: S104 -- no address is listened on

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:
        """Return whether the last proof of identity is too old."""
        return not access.is_proved(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to prove again who one is; without a password or a factor, the provider's."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return ways or [{"id": "provider", "description": "", "url": reverse("again-provider")}]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by administrators only."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Return whether the address is one of this server's pages."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def is_ajax(self, request: HttpRequest) -> bool:
        """There are only pages."""
        return False

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is sent by e-mail; the audit trail has it."""


# docs/spec/administration.md §1: "A sign-in that asked for no page leads to where the role works"
def first_page(user: User) -> str:
    """Return the first page of somebody with one role; the account's for an operator and for who has to choose."""
    posts = accounts.posts(user)
    if user.is_superuser or len(posts) != 1:
        return reverse(settings.LOGIN_REDIRECT_URL)
    return reverse(FIRST_PAGE[posts[0].role], args=[posts[0].slug])


def has_expired(user: User, now: datetime) -> bool:
    """Return whether the password was given to the user too long ago."""
    return user.password_given and user.given_until is not None and user.given_until <= now


class FactorAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Kód není správně. Opište ten, který aplikace ukazuje právě teď."),
        "cannot_delete_authenticator": _("Druhý krok přihlášení musíte mít. Nejdřív si přidejte jiný."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Return the picture as it can stand within a page."""
        return str(super().build_totp_svg(url)).partition("?>")[2]

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return seal({_VALUE: text})

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret from the database; where no key opens it, return a random one, which no code fits."""
        try:
            return str(unseal(encrypted_text)[_VALUE])
        except UnreadableError:
            return generate_totp_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether its owner may work without it."""
        user = authenticator.user
        return not (factors.is_required(user, settings.SECOND_FACTOR) and factors.is_last(authenticator))
