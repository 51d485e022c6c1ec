"""A box's connection to bearerbox: kept up by a thread of its own, shared by whoever hears and sends.

Bearerbox keeps every message it has given a box until the box says `Ack`; when the connection ends first, it gives
the message, under the same id, to the next box of the same name. So what was given counts for one connection only.
"""

import select
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from prepazka.gateways.kannel.codec import (
    Ack,
    Admin,
    Command,
    Decoder,
    Garbled,
    Heartbeat,
    KannelMessage,
    Sms,
    Verdict,
    encode,
)

_OCTETS = 1 << 16


class Disconnected(Exception):
    """There is no connection; its argument says why, for the operator."""


@dataclass(frozen=True, slots=True)
class BoxAddress:
    """Where bearerbox listens for boxes, and what this box is called."""

    host: str
    port: int
    box: str


@dataclass(frozen=True, slots=True)
class Times:
    """How long things may take, in seconds.

    connect: opening a connection; write: giving one message to the network. heartbeat: between two of ours. dead: a
    peer whose machine or network says nothing at all for so long is gone. first_pause, longest_pause: between two
    attempts to connect; it doubles. proven: a connection that has lasted so long begins with the first pause again.
    """

    connect: float = 5.0
    write: float = 10.0
    heartbeat: float = 10.0
    dead: float = 60.0
    first_pause: float = 0.2
    longest_pause: float = 15.0
    proven: float = 5.0

    def pause(self, failures: int) -> float:
        """How long to wait after so many connections in a row that came to nothing."""
        return min(self.longest_pause, self.first_pause * 2.0 ** min(failures, 32))


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """How a session is. fault: why there is no connection, "" at the beginning. heard, oldest: seconds since bearerbox
    last said anything, and since it gave the oldest of what is not acknowledged, None where there is nothing."""

    connected: bool
    fault: str
    last_received: float | None
    unacknowledged: int
    oldest: float | None


class _Connection:
    """One connection, and what bearerbox gave and answered on it."""

    def __init__(self, socket_: socket.socket) -> None:
        self.socket = socket_
        self.writing = threading.Lock()
        self.given: dict[UUID, tuple[Sms, float]] = {}
        self.answers: dict[UUID, Ack] = {}
        self.last_received: float | None = None


class Handover:
    """A message that was given to bearerbox, on one connection."""

    def __init__(self, session: "BoxSession", connection: _Connection, ids: tuple[UUID, ...], *, whole: bool) -> None:
        self._session = session
        self._connection = connection
        self._whole = whole
        self.ids = ids

    def answers(self, wait: float) -> tuple[Mapping[UUID, Ack], bool]:
        """Bearerbox's answers to its parts, after `wait` seconds at most; and whether the connection stood till then.

        A connection that stands without an answer is ended: whoever reads but does not answer is as good as gone.
        """
        return self._session.take_answers(self._connection, self.ids, wait if self._whole else 0.0)


