"""A press that came after the sign-in had ended: kept in the browser, and offered again to the same official.

Only forms without anything about a person are kept: which button, which ticket or booking as a row id, which counter.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from prepazka.store.models import User
from prepazka.store.user_sessions import LONGEST
from prepazka.web import clock, form_owner, signed
from prepazka.web.sent_again import CARRIED

KEPT_FOR = timedelta(minutes=15)
_COOKIE, _TIMED_OUT = "press", "timed_out"
_LONGEST_VALUE, _MOST_FIELDS = 60, 8


class Press(NamedTuple):
    """A form as it was sent. path: where to; name: of that address; owner: the mark of whose sign-in had ended."""

    path: str
    name: str
    fields: Mapping[str, str]
    owner: str


def keep(request: HttpRequest, response: HttpResponseBase, owner: str) -> None:
    """Keep the form of a request in the browser that sent it, for the official with this mark."""
    fields = {name: str(value) for name, value in request.POST.items() if name not in CARRIED}
    if len(fields) > _MOST_FIELDS or any(len(value) > _LONGEST_VALUE for value in fields.values()):
        return
    name = request.resolver_match.url_name if request.resolver_match else None
    press = Press(request.path, name or "", fields, owner)
    response.set_cookie(
        _COOKIE,
        signed.sign(press, _COOKIE, clock.now()),
        max_age=KEPT_FOR,
        path=_path(request),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# docs/spec/administration.md §1: "the page of the sign-in says so"
def note_timed_out(response: HttpResponseBase) -> None:
    """Note in the browser that its sign-in has ended by itself: whoever comes back to it is told why it asks again."""
    response.set_cookie(
        _TIMED_OUT,
        "1",
        max_age=LONGEST,
        path=reverse("account"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def has_timed_out(request: HttpRequest) -> bool:
    """Whether a sign-in has ended by itself in this browser since the last one."""
    return bool(request.COOKIES.get(_TIMED_OUT))


def forget_timed_out(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say it no more: somebody has signed in."""
    if has_timed_out(request):
        response.delete_cookie(_TIMED_OUT, path=reverse("account"), samesite="Lax")


def find(request: HttpRequest, user: User) -> Press | None:
    """Return the press to offer again to this official on this page's desk; None for none, or somebody else's."""
    found = signed.read(request.COOKIES.get(_COOKIE, ""), _COOKIE, clock.now(), KEPT_FOR)
    press = Press(*found.value) if found else None
    return press if press and form_owner.is_of(user, press.owner) and press.path.startswith(_path(request)) else None


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """Forget a kept press: it was pressed again, or is not wanted any more."""
    if _COOKIE in request.COOKIES:
        response.delete_cookie(_COOKIE, path=_path(request), samesite="Lax")


def _path(request: HttpRequest) -> str:
    """Return the address of the office's pages; the cookie is sent to no others."""
    return f"/{request.path.split('/')[1]}/"
