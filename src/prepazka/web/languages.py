"""The language of a page: Czech, until somebody chooses another by the link on every page.

The browser's preference is ignored: many people who read Czech use an English browser.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from prepazka.web.headers import GetResponse

_COOKIE, _PARAMETER = "language", "language"
_YEAR = 365 * 24 * 3600
_LANGUAGES = dict(settings.LANGUAGES)


def set_language(get_response: GetResponse) -> GetResponse:
    """Middleware: use the language of the cookie for this request; `?language=en` sets the cookie for a year."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        chosen = request.GET.get(_PARAMETER, "")
        if chosen in _LANGUAGES and request.method in {"GET", "HEAD"}:
            return _remember_choice(request, chosen)
        code = request.COOKIES.get(_COOKIE, "")
        with translation.override(code if code in _LANGUAGES else settings.LANGUAGE_CODE):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            patch_vary_headers(response, ["Cookie"])
            return response

    return middleware


class LanguageLink(NamedTuple):
    """The link to the same page in another language."""

    code: str
    name: str
    address: str


def list_other_languages(request: HttpRequest) -> dict[str, list[LanguageLink]]:
    """Context processor: the links to this page in the other languages."""
    path, query = request.path, request.GET.copy()
    if request.method not in {"GET", "HEAD"}:
        # The address of a submitted form need not be a page; the referring page is one.
        referrer = urlsplit(request.headers.get("Referer", ""))
        if referrer.netloc == request.get_host():
            path, query = referrer.path, QueryDict(referrer.query, mutable=True)
    links = []
    for code, name in settings.LANGUAGES:
        if code != translation.get_language():
            query[_PARAMETER] = code
            links.append(LanguageLink(code, name, f"{path}?{query.urlencode()}"))
    return {"other_languages": links}


def _remember_choice(request: HttpRequest, chosen: str) -> HttpResponseBase:
    query = request.GET.copy()
    del query[_PARAMETER]
    path = f"/{request.path.lstrip('/')}"  # two slashes would begin the address of another server
    response = redirect(f"{path}?{query.urlencode()}" if query else path)
    response.set_cookie(_COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS, path="/")
    add_never_cache_headers(response)
    return response
