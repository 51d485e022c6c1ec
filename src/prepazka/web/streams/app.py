"""`…/board/stream`: an office's board as server-sent events, the first at once, then one for each change."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http import parse_cookie
from granian.rsgi import HTTPProtocol, ProtocolClosed

from prepazka.flows.counters.board import KeptBoards, versions
from prepazka.flows.json_lines import board_line
from prepazka.store import kiosks, offices
from prepazka.store.counting import counting
from prepazka.web import clock
from prepazka.web.access import is_signed_in
from prepazka.web.callers import caller_address
from prepazka.web.first_steps import is_public
from prepazka.web.problems import Problem
from prepazka.web.streams.admission import Admission
from prepazka.web.streams.hub import Hub

log = structlog.get_logger()

# Milliseconds after which a browser reconnects.
RECONNECT_AFTER = 2_000
# Seconds after which a refused listener may try again; a page asks for the board meanwhile (live.js).
POLL_AFTER = 60
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


_boards = KeptBoards()


def _make_event(office_id: int) -> bytes:
    """Return the board as an event; its JSON is one line, as the data of an event must be."""
    office = offices.load(office_id)
    state = _boards.board(office, clock.now())
    data = json.dumps(board_line(state, office.zone), ensure_ascii=False, separators=(",", ":"))
    return f"id: {state.version}\nevent: board\ndata: {data}\n\n".encode()


def _is_public(office_id: int) -> bool:
    return is_public(offices.load(office_id))


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


@dataclass(frozen=True, slots=True)
class Listener:
    """Who wants to listen: the caller's address, and its cookies."""

    address: str
    cookies: str

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Listener":
        """Return the listener of a request."""
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        address = caller_address(environ.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)
        return cls(address, environ.get("HTTP_COOKIE", ""))

    def works_in(self, office_id: int) -> bool:
        """Whether it is a kiosk of the office, or somebody signed in who works there. It asks the database."""
        paired = parse_cookie(self.cookies).get(kiosks.STREAM_COOKIE, "")
        return bool(paired and kiosks.of_token(office_id, paired)) or is_signed_in(self.cookies, office_id)


admission = Admission()
counting.show("prepazka_listeners", lambda: admission.listeners)


async def stream(slug: str, listener: Listener, protocol: HTTPProtocol) -> None:
    """Send events to a listener until it leaves, if there is room for it."""
    try:
        office_id = await hub.run_query(partial(_with_live_connection(offices.find), slug))
        if office_id is None:
            return _refuse(protocol, HTTPStatus.NOT_FOUND, f"There is no office {slug!r}.")
        works_here = bool(listener.cookies) and await hub.run_query(
            partial(_with_live_connection(listener.works_in), office_id)
        )
        if not works_here and not await hub.run_query(partial(_with_live_connection(_is_public), office_id)):
            return _refuse(protocol, HTTPStatus.NOT_FOUND, f"There is no office {slug!r}.")
    except DatabaseError:
        return _refuse(protocol, HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be reached.")
    place = None if hub.closed else admission.enter(slug, listener.address, works_here=works_here)
    if place is None:
        detail = "There are as many listeners as there may be; ask for the board itself now and then."
        return _refuse(protocol, HTTPStatus.SERVICE_UNAVAILABLE, detail)
    with place:
        await _send(office_id, protocol)
    return None


async def _send(office_id: int, protocol: HTTPProtocol) -> None:
    """Send events. Each is the whole state, so none before it is needed."""
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


def _refuse(protocol: HTTPProtocol, status: HTTPStatus, detail: str) -> None:
    headers = {"Retry-After": str(POLL_AFTER)} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    response = Problem(status, detail, headers=headers).response
    protocol.response_bytes(status, list(response.headers.items()), response.content)
