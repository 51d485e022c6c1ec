"""Probes of a process whose database hangs: it is alive, it is not ready, and it says so while everything waits."""

import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import psycopg
import pytest

from prepazka.core.office.office import Office
from prepazka.store import figures
from prepazka.web import probes, rsgi, threads
from prepazka.web.probes import Readiness
from tests.waiting import DEADLINE
from tests.web.serving import serve


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A server that accepts every connection and never says a word, as a frozen database does; its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        taken: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(DEADLINE)
        for one in taken:
            one.close()


@pytest.fixture
def port(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(rsgi, "_readiness", Readiness(rsgi._call_django, deadline=0.2))
    with serve(monkeypatch) as port:
        yield port


def ask(port: int, path: str, method: str = "GET") -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if body else None


def test_a_process_whose_database_hangs_is_alive_and_not_ready(
    silent_server: int, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = threading.Semaphore(0)

    def connect(*_: object, **__: object) -> Any:
        hanging.release()
        psycopg.connect(host="127.0.0.1", port=silent_server, connect_timeout=3600)

    with monkeypatch.context() as patched:
        patched.setattr(figures, "is_migrated", connect)
        browsers = [threading.Thread(target=ask, args=(port, "/readyz")) for _ in range(3)]
        for browser in browsers:
            browser.start()
        assert hanging.acquire(timeout=DEADLINE)
        status, said = ask(port, "/readyz")
        assert (status, said["status"], said["check"]) == (503, "not ready", "database")
        assert "has not answered" in said["detail"]
        assert ask(port, "/healthz") == (200, {"status": "ok"})
        assert not hanging.acquire(blocking=False), "one thread asks, however many want to know"
        for browser in browsers:
            browser.join(DEADLINE)


def test_while_all_pages_wait_the_process_is_still_alive_and_ready(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, let_go = threading.Semaphore(0), threading.Event()
    answer = rsgi._call_django

    def wait(environ: dict[str, Any]) -> Any:
        if environ["PATH_INFO"] == "/demo/":
            waiting.release()
            assert let_go.wait(DEADLINE)
        return answer(environ)

    monkeypatch.setattr(rsgi, "_call_django", wait)
    monkeypatch.setattr(rsgi, "_readiness", Readiness(answer, deadline=DEADLINE))
    connections = [HTTPConnection("127.0.0.1", port, timeout=DEADLINE) for _ in range(threads.THREADS)]
    for connection in connections:
        connection.request("GET", "/demo/")
    try:
        for _ in connections:
            assert waiting.acquire(timeout=DEADLINE)
        assert ask(port, "/healthz") == (200, {"status": "ok"})
        assert ask(port, "/readyz")[0] == 200
    finally:
        let_go.set()
        statuses = [connection.getresponse().status for connection in connections]
        for connection in connections:
            connection.close()
    assert statuses == [200] * threads.THREADS


@pytest.mark.parametrize(("method", "body"), [("GET", {"status": "ok"}), ("HEAD", None)])
def test_alive_is_told_without_a_thread(port: int, method: str, body: object) -> None:
    assert ask(port, probes.ALIVE, method) == (200, body)
