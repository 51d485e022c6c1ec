"""Bodies of requests: how much is read from whom, and for how long.

Whoever is not signed in and has no token makes the server keep little, and for a short time.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from granian.rsgi import HTTPProtocol

from prepazka.web import errors
from prepazka.web.access import is_signed_in
from prepazka.web.headers import GetResponse
from prepazka.web.tokens import is_token

# The longest bodies in bytes: of anybody, of whoever is known, and of a file that somebody signed in uploads.
ANYBODY = 64 * 1024
KNOWN = 1024 * 1024
UPLOAD = 8 * 1024 * 1024
# Seconds in which a body arrives, and such a file.
IN_TIME, UPLOAD_IN_TIME = 10.0, 60.0

_REFUSED = "prepazka.body_refused"


class BodyLate(Exception):
    """The body did not arrive in time."""


class BodyRefused(Exception):
    """The body is longer than this caller may send; it was not read."""


# docs/spec/safety.md §4.2: "A body that does not arrive within 10 seconds is ended"
async def read_body(protocol: HTTPProtocol, length: str, may_send: Callable[[], Any]) -> bytes:
    """Return the body of a request with this Content-Length; without one, its end could not be known.

    may_send: returns an awaitable of how much the caller may send, asked only for what not anybody may send.

    Raises: BodyRefused; BodyLate; ProtocolClosed when the client left.
    """
    if not length.isascii() or not length.isdecimal():
        return b""
    size = int(length[:12])  # a number with more digits is too large as well
    if size > UPLOAD or (size > ANYBODY and size > await may_send()):
        raise BodyRefused
    try:
        async with asyncio.timeout(UPLOAD_IN_TIME if size > KNOWN else IN_TIME):
            return await protocol() if size else b""
    except TimeoutError:
        raise BodyLate from None


# docs/spec/safety.md §4.2: "64 kB from anybody, 1 MB from whoever is signed in or has a token"
def most_of(environ: dict[str, Any]) -> int:
    """Return the longest body in bytes that this caller may send. It asks the database."""
    close_old_connections()
    if is_signed_in(environ.get("HTTP_COOKIE", "")):
        return UPLOAD if environ.get("CONTENT_TYPE", "").startswith("multipart/form-data") else KNOWN
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return KNOWN if scheme.lower() == "bearer" and is_token(token.strip()) else ANYBODY


def mark_refused(environ: dict[str, Any]) -> None:
    """Let the request be answered that its body is too long, in the looks of the page it was sent to."""
    environ[_REFUSED] = True


def is_refused(environ: dict[str, Any]) -> bool:
    """Whether the body of a request was not read."""
    return _REFUSED in environ


def refuse_too_long(get_response: GetResponse) -> GetResponse:
    """Middleware: answer a request whose body was not read."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return errors.too_large(request) if is_refused(request.META) else get_response(request)

    return middleware


LATE = (HTTPStatus.REQUEST_TIMEOUT, [("connection", "close"), ("content-type", "text/plain; charset=utf-8")])
"""The status and the headers of an answer to a body that did not come."""
