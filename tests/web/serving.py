"""The pages, the API and the event streams as `prepazka serve` serves them, within the test's own process and clock."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from prepazka.web import rsgi, threads
from prepazka.web.streams import app as streams
from tests.ports import free_port
from tests.waiting import DEADLINE, until


@contextmanager
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve until the block ends, and yield the port on the loopback."""
    port = free_port()
    monkeypatch.setattr(streams, "hub", streams.make_hub())
    loop, ready = asyncio.new_event_loop(), threading.Event()
    servers: list[Server] = []
    runner = asyncio.Runner(loop_factory=lambda: loop)  # ends what is left; a task found later is told to another test

    async def main() -> None:
        servers.append(
            Server(rsgi.application, port=port, interface=Interfaces.RSGI, log_level=LogLevels.error, log_enabled=False)
        )
        loop.call_soon(ready.set)
        await servers[0].serve()

    def run() -> None:
        with runner:
            runner.run(main())

    thread = threading.Thread(target=run, name="served")
    thread.start()
    assert ready.wait(DEADLINE)
    until(lambda: _answers(port), "the server answers")
    yield port
    loop.call_soon_threadsafe(streams.hub.close)
    loop.call_soon_threadsafe(servers[0].stop)
    thread.join(DEADLINE)
    assert not thread.is_alive()
    _let_go_of_the_database()


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=DEADLINE):
            return True
    except URLError:
        return False


def _let_go_of_the_database() -> None:
    let_go_of_threads()
    streams.hub._thread.submit(connections.close_all).result(DEADLINE)


def let_go_of_threads() -> None:
    """Threads that answered keep their connections, and a test's database must be free to be emptied."""
    barrier = threading.Barrier(threads.THREADS + 1)

    def close() -> None:
        connections.close_all()
        barrier.wait(DEADLINE)

    for _ in range(threads.THREADS):
        threads.pool.submit(close)
    barrier.wait(DEADLINE)
