"""Clients that leave in the middle of anything are no event: no traceback, no line, and the next one is served."""

import socket
import struct
from urllib.request import urlopen

import pytest

from tests.waiting import DEADLINE
from tests.web.serving import serve

pytestmark = pytest.mark.usefixtures("office")

BODY = b"POST /phone/demo/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nabc"
CHUNK = b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"
PAGE = b"GET /demo/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
STREAM = b"GET /api/v1/offices/demo/board/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = b"GET /static/x HTTP/1.1\r\nHost: lo"
NOISE = b"\x16\x03\x01noise\r\n\r\n"


def leave(port: int, said: bytes, *, abruptly: bool, heard: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as client:
        client.sendall(said)
        if heard:
            client.recv(heard)
        if abruptly:  # the connection is reset, as when a phone loses its network
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_clients_that_leave_are_no_event(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    with serve(monkeypatch) as port:
        capfd.readouterr()
        for abruptly in (False, True):
            for said in (BODY, CHUNK, PAGE, STREAM, HEAD, NOISE):
                leave(port, said, abruptly=abruptly, heard=0)
            leave(port, PAGE, abruptly=abruptly, heard=100)
            leave(port, STREAM, abruptly=abruptly, heard=10)
        with urlopen(f"http://127.0.0.1:{port}/demo/", timeout=DEADLINE) as answer:
            assert answer.status == 200
    told = capfd.readouterr()
    for word in ("Traceback", "level=error", "Exception"):
        assert word not in told.err + told.out
