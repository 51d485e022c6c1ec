"""The RSGI application for granian: event streams run on the event loop, Django runs in threads.

A stream keeps a connection open for each listener, for which threads are too expensive. Django under ASGI, and every
WSGI application behind an ASGI adapter, was several times slower, because of many switches between loop and threads
(docs/performance.md). Here a request switches once: its body is read, Django answers in a thread, the response is sent.
Messages handed in do without Django's stack, and callers of one office share a thread (web/api/direct.py).
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from io import BytesIO
from threading import Event
from typing import Any

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope

from prepazka.web import bodies, probes
from prepazka.web.bodies import read_body
from prepazka.web.probes import Headers, Readiness, Response
from prepazka.web.streams import app as streams
from prepazka.web.threads import in_thread
from prepazka.web.when_asked import Pages
from prepazka.web.wsgi import application as django

# docs/spec/safety.md §2.2: "A refusal by a limit is sent a second after it was made"
_HELD_BACK = 1.0
_MOST_HELD_BACK = 500

# Where gateways hand in messages (web/api/direct.py).
_MESSAGES = "/api/v1/messages"

answered = Event()
"""Set by the first answer of Django in this process; what can wait for that does (process/serving.py)."""


async def application(scope: Scope, protocol: HTTPProtocol) -> None:
    """Serve one request; to a client that left there is nothing more to say."""
    with suppress(ProtocolClosed):
        await _serve(scope, protocol)


async def _serve(scope: Scope, protocol: HTTPProtocol) -> None:
    if scope.proto != "http":
        protocol.close(404)  # type: ignore[attr-defined]  # a web socket; we have none
        return
    if scope.path == probes.ALIVE and scope.method in {"GET", "HEAD"}:
        _send(protocol, probes.alive(with_body=scope.method == "GET"))
        return
    slug = streams.office_of_path(scope.path)
    if slug is not None and scope.method == "GET":
        await streams.stream(slug, streams.Listener.of(_make_environ(scope)), protocol)
        return
    environ = _make_environ(scope)
    try:
        may_send = partial(in_thread, partial(bodies.most_of, environ))
        body = await read_body(protocol, environ.get("CONTENT_LENGTH", ""), may_send)
    except bodies.BodyLate:
        protocol.response_empty(*bodies.LATE)
        return
    except bodies.BodyRefused:
        body = b""
        bodies.mark_refused(environ)
    environ["wsgi.input"] = BytesIO(body)
    if scope.path == probes.READY:
        response = await _readiness.ask(environ)
    elif scope.path == _MESSAGES and scope.method == "POST" and not bodies.is_refused(environ):
        response = await _answer_directly(environ, body)
    else:
        response = await in_thread(partial(_call_django, environ))
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        await _refusals.hold_back()
    _send(protocol, response)
    if not answered.is_set():
        answered.set()


# Messages handed in do without Django's stack; what answers them is loaded with the pages.
_direct = Pages("prepazka.web.api.direct").answer


async def _answer_directly(environ: dict[str, Any], body: bytes) -> Response:
    answer: Any = _direct.view() if _direct.is_loaded else await in_thread(_direct.view)
    response: Response = await answer(environ, body)
    return response


def _send(protocol: HTTPProtocol, response: Response) -> None:
    protocol.response_bytes(response.status, response.headers, response.body)


def _make_environ(scope: Scope) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of the request, without its body; texts are bytes as Latin-1 there."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:  # HTTP/2 sends it in place of Host
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:  # WSGI would confuse it with the same name with a dash
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ and key != "HTTP_HOST" else value
    return environ


class _Refusals:
    """Refusals by a limit, held back for a moment on the event loop, so that whoever repeats at once is slow and cheap.

    A flood on very many connections is answered at once: they are what becomes scarce then.
    """

    def __init__(self) -> None:
        self._held = 0

    async def hold_back(self) -> None:
        if self._held >= _MOST_HELD_BACK:
            return
        self._held += 1
        try:
            await asyncio.sleep(_HELD_BACK)
        finally:
            self._held -= 1


_refusals = _Refusals()


def _call_django(environ: dict[str, Any]) -> Response:
    """Return Django's whole response."""
    status, response_headers = 0, Headers()

    def start_response(status_line: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        nonlocal status, response_headers
        status, response_headers = int(status_line[:3]), headers
        return _no_write

    content: Iterable[bytes] = django(environ, start_response)
    try:
        body = b"".join(content)
    finally:
        if hasattr(content, "close"):
            content.close()
    return Response(status, response_headers, body)


_readiness = Readiness(_call_django)


def _no_write(_: bytes) -> None:
    """Refuse WSGI's old way of writing, which Django does not use."""
    raise NotImplementedError
