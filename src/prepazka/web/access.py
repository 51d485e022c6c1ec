"""Access to pages: the sign-in, its length, and the role that a page under `/<slug>/` requires."""

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
from prepazka.web.headers import GetResponse

# A session ends after this time without activity, and in any case after the longer one.
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
# The precision of the last activity: every update is a write to the database.
_ACTIVITY_STEP = timedelta(minutes=5)
_SINCE, _SEEN = "signed_in_at", "seen_at"


@dataclass(frozen=True, slots=True)
class Official:
    """The signed-in user in the office of the request's address."""

    user: User
    office: Office
    role: Role

    def may(self, least: Role) -> bool:
        """Return whether the official has at least this role."""
        return enough(self.role, least)

    @property
    def operator(self) -> bool:
        """Whether the official is the operator of the installation."""
        return self.user.is_superuser

    @property
    def inbox_waiting(self) -> int:
        """Return from how many people messages wait for a clerk. One query, where a page asks."""
        return clerk_inbox.waiting(self.office.id)

    @property
    def who(self) -> str:
        """The name in the audit trail."""
        return str(self.user.username)


class StaffRequest(HttpRequest):
    """The request of a view under `@staff`."""

    user: User
    official: Official


P = ParamSpec("P")


def staff(
    least: Role,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Restrict a view at `/<slug>/…` to officials with at least this role in that office.

    The view gets no slug: `request.official` has the user, the office and the role. A visitor is sent to the sign-in;
    an office where the user does not work looks like none (404); a role that is too low gets 403.
    """

    def guard(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        @never_cache
        def guarded(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _redirect_to_sign_in(request)
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

        guarded.least_role = least  # type: ignore[attr-defined]  # a test reads the role of every page
        return guarded

    return guard


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict a view to users who are signed in, whatever their role."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _redirect_to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.least_role = "anybody"  # type: ignore[attr-defined]  # as above
    return guarded


def _redirect_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Redirect to the sign-in page and back; a program gets 401 instead."""
    if not request.accepts("text/html"):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return redirect_to_login(back, settings.LOGIN_URL)


def attach_user(get_response: GetResponse) -> GetResponse:
    """Middleware: set `request.user`, loaded on first use; it is anonymous once the session has expired."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: _load_user(request, clock.now()))  # type: ignore[assignment]  # as Django's own
        return get_response(request)

    return middleware


def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session under a new key, so that a known old key is useless."""
    auth.login(request, user)
    request.session[_SINCE] = request.session[_SEEN] = clock.now().timestamp()


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """Keep this session after a change of the password; all other sessions of the user end."""
    auth.update_session_auth_hash(request, user)


def _load_user(request: HttpRequest, now: datetime) -> User | AnonymousUser:
    user = auth.get_user(request)
    if not isinstance(user, User):
        return AnonymousUser()
    since, seen = (request.session.get(name, 0.0) for name in (_SINCE, _SEEN))
    if now.timestamp() - since > LONGEST.total_seconds() or now.timestamp() - seen > IDLE.total_seconds():
        request.session.flush()
        return AnonymousUser()
    if now.timestamp() - seen > _ACTIVITY_STEP.total_seconds():
        request.session[_SEEN] = now.timestamp()
    return user


def client_address(request: HttpRequest, *_: object) -> str:
    """Return the address of the client. Behind our proxy it is the last one in the header; the others can be forged."""
    if settings.HTTPS:
        with suppress(ValueError):
            return str(ip_address(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()))
    return str(request.META.get("REMOTE_ADDR", ""))
