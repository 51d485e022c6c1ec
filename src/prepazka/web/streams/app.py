"""`…/board/stream`: an office's board as server-sent events, the first at once, then whenever something changes."""

import asyncio
import json
import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TypeVar

import structlog
from django.db import DatabaseError, close_old_connections
from granian.rsgi import HTTPProtocol, ProtocolClosed

from prepazka.flows.counters.board import board, versions
from prepazka.flows.json_lines import board_line
from prepazka.store import offices
from prepazka.web import clock
from prepazka.web.problems import RETRY_AFTER, Problem
from prepazka.web.streams.hub import Hub

log = structlog.get_logger()

# Listeners one process takes; more are asked to come again (to another process, or later).
MAX_LISTENERS = 5_000
# Milliseconds after which a browser that lost the line comes again.
RECONNECT_AFTER = 2_000
# Seconds one event may wait for its listener to take it; then the line counts as lost.
SEND_TIMEOUT = 30.0

_PATH = re.compile(r"/api/v1/offices/([-\w]+)/board/stream")
_HEADERS = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),  # a proxy must not keep events until it has a bufferful of them
    ("x-content-type-options", "nosniff"),
]

T = TypeVar("T")


def office_of_path(path: str) -> str | None:
    """The office whose stream is at this address; None for any other address."""
    found = _PATH.fullmatch(path)
    return found[1] if found else None


def _make_event(office_id: int) -> bytes:
    """JSON is one line, as the data of an event should be."""
    office = offices.load(office_id)
    now = board(office, clock.now())
    data = json.dumps(board_line(now, office.zone), ensure_ascii=False, separators=(",", ":"))
    return f"id: {now.version}\nevent: board\ndata: {data}\n\n".encode()


def _with_live_connection(question: Callable[..., T]) -> Callable[..., T]:
    """With a connection to the database that works: it may have been lost since the last question."""

    def ask(*arguments: object) -> T:
        close_old_connections()
        return question(*arguments)

    return ask


def make_hub() -> Hub:
    """A hub for one event loop."""
    return Hub(_with_live_connection(versions), _with_live_connection(_make_event))


# This process's; it is closed when the process is told to end.
hub = make_hub()


async def stream(slug: str, protocol: HTTPProtocol) -> None:
    """Tell a listener until it leaves. What it heard last does not matter: every event is the whole state."""
    try:
        office_id = await hub.ask(partial(_with_live_connection(offices.find), slug))
    except DatabaseError:
        return _refuse(protocol, HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be reached.")
    if office_id is None:
        return _refuse(protocol, HTTPStatus.NOT_FOUND, f"There is no office {slug!r}.")
    if hub.closed or hub.count >= MAX_LISTENERS:
        return _refuse(protocol, HTTPStatus.SERVICE_UNAVAILABLE, "This server has as many listeners as it can.")
    line = protocol.response_stream(HTTPStatus.OK, _HEADERS)
    events = hub.listen(office_id)
    try:
        await line.send_bytes(f"retry: {RECONNECT_AFTER}\n\n".encode())
        async for event in events:
            async with asyncio.timeout(SEND_TIMEOUT):
                await line.send_bytes(event)
    except (ProtocolClosed, TimeoutError):
        pass  # the listener left, or does not listen
    finally:
        await events.aclose()
    return None


def _refuse(protocol: HTTPProtocol, status: HTTPStatus, detail: str) -> None:
    headers = {"Retry-After": str(RETRY_AFTER)} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    told = Problem(status, detail, headers=headers).response
    protocol.response_bytes(status, list(told.headers.items()), told.content)
