"""Which devices may give out tickets: those paired by `prepazka kiosk`, and in a demo anybody."""

import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from prepazka.core.office.office import Office
from prepazka.store import kiosks, models
from prepazka.web.pages import office_at

_COOKIE = "kiosk"
_COOKIE_AGE = 5 * 365 * 24 * 3600  # a device stands in the hall until it is replaced


class KioskRequest(HttpRequest):
    """What a view of the kiosk is given; kiosk is None for anybody in a demo."""

    office: Office
    kiosk: models.Kiosk | None


@never_cache
@require_GET
def pair(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Make this browser the kiosk whose link it opened. A link works once; whom it made a kiosk may open it again."""
    office, fresh = office_at(slug), secrets.token_urlsafe(32)
    if kiosks.of_token(office.id, request.COOKIES.get(_COOKIE, "")):
        return redirect("kiosk", slug=slug)
    if not kiosks.exchange(office.id, token, fresh):
        return _refused_page(request, office)
    response = redirect("kiosk", slug=slug)
    response.set_cookie(
        _COOKIE,
        fresh,
        max_age=_COOKIE_AGE,
        path=f"/{slug}/kiosk/",
        httponly=True,
        samesite="Strict",
        secure=settings.HTTPS,
    )
    return response


def paired(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view only for a kiosk of the office: tickets given out to the whole internet would be no queue.

    The demo office is open to everybody as long as no kiosk was paired there.
    """

    @wraps(view)
    @never_cache
    def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        office = office_at(slug)
        kiosk = kiosks.of_token(office.id, request.COOKIES.get(_COOKIE, ""))
        if kiosk is None and (not settings.SIMULATOR or kiosks.any_of(office.id)):
            return _refused_page(request, office)
        request.office, request.kiosk = office, kiosk
        return view(request, *args, **kwargs)

    return guarded


def _refused_page(request: HttpRequest, office: Office) -> HttpResponse:
    return render(request, "web/kiosk/refused.html", {"office": office}, status=HTTPStatus.FORBIDDEN)
