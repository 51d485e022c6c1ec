"""What systemd is told of a service that it started."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from prepazka.process import supervision
from tests.gateways.peers import Response, listening


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket at which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


def heard(listener: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(listener.recv(100).decode())
        except BlockingIOError:
            return found


class Enough(Exception):
    """The test has seen what it wanted."""


def test_it_is_ready_when_it_answers_and_alive_as_long_as_it_does(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "180000000")
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 5:
            raise Enough

    answers = iter([False, False, True, True, False, True])
    monkeypatch.setattr(supervision, "answers", lambda *_: next(answers))
    with pytest.raises(Enough):
        supervision.tell("127.0.0.1", 8000, sleep)
    assert slept == [0.1, 0.1, 60, 60, 60]
    assert heard(systemd) == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]


def test_without_a_watchdog_it_is_told_once(systemd: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    monkeypatch.setattr(supervision, "answers", lambda *_: True)
    supervision.tell("127.0.0.1", 8000)
    assert heard(systemd) == ["READY=1"]


def test_a_watchdog_of_another_process_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid() + 1))
    assert supervision.pause() == 0
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    assert supervision.pause() == 10


def test_a_socket_that_is_gone_does_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for address in (str(tmp_path / "none"), "@prepazka-nobody-listens"):
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        supervision.notify("READY=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    assert not supervision.wanted()


@pytest.mark.parametrize(("status", "alive"), [(200, True), (500, False)])
def test_it_is_alive_when_healthz_is_answered(status: int, alive: bool) -> None:
    with listening(lambda _: Response(status, b"ok")) as peer:
        host, _, port = peer.url.removeprefix("http://").partition(":")
        assert supervision.answers(host, int(port)) is alive
        assert [request.target for request in peer.requests] == ["/healthz"]


def test_nobody_who_listens_is_not_alive() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert not supervision.answers("127.0.0.1", taken.getsockname()[1])
