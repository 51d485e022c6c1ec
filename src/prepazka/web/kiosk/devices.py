"""The devices that may give out tickets: those paired by `prepazka kiosk`; in a demo, any."""

import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from prepazka.core.office.office import Office
from prepazka.store import kiosks, models
from prepazka.web.pages import office_at

_COOKIE = "kiosk"
_COOKIE_AGE = 5 * 365 * 24 * 3600  # five years: a device stays in the hall until it is replaced


class KioskRequest(HttpRequest):
    """The request of a view of the kiosk; kiosk is None for any device in a demo."""

    office: Office
    kiosk: models.Kiosk | None


@never_cache
@require_GET
def pair(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Pair this browser by its link. A link works once; the paired browser may open it again."""
    office, secret = office_at(slug), secrets.token_urlsafe(32)
    if kiosks.of_token(office.id, request.COOKIES.get(_COOKIE, "")):
        return redirect("kiosk", slug=slug)
    if not kiosks.redeem_token(office.id, token, secret):
        return _refused_page(request, office)
    response = redirect("kiosk", slug=slug)
    _remember(response, slug, secret)
    return response


def paired(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict a view to a kiosk of the office, so that nobody draws tickets from the internet.

    The demo office is open to everybody until a kiosk is paired there.
    """

    @wraps(view)
    @never_cache
    def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        office = office_at(slug)
        kiosk = kiosks.of_token(office.id, request.COOKIES.get(_COOKIE, ""))
        if kiosk is None and (not settings.SIMULATOR or kiosks.any_of(office.id)):
            return _refused_page(request, office)
        request.office, request.kiosk = office, kiosk
        response = view(request, *args, **kwargs)
        if kiosk is not None:  # devices paired by earlier versions have it for their pages only
            _remember(response, slug, request.COOKIES[_COOKIE])
        return response

    return guarded


# docs/spec/safety.md §4.1: "paired devices and officials who are signed in are not counted"
def _remember(response: HttpResponseBase, slug: str, secret: str) -> None:
    """Give the device its token for the kiosk's pages, and for the event stream of its office."""
    for name, path in ((_COOKIE, f"/{slug}/kiosk/"), (kiosks.STREAM_COOKIE, f"/api/v1/offices/{slug}/board/")):
        response.set_cookie(
            name, secret, max_age=_COOKIE_AGE, path=path, httponly=True, samesite="Strict", secure=settings.HTTPS
        )


def _refused_page(request: HttpRequest, office: Office) -> HttpResponse:
    return render(request, "web/kiosk/refused.html", {"office": office}, status=HTTPStatus.FORBIDDEN)