class BoxSession:
    """Connects at the first use, and again whenever the connection ends, until it is closed. Safe between threads."""

    def __init__(self, address: BoxAddress, times: Times | None = None) -> None:
        self._address = address
        self._times = times or Times()
        self._changed = threading.Condition()
        self._connection: _Connection | None = None
        self._fault = ""
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def started(self) -> bool:
        """Whether it was ever used, so that bearerbox may know this box."""
        return self._thread is not None

    def given(self, wait: float, limit: int) -> list[Sms]:
        """What bearerbox gave and waits to have acknowledged, in order; when there is nothing, after `wait` at most."""
        self._start()
        with self._changed:
            self._changed.wait_for(lambda: self._connection is not None and self._connection.given, wait)
            return [sms for sms, _ in list(self._connection.given.values())[:limit]] if self._connection else []

    def ack(self, ids: Sequence[UUID]) -> None:
        """Say that these are stored; those of a connection that has ended will be given again, as bearerbox does."""
        with self._changed:
            connection = self._connection
            mine = [id_ for id_ in ids if connection and connection.given.pop(id_, None)]
        if connection and mine:
            now = int(time.time())
            self._write(connection, b"".join(encode(Ack(Verdict.SUCCESS, now, id_)) for id_ in mine))

    def hand_over(self, parts: Sequence[Sms], wait: float) -> Handover:
        """Give bearerbox the parts of one message, having waited for a connection.

        Raises: Disconnected: not an octet was given.
        """
        self._start()
        frames = b"".join(map(encode, parts))
        with self._changed:
            self._changed.wait_for(lambda: self._connection is not None or self._closing.is_set(), wait)
            connection = self._connection
            if connection is None:
                raise Disconnected(self._fault or "not connected yet")
            for part in parts:  # what was said of an earlier try is no answer to this one
                connection.answers.pop(part.id, None)
        whole = self._write(connection, frames)
        return Handover(self, connection, tuple(part.id for part in parts), whole=whole)

    def state(self) -> ConnectionState:
        """How it is now."""
        now = time.monotonic()
        with self._changed:
            connection = self._connection
            if connection is None:
                return ConnectionState(False, self._fault, None, 0, None)
            oldest = min((at for _, at in connection.given.values()), default=None)
            return ConnectionState(
                connected=True,
                fault="",
                last_received=None if connection.last_received is None else now - connection.last_received,
                unacknowledged=len(connection.given),
                oldest=None if oldest is None else now - oldest,
            )

    def close(self) -> None:
        """End the connection; what is not acknowledged goes to the next box."""
        self._closing.set()
        with self._changed:
            connection = self._connection
            self._changed.notify_all()
        if connection:
            _hang_up(connection.socket)
        if self._thread:
            self._thread.join()

    def take_answers(
        self, connection: _Connection, ids: Sequence[UUID], wait: float
    ) -> tuple[Mapping[UUID, Ack], bool]:
        """See `Handover.answers`."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._connection is not connection or connection.answers.keys() >= set(ids), wait
            )
            stands = self._connection is connection
            found = {id_: connection.answers.pop(id_) for id_ in ids if id_ in connection.answers}
        if stands and len(found) < len(ids):
            _hang_up(connection.socket)
        return found, stands

    # --- the thread

    def _start(self) -> None:
        with self._changed:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name=f"box {self._address.box}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            began = time.monotonic()
            fault = self._connect_and_read()
            with self._changed:
                self._connection = None
                self._fault = fault
                self._changed.notify_all()
            failures = 0 if time.monotonic() - began >= self._times.proven else failures + 1
            self._closing.wait(self._times.pause(failures))

    def _connect_and_read(self) -> str:
        """One connection from its beginning to its end; why it ended."""
        try:
            socket_ = socket.create_connection((self._address.host, self._address.port), self._times.connect)
        except OSError as error:
            return f"cannot connect ({error.strerror or type(error).__name__})"
        with socket_:
            connection = _Connection(socket_)
            try:
                self._prepare(socket_)
                socket_.sendall(encode(Admin(Command.IDENTIFY, self._address.box.encode())))
                with self._changed:
                    self._connection = connection
                    self._changed.notify_all()
                return self._read(connection)
            except OSError as error:
                return f"the connection broke ({error.strerror or type(error).__name__})"
            except Garbled as garbled:
                return f"what it says is not the box protocol of Kannel 1.4.5: {garbled}"

    def _prepare(self, socket_: socket.socket) -> None:
        """Let the system notice a machine that is gone, whether we write to it or wait for it."""
        socket_.settimeout(self._times.write)
        socket_.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        socket_.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        each = max(1, int(self._times.dead / 4))
        for option, value in (
            ("TCP_KEEPIDLE", each),
            ("TCP_KEEPINTVL", each),
            ("TCP_KEEPCNT", 3),
            ("TCP_USER_TIMEOUT", int(self._times.dead * 1000)),
        ):
            if hasattr(socket, option):  # Linux has all of them
                socket_.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

    def _read(self, connection: _Connection) -> str:
        decoder = Decoder()
        beat = time.monotonic()
        while not self._closing.is_set():
            beat += self._times.heartbeat
            while (left := beat - time.monotonic()) > 0:
                if not select.select([connection.socket], [], [], left)[0]:
                    break
                data = connection.socket.recv(_OCTETS)
                if not data:
                    return "it closed the connection"
                decoder.feed(data)
                for message in decoder.messages():
                    if fault := self._take(connection, message):
                        return fault
            with self._changed:
                load = len(connection.given)
            self._write(connection, encode(Heartbeat(load)))
        return "closed by us"

    def _take(self, connection: _Connection, message: KannelMessage) -> str:
        """Keep what bearerbox says; why the connection is to be ended, "" when it is not."""
        now = time.monotonic()
        with self._changed:
            connection.last_received = now
            match message:
                case Sms():
                    connection.given[message.id] = (message, now)
                case Ack():
                    connection.answers[message.id] = message
                case Admin(command=Command.SHUTDOWN | Command.RESTART):
                    return "it is being shut down"
                case Admin() | Heartbeat():
                    pass
            self._changed.notify_all()
        return ""

    def _write(self, connection: _Connection, octets: bytes) -> bool:
        """Whether all of it was taken by the network; if not, the connection is ended, for half a frame may be out."""
        try:
            with connection.writing:
                connection.socket.sendall(octets)
        except OSError:
            _hang_up(connection.socket)
            return False
        return True


def _hang_up(socket_: socket.socket) -> None:
    """End a connection another thread may be reading."""
    with suppress(OSError):  # it has ended already
        socket_.shutdown(socket.SHUT_RDWR)
