"""An HTTP peer on loopback, for tests of gateways that make requests; it records them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLOSE = -1
"""As a status: break the connection instead of answering."""


@dataclass(frozen=True, slots=True)
class Request:
    """A received request; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """The response to send."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Behaviour = Callable[[Request], Response]


@dataclass
class Peer:
    """The peer's address, its requests so far, and its `behaviour`, which may change at any time."""

    behaviour: Behaviour
    url: str = ""
    requests: list[Request] = field(default_factory=list)


@contextmanager
def listening(behaviour: Behaviour) -> Iterator[Peer]:
    """Run a peer with this behaviour on its own port until the block ends."""
    peer = Peer(behaviour)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            peer.requests.append(request)
            response = peer.behaviour(request)
            if response.status == CLOSE:
                self.close_connection = True
                return
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 -- the library's names

        def log_message(self, *_: Any) -> None:
            """Log nothing: tests read `requests`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
