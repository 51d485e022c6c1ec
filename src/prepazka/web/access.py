"""Access to pages: the sign-in, its length, and the role that a page under `/<slug>/` requires."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, parse_cookie
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache

from prepazka.core.office.office import Office
from prepazka.core.office.roles import Role, enough
from prepazka.store import accounts, clerk_inbox, offices, register, user_sessions
from prepazka.store.models import User
from prepazka.web import clock, form_owner, lost_press, sent_again
from prepazka.web.headers import GetResponse

IDLE, LONGEST = user_sessions.IDLE, user_sessions.LONGEST
# How long a password or another proof of identity counts for what is asked again.
PROOF_COUNTS = timedelta(minutes=10)
# The precision of the last activity: every update is a write to the database.
_ACTIVITY_STEP = timedelta(minutes=5)
_SINCE, _SEEN, _PROVED = user_sessions.SINCE, user_sessions.SEEN, "proved_at"
# Whether the user has to enrol a second factor before anything else.
_ENROL = "enrol"
# The attribute of a request whose sign-in has just been found to have ended: the mark of whose it was.
_ENDED = "sign_in_ended_of"


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
    *,
    kept: bool = False,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Restrict a view at `/<slug>/…` to officials with at least this role in that office.

    The view gets no slug: `request.official` has the user, the office and the role. A visitor is sent to the sign-in;
    an office where the user does not work looks like none (404); a role that is too low gets 403.

    kept: a form that comes after the sign-in ended is offered again afterwards; it holds nothing about a person.
    """

    def guard(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        @never_cache
        def guarded(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _redirect_to_sign_in(request, kept=kept)
            _bind_forms(request)
            office_id = offices.find(slug)
            role = None if office_id is None else accounts.role_in(request.user, office_id)
            if office_id is None:
                raise Http404
            with _refusals_registered(request, office_id):
                if role is None:
                    raise Http404
                if duty := first_duty(request):
                    return redirect(duty)
                request.official = Official(request.user, offices.load(office_id), role)
                if not enough(role, least):
                    raise PermissionDenied
                return view(request, *args, **kwargs)

        guarded.least_role = least  # type: ignore[attr-defined]  # a test reads the role of every page
        return guarded

    return guard


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict a view to users who are signed in, whatever their role, and have done what comes before all else."""
    return _guard_account(view, led_away=True)


def arriving(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict a view to users who are signed in; it is one of those that lead to what comes before all else."""
    return _guard_account(view, led_away=False)


def _guard_account(view: Callable[..., HttpResponseBase], *, led_away: bool) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _redirect_to_sign_in(request)
        _bind_forms(request)
        if led_away and (duty := first_duty(request)):
            return redirect(duty)
        with _refusals_registered(request, None):
            return view(request, *args, **kwargs)

    guarded.least_role = "anybody"  # type: ignore[attr-defined]  # as above
    return guarded


def _bind_forms(request: HttpRequest) -> None:
    """Take no form that was made for somebody else; those of the page to come are for whoever is signed in."""
    if form_owner.is_somebody_elses(request):
        raise form_owner.SomebodyElsesForm
    form_owner.note(request, form_owner.mark_of(cast(User, request.user)))


def first_duty(request: HttpRequest) -> str:
    """Return the name of the page a signed-in user has to finish before any other; "" for none."""
    # docs/spec/administration.md §1: "A password given by somebody else is changed at the first sign-in."
    if cast(User, request.user).password_given:
        return "password"
    # docs/spec/safety.md §6.1: "without one, the next sign-in leads to enrolling, and nowhere else."
    return "second-step" if request.session.get(_ENROL) else ""


def proof_needed(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Ask for the password again, or for another proof, unless it was given a short time ago. Stands under `staff`."""

    @wraps(view)
    def proved(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_proved(request):
            raise ReauthenticationRequired  # allauth's middleware asks, and comes back here
        return view(request, *args, **kwargs)

    return proved


# docs/spec/safety.md §5.4: "a page that is refused to somebody who is signed in"
@contextmanager
def _refusals_registered(request: Any, office_id: int | None) -> Iterator[None]:
    """Register a page refused to a signed-in user; a page that is not there counts only in an office not the user's."""
    try:
        yield
    except PermissionDenied:
        _register_refusal(request, office_id)
        raise
    except Http404:
        if not hasattr(request, "official"):
            _register_refusal(request, office_id)
        raise


def _register_refusal(request: Any, office_id: int | None) -> None:
    register.count(office_id, clock.now(), request.user.username, "refused", request.resolver_match.url_name or "")


def may_open(user: User, address: str) -> bool:
    """Return whether a page of this server is one the user may see; it may still not be there."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return False
    least: Role | None = getattr(found.func, "least_role", None)
    if least is None or "slug" not in found.kwargs:
        return True
    office_id = offices.find(found.kwargs["slug"])
    role = None if office_id is None else accounts.role_in(user, office_id)
    return role is not None and enough(role, least)


def _redirect_to_sign_in(request: HttpRequest, *, kept: bool = False) -> HttpResponseBase:
    """Redirect to the sign-in page and back; a program gets 401 instead. kept: see `staff`.

    Of any other form that was filled in, the browser gets a page that holds it until its user has signed in again.
    """
    if not request.accepts("text/html"):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    ended = str(getattr(request, _ENDED, ""))
    if request.method in {"GET", "HEAD"}:
        response = redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if ended:
            lost_press.note_timed_out(response)
        return response
    owner = form_owner.of_form(request) or ended
    if not kept and sent_again.can_be(request):
        return sent_again.page(request, {"looks": "web/base.html"}, owner, signed_out=True)
    response = redirect_to_login(request.path, settings.LOGIN_URL)
    if kept and owner:
        lost_press.keep(request, response, owner)
    return response


def attach_user(get_response: GetResponse) -> GetResponse:
    """Middleware: set `request.user`, loaded on first use; it is anonymous once the session has expired."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: _load_user(request, clock.now()))  # type: ignore[assignment]  # as Django's own
        return get_response(request)

    return middleware


def sign_in(request: HttpRequest, user: User, *, enrol: bool, proved: bool = True) -> None:
    """Begin a session under a new key, so that a known old key is useless.

    enrol: the user has to enrol a second factor first. proved: the user has just typed a password or the like.
    """
    auth.login(request, user)
    now = clock.now().timestamp()
    request.session.update({_SINCE: now, _SEEN: now, _PROVED: now if proved else 0.0, _ENROL: enrol})


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """Keep this session after a change of the password; all other sessions of the user end."""
    before = str(request.session.session_key)
    auth.update_session_auth_hash(request, user)
    note_proof(request)
    user_sessions.renew(str(request.session.session_key), before, clock.now())


def note_proof(request: HttpRequest) -> None:
    """Record that the user has just proved to be who signed in."""
    request.session[_PROVED] = clock.now().timestamp()


def is_proved(request: HttpRequest) -> bool:
    """Return whether the user has proved this a short time ago."""
    return bool(clock.now().timestamp() - request.session.get(_PROVED, 0.0) <= PROOF_COUNTS.total_seconds())


def note_enrolled(request: HttpRequest) -> None:
    """Record that the user has a second factor now, which frees the way to all pages."""
    request.session[_ENROL] = False


def is_signed_in(cookies: str, office_id: int | None = None) -> bool:
    """Whether the cookies of a request that Django has not seen are those of somebody signed in.

    office_id: who has a role in that office.
    """
    request = HttpRequest()
    request.COOKIES = parse_cookie(cookies)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return False
    request.session = SessionStore(key)
    user = _load_user(request, clock.now())
    if not user.is_authenticated or office_id is None:
        return user.is_authenticated
    return accounts.role_in(user, office_id) is not None


def _load_user(request: HttpRequest, now: datetime) -> User | AnonymousUser:
    user = auth.get_user(request)
    if not isinstance(user, User):
        return AnonymousUser()
    since, seen = (request.session.get(name, 0.0) for name in (_SINCE, _SEEN))
    if now.timestamp() - since > LONGEST.total_seconds() or now.timestamp() - seen > IDLE.total_seconds():
        request.session.flush()
        setattr(request, _ENDED, form_owner.mark_of(user))
        return AnonymousUser()
    if now.timestamp() - seen > _ACTIVITY_STEP.total_seconds():
        request.session[_SEEN] = now.timestamp()
        key = str(request.session.session_key)
        user_sessions.renew(key, key, now)
    return user
