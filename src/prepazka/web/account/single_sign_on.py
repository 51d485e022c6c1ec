"""Signing in by the organisation's provider (OpenID Connect): who was invited and linked, and nobody else."""

from functools import cache
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers import registry
from allauth.utils import get_request_param
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from prepazka.store import provider_links
from prepazka.web import access, clock
from prepazka.web.access import StaffRequest, arriving
from prepazka.web.account import PROVIDER
from prepazka.web.post_only import post_only

# In the session: the token of the link that was opened; whether the provider was told to ask for the password.
_LINK, _ASKED = "sign_in_link", "provider_asked"
UNPROVED = "provider_unproved"
"""In the session: the provider let somebody in without asking anything, so it is no proof for important changes."""


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Decides whom the provider's word lets in."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Return the provider of the settings."""
        if not settings.OIDC_URL:
            return []
        load()
        # The identity alone is asked for; it comes in the token, straight from the provider.
        asked = {"scope": ["openid"], "fetch_userinfo": False, "oauth_pkce_enabled": True}
        own = {"server_url": settings.OIDC_URL, **asked}
        known = {"provider": "openid_connect", "provider_id": PROVIDER, "name": settings.OIDC_NAME}
        return [SocialApp(**known, client_id=settings.OIDC_CLIENT, secret=settings.OIDC_SECRET, settings=own)]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Name the identity by the provider's address: after a change of provider, old identities mean nobody."""
        sociallogin.account.provider = settings.OIDC_URL
        return sociallogin.user

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Nobody is found by an e-mail address."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Go on with a known identity; tie an unknown one to the account of the link it came with; refuse others.

        Only the provider's own id of a person counts, never an e-mail address: that can be given to somebody else.
        """
        token = request.session.pop(_LINK, None)
        self._note_proof(request, sociallogin)
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(_refuse(request, _("Takhle účet propojit nejde.")))
        if not sociallogin.is_existing:
            self._link(request, sociallogin, token)
        elif token and sociallogin.user != provider_links.find_user(token, clock.now()):
            raise ImmediateHttpResponse(_refuse(request, _("Tímto přihlášením se už přihlašuje jiný účet.")))
        provider_links.forget_details(sociallogin.account.provider, sociallogin.account.uid)

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        """Say that it did not work, and show the other way in."""
        request.session.pop(_LINK, None)
        raise ImmediateHttpResponse(_refuse(request, _down()))

    def _link(self, request: HttpRequest, sociallogin: SocialLogin, token: str | None) -> None:
        account = sociallogin.account
        if token is None:
            why = _("Toto přihlášení tu zatím nikomu nepatří. O odkaz k propojení účtu požádejte správce svého úřadu.")
            raise ImmediateHttpResponse(_refuse(request, why))
        if provider_links.redeem(token, account.provider, account.uid, clock.now()) is None:
            raise ImmediateHttpResponse(_refuse(request, _link_over()))
        sociallogin.lookup()

    def _note_proof(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Record when the provider let the person in without asking for a password or the like just now."""
        asked = request.session.pop(_ASKED, False)
        told = sociallogin.account.extra_data.get("id_token", {}).get("auth_time")
        at = clock.now().timestamp()
        fresh = asked if told is None else abs(at - float(told)) <= access.PROOF_COUNTS.total_seconds()
        request.session[UNPROVED] = not fresh


@cache
def load() -> None:
    """Load the protocol, with a client for HTTP of its own: what most installations never need."""
    from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider  # noqa: PLC0415

    registry.register(OpenIDConnectProvider)


def provider_name() -> str:
    """Return what the provider is called on pages; "" without one."""
    return settings.OIDC_NAME if settings.OIDC_URL else ""


@post_only
@never_cache
def to_provider(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the provider; `again` makes it ask for the password once more."""
    if not settings.OIDC_URL:
        raise Http404
    again = "again" in request.POST
    request.session[_ASKED] = again
    return _send(request, {"prompt": "login", "max_age": "0"} if again else {})


@require_GET
@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the browser back from the provider."""
    if not settings.OIDC_URL:
        raise Http404
    from allauth.socialaccount.providers.openid_connect.views import callback as take_back  # noqa: PLC0415 -- see `load`

    answer: HttpResponseBase = take_back(request, provider_id)
    return answer


@arriving
def again(request: StaffRequest) -> HttpResponse:
    """Ask somebody without a password of their own to sign in at the provider again."""
    return render(request, "web/account/again_provider.html", {"next": _own_next(request), "provider": provider_name()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show whose account the link is for; pressing the button signs in at the provider and ties the two together."""
    user = provider_links.find_user(token, clock.now()) if settings.OIDC_URL else None
    if user is None:
        return _refuse(request, _link_over())
    if request.user.is_authenticated and request.user != user:
        why = _("V tomto prohlížeči je přihlášený někdo jiný. Odhlaste se, a pak odkaz otevřete znovu.")
        return _refuse(request, why)
    if request.method == "POST":
        request.session[_LINK] = token
        return _send(request, {})
    return render(request, "web/account/link.html", {"owner": user, "provider": provider_name()})


def _send(request: HttpRequest, parameters: dict[str, str]) -> HttpResponseBase:
    from requests import RequestException  # noqa: PLC0415 -- see `load`

    provider = get_adapter().get_provider(request, PROVIDER)
    try:
        answer: HttpResponseBase = provider.redirect(
            request, process="login", next_url=_own_next(request) or None, auth_params=parameters
        )
    except RequestException:
        return _refuse(request, _down(), 503)
    return answer


def _own_next(request: HttpRequest) -> str:
    """Return the page of ours that was asked for; "" for none."""
    address = get_request_param(request, "next") or ""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else ""


def _link_over() -> str:
    return _("Odkaz neplatí: už ho někdo použil, nebo je starší než sedm dní. O nový požádejte správce svého úřadu.")


def _down() -> str:
    return _("Přihlášení přes vaši organizaci se teď nepovedlo. Zkuste to za chvíli znovu.")


def _refuse(request: HttpRequest, why: str, status: int = 403) -> HttpResponse:
    return render(request, "web/account/refused.html", {"why": why}, status=status)
