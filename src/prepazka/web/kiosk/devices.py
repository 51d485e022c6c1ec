"""The devices that may give out tickets: those paired by `prepazka kiosk`; in a demo, any."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from prepazka.core.office.office import Office
from prepazka.store import kiosks, models
from prepazka.web import clock, devices
from prepazka.web.pages import office_at

_KIND = "kiosk"


class KioskRequest(HttpRequest):
    """The request of a view of the kiosk; kiosk is None for any device in a demo."""

    office: Office
    kiosk: models.Kiosk | None


@never_cache
@require_GET
def pair(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Pair this browser by its link."""
    return devices.pair_by_link(request, office_at(slug), _KIND, token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Pair this browser by a short code."""
    return devices.pair_by_code(request, office_at(slug), _KIND)


def paired(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict a view to a kiosk of the office, so that nobody draws tickets from the internet.

    The demo office is open to everybody until a kiosk is paired there.
    """

    @wraps(view)
    @never_cache
    def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        office = office_at(slug)
        kiosk = devices.find(request, office.id, _KIND)
        if kiosk is None and (not settings.SIMULATOR or kiosks.any_of(office.id)):
            return devices.refused_page(request, office, _KIND)
        request.office, request.kiosk = office, kiosk
        response = view(request, *args, **kwargs)
        if kiosk is not None:
            kiosks.note_alive(kiosk, clock.now())
            devices.remember(response, slug, _KIND, request.COOKIES[_KIND])
        return response

    return guarded
