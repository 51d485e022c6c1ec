"""An office that its gateway calls, and the calling side of a stand-in, for playing the day.

The office runs in its own process, listens on a port, and is killed with SIGKILL at any time. The caller repeats each
call until it is acknowledged, as gateways do, but without their pauses.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from multiprocessing.synchronize import Event
from queue import Queue
from threading import Condition, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepazka.settings")
django.setup()

from django.db.models import Max, Min  # noqa: E402 -- models can be imported only after the set-up

from prepazka.flows.inbound import receive  # noqa: E402
from prepazka.gateways import android  # noqa: E402
from prepazka.gateways.kinds import KINDS, open_gateway  # noqa: E402
from prepazka.gateways.values import Gateway  # noqa: E402
from prepazka.process.served_gateway import step  # noqa: E402
from prepazka.store import gateways, models  # noqa: E402
from prepazka.store.gateways import Configured  # noqa: E402
from prepazka.web import clock  # noqa: E402
from prepazka.web.wsgi import application  # noqa: E402
from tests.gateways.day import NOW  # noqa: E402
from tests.journeys.child import connect  # noqa: E402

# --- the office --------------------------------------------------------------------------------


class _Server(WSGIServer):
    """A few threads, as in the real server, each with its own database connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._threads = ThreadPoolExecutor(4)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._threads.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:  # the caller is gone
            pass
        finally:
            self.shutdown_request(request)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Log nothing."""


def _whole(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer in one piece, whose length is told: else a kill in the middle of an answer looks like an empty one."""
    content = application(environ, start_response)
    try:
        return [b"".join(content)]
    finally:
        content.close()


def office(database: str, name: str, port: int, looked: Event) -> None:
    """Run an office with this gateway until it is killed: its HTTP port, its worker, its gateway runner.

    looked: set when it has looked once.
    """
    connect(database)
    clock.now = lambda: NOW
    server = make_server("127.0.0.1", port, _whole, server_class=_Server, handler_class=_Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    configured = gateways.find(name)
    assert configured
    gateway = _opened(configured)
    now = _last_try()
    while True:
        if not receive.work(NOW) + step(gateway, now, 0.02):
            now = max(now, _next_due(now))
        looked.set()


def _opened(configured: Configured) -> Gateway:
    """Open the gateway, with the day's clock where it takes one."""
    if configured.kind == "android":
        settings = KINDS["android"].settings.model_validate(configured.settings)
        assert isinstance(settings, android.AndroidSettings)
        return android.Android(configured.name, settings, lambda: NOW)
    return open_gateway(configured.name, configured.kind, configured.settings)


def _last_try() -> datetime:
    last: datetime | None = models.Outbound.objects.aggregate(last=Max("tried_at"))["last"]
    return last or NOW


def _next_due(now: datetime) -> datetime:
    """Return when the next attempt is due: pauses take no real time."""
    due = models.Outbound.objects.filter(state__in=["queued", "sending", "unknown"], due_at__gt=now)
    paused = models.Breaker.objects.filter(paused_until__gt=now)
    moments = [due.aggregate(at=Min("due_at"))["at"], paused.aggregate(at=Min("paused_until"))["at"]]
    return min((moment for moment in moments if moment), default=now)


# --- the caller --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PendingCall:
    """A call to repeat until it is acknowledged; accepted: takes the answer."""

    body: bytes
    accepted: Callable[[bytes], None] = lambda _answer: None


@dataclass
class Caller:
    """Makes calls to /gateways/NAME, several at once, each until its answer is 2xx.

    headers: of each attempt. lost: one answer of so many is lost, so that its call is repeated.
    """

    port: int
    path: str
    headers: Callable[[bytes], Mapping[str, str]]
    lost: int = 0
    accepted: int = 0
    refused: int = 0
    again: int = 0
    changed: Condition = field(default_factory=Condition)

    def __post_init__(self) -> None:
        self._errands: Queue[PendingCall] = Queue()
        self._open = 0
        self._made = 0
        for _ in range(4):
            Thread(target=self._run, daemon=True).start()

    def send(self, call: PendingCall) -> None:
        """Queue a call."""
        with self.changed:
            self._open += 1
        self._errands.put(call)

    @property
    def idle(self) -> bool:
        """Whether all calls are acknowledged."""
        return self._open == 0

    def _run(self) -> None:
        while True:
            call = self._errands.get()
            answer = self._call(call.body)
            if answer is None:
                with self.changed:
                    self.again += 1
                    self.changed.wait(0.02)  # no office is listening: other threads and processes need the time
                self._errands.put(call)
                continue
            call.accepted(answer)
            with self.changed:
                self.accepted += 1
                self._open -= 1
                self.changed.notify_all()

    def _call(self, body: bytes) -> bytes | None:
        """Return the answer, None without one or for a refusal."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", self.path, body, dict(self.headers(body)))
            with self.changed:
                self._made += 1
                lose = self.lost and self._made % self.lost == 0
            response = connection.getresponse()
            answer = response.read()
            if 400 <= response.status < 500:
                self.refused += 1
            return answer if 200 <= response.status < 300 and not lose else None
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()
