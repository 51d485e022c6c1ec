"""SMPP: a centre hands over messages as fast as they are acknowledged, to us and to two clients that keep
nothing.

Each message books a place, so it has one reply. The centre answers every reply at once.
"""

import socket
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

from smpplib import consts

from prepazka.bench import children, scratch
from prepazka.bench.filled import fill_and_count
from prepazka.bench.http import serving
from prepazka.bench.measure import Row
from prepazka.bench.messages import bookings
from prepazka.bench.sizes import Sizes
from prepazka.gateways.smpp.pdus import Framer, Pdu, decode_pdu, encode_pdu
from prepazka.gateways.values import Inbound
from prepazka.store import gateways, models, offices

WINDOW = 100
"""Messages that wait for their acknowledgement at a time."""

_GATEWAY = "smpp"
_WITHIN = 300.0
_CHUNK = 65_536


class _Centre:
    """Hands over messages to the one client that binds. replies: how many it waits for."""

    def __init__(self, inbounds: list[Inbound], *, replies: int) -> None:
        self._waiting = deque(_delivery(number, one) for number, one in enumerate(inbounds, 1))
        self._acknowledgements, self._replies = len(inbounds), replies
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._began = self._acknowledged = self._replied = 0.0
        self._done = Event()
        Thread(target=self._serve, daemon=True).start()

    def wait(self) -> tuple[float, float]:
        """Wait for all of it; return the seconds until the last acknowledgement and until the last reply."""
        if not self._done.wait(_WITHIN):
            raise RuntimeError(f"{self._acknowledgements} acknowledgements and {self._replies} replies did not come")
        return self._acknowledged - self._began, self._replied - self._began

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        self._listening.close()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        framer = Framer()
        with connection:
            while data := connection.recv(_CHUNK):
                answers = bytearray()
                for frame in framer.feed(data):
                    answers += self._answer(decode_pdu(frame))
                connection.sendall(answers)
                if self._acknowledgements <= 0 and self._replies <= 0:
                    self._done.set()

    def _answer(self, pdu: Pdu) -> bytes:
        match pdu.command:
            case "bind_transceiver":
                self._began = perf_counter()
                return encode_pdu(Pdu("bind_transceiver_resp", pdu.sequence, fields={"system_id": "bench"})) + b"".join(
                    self._next() for _ in range(WINDOW)
                )
            case "deliver_sm_resp":
                self._acknowledgements -= 1
                self._acknowledged = perf_counter()
                return self._next()
            case "submit_sm":
                self._replies -= 1
                self._replied = perf_counter()
                return encode_pdu(Pdu("submit_sm_resp", pdu.sequence, fields={"message_id": str(pdu.sequence)}))
            case "enquire_link" | "unbind":
                return encode_pdu(Pdu(f"{pdu.command}_resp", pdu.sequence))
            case _:
                return b""

    def _next(self) -> bytes:
        return self._waiting.popleft() if self._waiting else b""


def _delivery(number: int, inbound: Inbound) -> bytes:
    fields = {
        "source_addr": inbound.sender.removeprefix("+"),
        "source_addr_ton": consts.SMPP_TON_INTL,
        "destination_addr": inbound.recipient.removeprefix("+"),
        "dest_addr_ton": consts.SMPP_TON_INTL,
        "short_message": inbound.text.encode("ascii"),
    }
    return encode_pdu(Pdu("deliver_sm", number, fields=fields))


def measure(sizes: Sizes) -> list[Row]:
    """Measure acknowledging and the whole path, each beside clients that keep nothing."""
    with scratch.database() as url:
        office, filled = scratch.store_towns(2)
        fill_and_count(filled)
        inbounds = list(_messages(office, sizes.delivered))
        usual, bare = _bare_rate("smpplib", inbounds), _bare_rate("bare", inbounds)
        centre = _Centre(inbounds, replies=len(inbounds))
        with tempfile.TemporaryDirectory() as state, serving(url, workers=1) as server:
            idle = server.processor()
            _bind(centre.port, Path(state) / "journal.sqlite3")  # now that everything is loaded
            acknowledged, replied = (len(inbounds) / seconds for seconds in centre.wait())
            each = (server.processor() - idle) / len(inbounds)
    note = f"{1000 * each:.2f} ms of our processor time each"
    many = "beside a client that answers many by one write"
    return [
        Row(f"SMPP, {WINDOW} at a time: acknowledged, beside smpplib", acknowledged, "/s", usual, "ratio ≥ 0.25"),
        Row("SMPP: to the last reply taken, beside smpplib", replied, "/s", usual, "ratio ≥ 0.1", note),
        Row(f"SMPP: acknowledged, {many}", acknowledged, "/s", bare),
        Row(f"SMPP: to the last reply taken, {many}", replied, "/s", bare),
    ]


def _bare_rate(client: str, inbounds: list[Inbound]) -> float:
    """Return how many messages a second a client of `smpp_client` acknowledges."""
    centre = _Centre(inbounds, replies=0)
    with _bare_client(centre.port, client):
        return len(inbounds) / centre.wait()[0]


def _messages(office_id: int, count: int) -> Iterator[Inbound]:
    messages = bookings("smpp", offices.load(office_id).numbers[0], datetime.now(UTC).date())
    return (next(messages) for _ in range(count))


def _bind(port: int, journal: Path) -> None:
    account = {"host": "127.0.0.1", "port": port, "system_id": "bench", "password": "bench", "journal": str(journal)}
    gateways.keep(_GATEWAY, "smpp", account, datetime.now(UTC), "bench")
    models.Number.objects.update(gateway=models.Gateway.objects.get(name=_GATEWAY))


@contextmanager
def _bare_client(port: int, client: str) -> Iterator[None]:
    """Run a client that keeps nothing, in a process of its own, as ours is."""
    running = children.start([sys.executable, "-m", "prepazka.bench.smpp_client", str(port), client])
    try:
        yield
    finally:
        running.terminate()
        running.wait(10)
