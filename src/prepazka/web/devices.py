"""Devices of the hall: pairing one by its link or by a short code typed on it, and knowing it again by its cookie."""

import secrets
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from prepazka.core.office.office import Office
from prepazka.core.rate_limits import PAIRING_CODES, Bucket
from prepazka.store import kiosks, models, rate_limits
from prepazka.web import clock

# docs/spec/counters.md §8.1: "Browsers keep a cookie for 400 days at most"
_COOKIE_AGE = 400 * 24 * 3600
# Digits of a short code.
_CODE_LENGTH = 8


def make_code() -> str:
    """Return a short code, to be typed on the device."""
    return "".join(secrets.choice("0123456789") for _ in range(_CODE_LENGTH))


def format_code(code: str) -> str:
    """Return the code as people read it: 1234 5678."""
    return f"{code[:4]} {code[4:]}"


def find(request: HttpRequest, office_id: int, kind: str) -> models.Kiosk | None:
    """Return the paired device of this kind that asks, if it is one."""
    return kiosks.of_token(office_id, request.COOKIES.get(kind, ""), kind)


def pair_by_link(request: HttpRequest, office: Office, kind: str, token: str) -> HttpResponse:
    """Pair this browser by its link. A link works once; the paired browser may open it again."""
    secret = secrets.token_urlsafe(32)
    if find(request, office.id, kind):
        return redirect(kind, slug=office.slug)
    if not kiosks.redeem_token(office.id, token, secret, kind):
        return refused_page(request, office, kind)
    return _paired(office, kind, secret)


# docs/spec/safety.md §2.4: "after 20 wrong ones in an hour the office takes none until the hour is over"
def pair_by_code(request: HttpRequest, office: Office, kind: str) -> HttpResponse:
    """Pair this browser by the short code typed on it; asked for the page, show where it is typed."""
    if request.method != "POST":
        return refused_page(request, office, kind)
    typed = "".join(filter(str.isdecimal, request.POST.get("code", "")))[:_CODE_LENGTH]
    tries, secret = [Bucket(PAIRING_CODES, str(office.id), office.id)], secrets.token_urlsafe(32)
    now = clock.now()
    if rate_limits.attempt(tries, now):
        return refused_page(request, office, kind, wrong="often")
    if not kiosks.redeem_code(office.id, typed, secret, now, kind):
        return refused_page(request, office, kind, wrong="code")
    rate_limits.forgive(tries)
    return _paired(office, kind, secret)


def _paired(office: Office, kind: str, secret: str) -> HttpResponse:
    response = redirect(kind, slug=office.slug)
    remember(response, office.slug, kind, secret)
    return response


# docs/spec/safety.md §4.1: "paired devices and officials who are signed in are not counted"
def remember(response: HttpResponseBase, slug: str, kind: str, secret: str) -> None:
    """Give the device its token, for its own pages and for the event stream of its office: anew with every use."""
    for name, path in ((kind, f"/{slug}/{kind}/"), (kiosks.STREAM_COOKIE, f"/api/v1/offices/{slug}/board/")):
        response.set_cookie(
            name, secret, max_age=_COOKIE_AGE, path=path, httponly=True, samesite="Strict", secure=settings.HTTPS
        )


def refused_page(request: HttpRequest, office: Office, kind: str, wrong: str = "") -> HttpResponse:
    """Return the page of a device that is not paired, where a short code can be typed. wrong: "code" or "often"."""
    context = {"office": office, "kind": kind, "wrong": wrong, "pair": f"{kind}-pair-code"}
    return render(request, "web/kiosk/refused.html", context, status=HTTPStatus.FORBIDDEN)
