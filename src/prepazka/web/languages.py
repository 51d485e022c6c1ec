"""Which language a page speaks: Czech, until somebody chooses another by the link on every page.

What a browser says it prefers is not asked: many who read Czech have a browser in English, and a page whose
language nobody chose would be another one for each of them.
"""

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
    """Middleware: the language of the cookie, while the request is answered; `?language=en` chooses it for a year."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        chosen = request.GET.get(_PARAMETER, "")
        if chosen in _LANGUAGES and request.method in {"GET", "HEAD"}:
            return _remember_choice(request, chosen)
        spoken = request.COOKIES.get(_COOKIE, "")
        with translation.override(spoken if spoken in _LANGUAGES else settings.LANGUAGE_CODE):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            patch_vary_headers(response, ["Cookie"])
            return response

    return middleware


def list_other_languages(request: HttpRequest) -> dict[str, list[tuple[str, str, str]]]:
    """For templates, the other languages of this page: code, name, address."""
    path, query = request.path, request.GET.copy()
    if request.method not in {"GET", "HEAD"}:
        # Where a form was sent to need not be a page; where it stood is one.
        came = urlsplit(request.headers.get("Referer", ""))
        if came.netloc == request.get_host():
            path, query = came.path, QueryDict(came.query, mutable=True)
    found = []
    for code, name in settings.LANGUAGES:
        if code != translation.get_language():
            query[_PARAMETER] = code
            found.append((code, name, f"{path}?{query.urlencode()}"))
    return {"other_languages": found}


def _remember_choice(request: HttpRequest, chosen: str) -> HttpResponseBase:
    query = request.GET.copy()
    del query[_PARAMETER]
    path = f"/{request.path.lstrip('/')}"  # two slashes would name another server
    response = redirect(f"{path}?{query.urlencode()}" if query else path)
    response.set_cookie(_COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS, path="/")
    add_never_cache_headers(response)
    return response
