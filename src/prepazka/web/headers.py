"""Response headers that none of our libraries sets."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# The pages need no feature of the device.
_NO_FEATURES = "camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), usb=()"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def set_permissions_policy(get_response: GetResponse) -> GetResponse:
    """Middleware: forbid sensors and payments to pages and to anything injected into them."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _NO_FEATURES)
        return response

    return middleware
