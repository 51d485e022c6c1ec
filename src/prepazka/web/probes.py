"""Probes beside the threads of pages: pages that all wait for the database leave no thread to tell that."""

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, NamedTuple

ALIVE, READY = "/healthz", "/readyz"

# docs/spec/health.md §1: "within two seconds"
DEADLINE = 2.0

Headers = list[tuple[str, str]]


class Response(NamedTuple):
    """A whole response."""

    status: int
    headers: Headers
    body: bytes


def _respond(status: HTTPStatus, said: Mapping[str, str]) -> Response:
    headers = [
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ]
    return Response(status.value, headers, json.dumps(said).encode())


def alive(*, with_body: bool = True) -> Response:
    """Return that the process answers; no thread and no database is needed."""
    found = _respond(HTTPStatus.OK, {"status": "ok"})
    return found if with_body else found._replace(body=b"")


class Readiness:
    """Asks whether this process can work, in a thread of its own, and answers within the deadline whatever hangs.

    Callers who come while it is asked share the answer. answer: what `/readyz` itself says; it may block.
    """

    def __init__(self, answer: Callable[[dict[str, Any]], Response], deadline: float = DEADLINE) -> None:
        self._answer = answer
        self._deadline = deadline
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readiness")
        self._running: Future[Response] | None = None

    async def ask(self, environ: dict[str, Any]) -> Response:
        """Return the answer, or 503 when there is none in time."""
        if self._running is None or self._running.done():
            self._running = self._thread.submit(self._answer, environ)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._running)), self._deadline)
        except TimeoutError:
            late = f"the database has not answered for {self._deadline:g} s"
            return _respond(
                HTTPStatus.SERVICE_UNAVAILABLE, {"status": "not ready", "check": "database", "detail": late}
            )
