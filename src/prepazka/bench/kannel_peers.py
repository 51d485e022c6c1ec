"""What stands around a box of Kannel in the bench: a real bearerbox, the SMS centre behind it, and a counting relay.

The centre speaks the lines of bearerbox's driver `fake`: sender, recipient, "text", text. Bearerbox stores each message
on its disk, hands it to the box, and keeps it until the box acknowledges it.
"""

import re
import shutil
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import Signals
from threading import Event, Thread
from time import perf_counter

from prepazka.bench import children
from prepazka.gateways.kannel import status
from prepazka.gateways.values import Inbound

BOX = "prepazka"
_PASSWORD = "bench"  # noqa: S105 -- of a bearerbox on the loopback that lives for seconds
_CONFIGURATION = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
status-password = {password}
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-file = "{directory}/bearerbox.log"
log-level = 4
store-type = spool
store-location = "{directory}"

group = smsbox-route
smsbox-id = {box}
smsc-id = bench

group = smsbox
bearerbox-host = 127.0.0.1

group = smsc
smsc = fake
smsc-id = bench
port = {centre}
connect-allow-ip = 127.0.0.1
"""
_CHUNK = 65_536
_WITHIN = 300.0
_NUMBER = struct.Struct(">i")
# The kinds of a frame that count, and the type of a message that is no report (Kannel's gw/msg-decl.h).
_SMS, _ACK, _FROM_PHONE = 2, 3, 0
# Fields before the id of a message: four strings, a number, five strings; of an acknowledgement: two numbers.
_BEFORE_TIME, _AFTER_TIME = 4, 5
_REPLY = re.compile(rb"(?m)^\S+ (\S+) (?:udh \S+ )?(?:text|data|ucs-2) ")


def program() -> str | None:
    """Return the path of bearerbox; None where Kannel is not installed."""
    return shutil.which("bearerbox") or shutil.which("bearerbox", path="/usr/sbin:/sbin")


class Bearerbox:
    """A bearerbox of its own, with an empty store, on free ports of the loopback."""

    def __init__(self, path: str, directory: Path) -> None:
        self._admin, self.boxes, self.centre = (_free_port() for _ in range(3))
        configuration = directory / "kannel.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                admin=self._admin,
                boxes=self.boxes,
                centre=self.centre,
                password=_PASSWORD,
                box=BOX,
                directory=directory,
            ),
            "ascii",
        )
        # At SIGTERM it would wait until its queue is empty.
        self._process = children.start([path, "-v", "4", str(configuration)], silent=True, ended_by=Signals.SIGKILL)

    def wait_until_running(self) -> None:
        """Raises: RuntimeError when it does not start."""
        _wait(lambda: self._status() is not None, "bearerbox did not start")

    def wait_for_box(self) -> None:
        """Raises: RuntimeError when no box identifies itself."""
        _wait(lambda: (page := self._status()) is not None and bool(page.boxes), "no box came to bearerbox")

    def close(self) -> None:
        """End it at once: nothing in it is wanted any more."""
        self._process.kill()
        self._process.wait()

    def _status(self) -> status.Status | None:
        with suppress(status.UnreadableStatus):
            return status.fetch_status("127.0.0.1", self._admin, _PASSWORD, 5)
        return None


class Relay:
    """Passes octets between bearerbox and the one box that connects to `port`, and counts acknowledged messages.

    Bearerbox's page tells only how much it keeps, its reports on our replies among it.
    """

    def __init__(self, boxes: int, messages: int) -> None:
        self._boxes, self._left = boxes, messages
        self._given: set[bytes] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.acknowledged = Event()
        self.acknowledged_at = 0.0
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        box, _ = self._listening.accept()
        self._listening.close()
        bearerbox = socket.create_connection(("127.0.0.1", self._boxes))
        for end in (box, bearerbox):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Thread(target=_pass_on, args=(bearerbox, box, self._on_given), daemon=True).start()
        _pass_on(box, bearerbox, self._on_answer)

    def _on_given(self, frame: bytes) -> None:
        if id_ := _message_id(frame):
            self._given.add(id_)

    def _on_answer(self, frame: bytes) -> None:
        if _kind(frame) == _ACK and (id_ := _string(frame, 3 * _NUMBER.size)[0]) in self._given:
            self._given.remove(id_)
            self._left -= 1
            if not self._left:
                self.acknowledged_at = perf_counter()
                self.acknowledged.set()


class Centre:
    """The SMS centre behind bearerbox. It hands over messages, and takes each reply at once."""

    def __init__(self, port: int, replies: int) -> None:
        """replies: how many `replied` waits for, each to another phone."""
        self._socket = _connect(port)
        self._replies = replies
        self.replied = Event()
        self.replied_at = 0.0
        Thread(target=self._read, daemon=True).start()

    def hand_over(self, inbounds: Sequence[Inbound]) -> float:
        """Begin to give bearerbox all messages, as fast as it takes them; return when it began."""
        lines = b"".join(f"{one.sender} {one.recipient} text {one.text}\n".encode("ascii") for one in inbounds)
        began = perf_counter()
        Thread(target=self._socket.sendall, args=(lines,), daemon=True).start()
        return began

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _read(self) -> None:
        phones: set[bytes] = set()
        rest = b""
        with suppress(OSError):  # closed
            while data := self._socket.recv(_CHUNK):
                lines, _, rest = (rest + data).rpartition(b"\n")
                phones.update(_REPLY.findall(lines))
                if len(phones) >= self._replies and not self.replied.is_set():
                    self.replied_at = perf_counter()
                    self.replied.set()


@contextmanager
def running(path: str, directory: Path) -> Iterator[Bearerbox]:
    """Run a bearerbox with its files in the directory."""
    bearerbox = Bearerbox(path, directory)
    try:
        bearerbox.wait_until_running()
        yield bearerbox
    finally:
        bearerbox.close()


def _pass_on(source: socket.socket, sink: socket.socket, on_frame: Callable[[bytes], None]) -> None:
    rest = b""
    with suppress(OSError), source, sink:  # one of them has ended
        while data := source.recv(_CHUNK):
            # As our box does, which bearerbox would reach without us; see there.
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            rest = _each_frame(rest + data, on_frame)
            sink.sendall(data)


def _each_frame(data: bytes, on_frame: Callable[[bytes], None]) -> bytes:
    """Show each complete frame, without its length; return what is left."""
    offset = 0
    while len(data) >= offset + _NUMBER.size:
        end = offset + _NUMBER.size + _NUMBER.unpack_from(data, offset)[0]
        if len(data) < end:
            break
        on_frame(data[offset + _NUMBER.size : end])
        offset = end
    return data[offset:]


def _kind(frame: bytes) -> int:
    return int(_NUMBER.unpack_from(frame)[0])


def _message_id(frame: bytes) -> bytes:
    """Return the id of a message from a phone, b"" for any other frame. Decoding all fields would take ten times as
    long."""
    if _kind(frame) != _SMS:
        return b""
    offset = _NUMBER.size
    for _ in range(_BEFORE_TIME):
        offset = _string(frame, offset)[1]
    offset += _NUMBER.size
    for _ in range(_AFTER_TIME):
        offset = _string(frame, offset)[1]
    id_, offset = _string(frame, offset)
    return id_ if _NUMBER.unpack_from(frame, offset)[0] == _FROM_PHONE else b""


def _string(frame: bytes, offset: int) -> tuple[bytes, int]:
    """Return the string at an offset, and the offset behind it."""
    begins = offset + _NUMBER.size
    ends = begins + max(_NUMBER.unpack_from(frame, offset)[0], 0)
    return frame[begins:ends], ends


def _connect(port: int) -> socket.socket:
    """Connect as soon as bearerbox listens for its centre."""
    until = time.monotonic() + _WITHIN
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _wait(reached: Callable[[], bool], otherwise: str) -> None:
    """Raises: RuntimeError when it is not reached."""
    until = time.monotonic() + _WITHIN
    while not reached():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
