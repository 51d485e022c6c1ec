"""How long answers take, counted by class of route and of status: never by address, which names people and offices."""

import re
from time import perf_counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from prepazka.store.counting import counting
from prepazka.web.headers import GetResponse

# The first that fits; what citizens see is the rest.
_CLASSES = {
    "probe": r"/(healthz|readyz|metrics)",
    "api": r"/api/.*",
    "gateway": r"/gateways/.*",
    "static": r"/static/.*",
    "account": r"/account/.*",
    "simulator": r"/phone/.*",
    "administration": r"/[^/]+/admin/.*",
    "desk": r"/[^/]+/desk/.*",
    "kiosk": r"/[^/]+/kiosk/.*",
    "board": r"/[^/]+/(board|screen)/.*",
}
_PATTERNS = {name: re.compile(pattern, re.DOTALL) for name, pattern in _CLASSES.items()}


def measure(get_response: GetResponse) -> GetResponse:
    """Middleware: count each answer and its time."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = perf_counter()
        response = get_response(request)
        count(request.path, response.status_code, perf_counter() - begun)
        return response

    return middleware


def count(path: str, status: int, seconds: float) -> None:
    """Count an answer."""
    counting.observe("prepazka_http_seconds", (route_class(path), f"{status // 100}xx"), seconds)


def route_class(path: str) -> str:
    """Return the class of the route that this path has."""
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(path)), "page")
