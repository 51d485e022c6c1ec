"""Limits of signing in: wrong tries make the next one wait, and nobody is locked out.

A sign-in calls `begin` before it looks at the password, and `succeeded` and `remember_browser` when the password was
right. Tries are counted before they are made, so that many at once are as slow as one after the other.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from prepazka.core.rate_limits import SIGN_IN, SIGN_IN_OF_ADDRESS, SIGN_IN_OF_NAME, Bucket, networks_of
from prepazka.store import rate_limits
from prepazka.web import clock, signed
from prepazka.web.callers import address_of

COOKIE = "signed-in-before"
_SALT = "browser"
_COOKIE_AGE = timedelta(days=180)
# The people who may share a computer at a counter.
_NAMES = 12


def begin(request: HttpRequest, name: str, now: datetime) -> timedelta:
    """Count a try to sign in as this name; return how long it still has to wait, 0 when it may be made.

    A try that has to wait must not be made: its password is not looked at.
    """
    return rate_limits.attempt(_buckets(request, _folded(name)), now)


def succeeded(request: HttpRequest, name: str) -> None:
    """Take the try back: the password was right. The name begins anew at this address, or in this browser."""
    own, *shared = _buckets(request, _folded(name))
    rate_limits.forget([own])
    rate_limits.forgive(shared)


def remember_browser(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Let this browser be known as one in which this name signed in: guesses elsewhere no longer slow it down."""
    browser, names = _read_cookie(request)
    known = [_digest(_folded(name)), *(other for other in names if other != _digest(_folded(name)))][:_NAMES]
    response.set_cookie(
        COOKIE,
        signed.sign([browser or secrets.token_urlsafe(12), known], _SALT, clock.now()),
        max_age=_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


# docs/spec/safety.md §2.5: "A browser in which the same name signed in before counts for itself"
def _buckets(request: HttpRequest, name: str) -> list[Bucket]:
    """Return what a try counts for, first its very own bucket."""
    browser, names = _read_cookie(request)
    if _digest(name) in names:
        return [Bucket(SIGN_IN, f"{name} in {browser}")]
    address = address_of(request)
    network = next(iter(networks_of(address).values()))
    return [
        Bucket(SIGN_IN, f"{name} from {network}"),
        Bucket(SIGN_IN_OF_NAME, name),
        *SIGN_IN_OF_ADDRESS.buckets(address),
    ]


def _read_cookie(request: HttpRequest) -> tuple[str, list[str]]:
    """Return the browser and the digests of names that signed in there; "" and none for a cookie that is not ours."""
    found = signed.read(request.COOKIES.get(COOKIE, ""), _SALT, clock.now(), _COOKIE_AGE)
    if found is None:
        return "", []
    browser, names = found.value
    return str(browser), list(names)


def _folded(name: str) -> str:
    return name.strip().lower()


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
