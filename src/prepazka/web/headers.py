"""Response headers that none of our libraries sets, or none of them quickly."""

from collections.abc import Callable
from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
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


class ContentSecurityPolicy(CSPMiddleware):
    """The library's, but the policy of all pages that ask for no other one is put together once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the policy."""
        if hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        return response

    @cached_property
    def _usual(self) -> str:
        return build_policy()
