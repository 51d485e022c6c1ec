"""Who may open a page: the sign-in, how long it lasts, and the role a page under `/<slug>/` asks for."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache

from prepazka.core.office.office import Office
from prepazka.core.office.roles import Role, enough
from prepazka.store import accounts, clerk_inbox, offices
from prepazka.store.models import User
from prepazka.web import clock
from prepazka.web.headers import Answer

# Whoever leaves the computer without signing out is signed out for it; nobody stays signed in over night.
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
# How exactly the last activity is kept: each note of it is a write to the database.
_NOTED_EVERY = timedelta(minutes=5)
_SINCE, _SEEN = "signed_in_at", "seen_at"


@dataclass(frozen=True, slots=True)
class Official:
    """Whoever works for the office at this address, as far as this request is concerned."""

    user: User
    office: Office
    role: Role

    def may(self, least: Role) -> bool:
        """Whether the role is at least this one."""
        return enough(self.role, least)

    @property
    def operator(self) -> bool:
        """Whether it is the operator of the installation."""
        return self.user.is_superuser

    @property
    def inbox_waiting(self) -> int:
        """From how many people there are messages that wait for a clerk; the menu tells it. One query, if asked."""
        return clerk_inbox.waiting(self.office.id)

    @property
    def who(self) -> str:
        """Whom the audit trail names."""
        return str(self.user.username)


class StaffRequest(HttpRequest):
    """What a view under `@staff` is given."""

    user: User
    official: Official


P = ParamSpec("P")


def staff(
    least: Role,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view at `/<slug>/…` only for those with at least this role in the office of the slug.

    The view is called without the slug; `request.official` says who asks, for which office, in which role. Whoever is
    not signed in is sent to sign in; a foreign office looks like none (404); a role that does not suffice is told so.
    """

    def guard(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        @never_cache
        def guarded(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in(request)
            office_id = offices.find(slug)
            role = None if office_id is None else accounts.role_in(request.user, office_id)
            if office_id is None or role is None:
                raise Http404
            if request.user.password_given:
                return redirect("password")
            if not enough(role, least):
                raise PermissionDenied
            request.official = Official(request.user, offices.load(office_id), role)
            return view(request, *args, **kwargs)

        guarded.least_role = least  # type: ignore[attr-defined]  # the tests ask every page which role it needs
        return guarded

    return guard


def signed_in(view: Callable[[Any], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A page of everybody who is signed in, whatever the role."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest) -> HttpResponseBase:
        return view(request) if request.user.is_authenticated else _sign_in(request)

    guarded.least_role = "anybody"  # type: ignore[attr-defined]  # as above
    return guarded


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back again; a program is told by a status it understands."""
    if not request.accepts("text/html"):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return redirect_to_login(back, settings.LOGIN_URL)


def people(get_response: Answer) -> Answer:
    """Middleware: `request.user`, looked up only where somebody asks for it, and nobody once the sign-in is over."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: _user(request, clock.now()))  # type: ignore[assignment]  # as Django's own
        return get_response(request)

    return middleware


def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session: under a new key, whoever knows the old one is none the wiser."""
    auth.login(request, user)
    request.session[_SINCE] = request.session[_SEEN] = clock.now().timestamp()


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """Go on after the password was changed; all other sessions of the user end."""
    auth.update_session_auth_hash(request, user)


def _user(request: HttpRequest, now: datetime) -> User | AnonymousUser:
    user = auth.get_user(request)
    if not isinstance(user, User):
        return AnonymousUser()
    since, seen = (request.session.get(name, 0.0) for name in (_SINCE, _SEEN))
    if now.timestamp() - since > LONGEST.total_seconds() or now.timestamp() - seen > IDLE.total_seconds():
        request.session.flush()
        return AnonymousUser()
    if now.timestamp() - seen > _NOTED_EVERY.total_seconds():
        request.session[_SEEN] = now.timestamp()
    return user


def address(request: HttpRequest, *_: object) -> str:
    """Where the request comes from. Behind our proxy it is what the proxy added last; all before may be invented."""
    if settings.HTTPS:
        with suppress(ValueError):
            return str(ip_address(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()))
    return str(request.META.get("REMOTE_ADDR", ""))
