"""`…/board/stream`: an office's board as server-sent events, the first at once, then one for each change."""

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

# Listeners of one process; the next ones are refused, and a browser tries again.
MAX_LISTENERS = 5_000
# Milliseconds after which a browser reconnects.
RECONNECT_AFTER = 2_000
# Seconds for sending one event; then the connection counts as lost.
SEND_TIMEOUT = 30.0

_PATH = re.compile(r"/api/v1/offices/([-\w]+)/board/stream")
_HEADERS = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),  # a proxy must not buffer events
    ("x-content-type-options", "nosniff"),
]

T = TypeVar("T")


def office_of_path(path: str) -> str | None:
    """Return the slug of the office whose stream has this path; None for any other path."""
    match = _PATH.fullmatch(path)
    return match[1] if match else None


def _make_event(office_id: int) -> bytes:
    """Return the board as an event; its JSON is one line, as the data of an event must be."""
    office = offices.load(office_id)
    state = board(office, clock.now())
    data = json.dumps(board_line(state, office.zone), ensure_ascii=False, separators=(",", ":"))
    return f"id: {state.version}\nevent: board\ndata: {data}\n\n".encode()


def _with_live_connection(query: Callable[..., T]) -> Callable[..., T]:
    """Make a query replace a database connection that was lost since the last query."""

    def run(*arguments: object) -> T:
        close_old_connections()
        return query(*arguments)

    return run


def make_hub() -> Hub:
    """Return a hub for one event loop."""
    return Hub(_with_live_connection(versions), _with_live_connection(_make_event))


# The hub of this process; `prepazka serve` closes it when the process has to end.
hub = make_hub()


async def stream(slug: str, protocol: HTTPProtocol) -> None:
    """Send events to a listener until it leaves. Each event is the whole state, so none before it is needed."""
    try:
        office_id = await hub.run_query(partial(_with_live_connection(offices.find), slug))
    except DatabaseError:
        return _refuse(protocol, HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be reached.")
    if office_id is None:
        return _refuse(protocol, HTTPStatus.NOT_FOUND, f"There is no office {slug!r}.")
    if hub.closed or hub.listener_count >= MAX_LISTENERS:
        return _refuse(protocol, HTTPStatus.SERVICE_UNAVAILABLE, "This server has as many listeners as it can.")
    connection = protocol.response_stream(HTTPStatus.OK, _HEADERS)
    events = hub.subscribe(office_id)
    try:
        await connection.send_bytes(f"retry: {RECONNECT_AFTER}\n\n".encode())
        async for event in events:
            async with asyncio.timeout(SEND_TIMEOUT):
                await connection.send_bytes(event)
    except (ProtocolClosed, TimeoutError):
        pass  # the listener left, or does not read
    finally:
        await events.aclose()
    return None


def _refuse(protocol: HTTPProtocol, status: HTTPStatus, detail: str) -> None:
    headers = {"Retry-After": str(RETRY_AFTER)} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    response = Problem(status, detail, headers=headers).response
    protocol.response_bytes(status, list(response.headers.items()), response.content)
