"""The door for granian (RSGI): event streams stay on the event loop, everything else is Django's, in threads.

A stream keeps a line open for every listener, which threads cannot give; Django under ASGI is several times slower than
in threads, and so was every WSGI application behind an ASGI adapter, for its many ways between loop and threads
(docs/performance.md). Here a request takes one: its body is read, Django answers in a thread, the answer is sent.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from granian.rsgi import HTTPProtocol, Scope

from prepazka.web.streams import app as streams
from prepazka.web.wsgi import application as django

# A request waits for the database, not for the processor; more threads would only wait for the same lock.
THREADS = 16
# Bytes of a body that are read. Django refuses less (DATA_UPLOAD_MAX_MEMORY_SIZE) but for uploaded files; a body said
# to be longer is left unread, and one without a length has no end WSGI could know.
MAX_BODY = 8 * 1024 * 1024

Headers = list[tuple[str, str]]

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")


async def application(scope: Scope, protocol: HTTPProtocol) -> None:
    """One request."""
    if scope.proto != "http":
        protocol.close(404)  # type: ignore[attr-defined]  # a web socket's; there are none
        return
    slug = streams.office_of_path(scope.path)
    if slug is not None and scope.method == "GET":
        await streams.stream(slug, protocol)
        return
    environ = _make_environ(scope)
    length = environ.get("CONTENT_LENGTH", "")
    body = await protocol() if length.isdecimal() and 0 < int(length) <= MAX_BODY else b""
    environ["wsgi.input"] = BytesIO(body)
    status, headers, content = await asyncio.get_running_loop().run_in_executor(_threads, _call_django, environ)
    protocol.response_bytes(status, headers, content)


def _make_environ(scope: Scope) -> dict[str, Any]:
    """What WSGI (PEP 3333) calls the request, but for its body; texts are bytes as Latin-1 there."""
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
    if scope.authority:  # HTTP/2 has it in place of Host
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:  # would be taken for another header, with a dash
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ and key != "HTTP_HOST" else value
    return environ


def _call_django(environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """Django's whole answer: status, headers, body."""
    begun: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        begun[:] = [(status, headers)]
        return _no_write

    content: Iterable[bytes] = django(environ, start_response)
    try:
        body = b"".join(content)
    finally:
        if hasattr(content, "close"):
            content.close()
    ((status, headers),) = begun
    return int(status[:3]), headers, body


def _no_write(_: bytes) -> None:
    """WSGI's old way to answer, which Django does not go."""
    raise NotImplementedError
