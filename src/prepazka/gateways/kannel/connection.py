"""One TCP connection to bearerbox, with the messages and answers that belong to it."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from prepazka.gateways.kannel.codec import Ack, Admin, Command, KannelMessage, Sms, encode


@dataclass(frozen=True, slots=True)
class BoxAddress:
    """The address bearerbox listens on for boxes, and the name of this box."""

    host: str
    port: int
    box: str


@dataclass(frozen=True, slots=True)
class Times:
    """Time limits, in seconds.

    connect: to open a connection; write: to pass one message to the network. heartbeat: between two of ours. dead: a
    peer whose host does not react for so long is gone. first_pause, longest_pause: between two attempts to connect;
    the pause doubles. proven: a connection that has lasted so long resets the pause.
    """

    connect: float = 5.0
    write: float = 10.0
    heartbeat: float = 10.0
    dead: float = 60.0
    first_pause: float = 0.2
    longest_pause: float = 15.0
    proven: float = 5.0

    def pause(self, failures: int) -> float:
        """Return the seconds to wait after so many failed connections in a row."""
        return min(self.longest_pause, self.first_pause * 2.0 ** min(failures, 32))


class Connection:
    """An open connection. The session's condition guards everything but `write` and `hang_up`.

    unacknowledged: the messages bearerbox has given, with the time (monotonic) of each. answers: bearerbox's answers
    by message id. last_received: when bearerbox sent anything, None before that.
    """

    def __init__(self, socket_: socket.socket) -> None:
        self.socket = socket_
        self.unacknowledged: dict[UUID, tuple[Sms, float]] = {}
        self.answers: dict[UUID, Ack] = {}
        self.last_received: float | None = None
        self._writing = threading.Lock()

    @classmethod
    def open(cls, address: BoxAddress, times: Times) -> "Connection":
        """Connect. Raises: OSError."""
        return cls(socket.create_connection((address.host, address.port), times.connect))

    def identify(self, box: str, times: Times) -> None:
        """Set the socket's options and send the name of this box. Raises: OSError."""
        self.socket.settimeout(times.write)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The system detects a host that is gone, both while writing and while waiting.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        each = max(1, int(times.dead / 4))
        for option, value in (
            ("TCP_KEEPIDLE", each),
            ("TCP_KEEPINTVL", each),
            ("TCP_KEEPCNT", 3),
            ("TCP_USER_TIMEOUT", int(times.dead * 1000)),
        ):
            if hasattr(socket, option):  # Linux has all of them
                self.socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
        self.socket.sendall(encode(Admin(Command.IDENTIFY, box.encode())))

    def receive(self, limit: int) -> bytes:
        """Return what bearerbox has sent, b"" at its end. Raises: OSError.

        Bearerbox sends each answer by a write of its own and leaves Nagle's algorithm on, so of several answers the
        second one waits until our system has confirmed the first, by default 40 ms later. We confirm at once.
        """
        data = self.socket.recv(limit)
        if hasattr(socket, "TCP_QUICKACK"):  # Linux forgets it again and again
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return data

    def store(self, message: KannelMessage, now: float) -> str:
        """Store a received message; return why the connection must end, "" when it need not. now: monotonic."""
        self.last_received = now
        match message:
            case Sms():
                self.unacknowledged[message.id] = (message, now)
            case Ack():
                self.answers[message.id] = message
            case Admin(command=Command.SHUTDOWN | Command.RESTART):
                return "it is being shut down"
            case _:
                pass
        return ""

    def write(self, octets: bytes) -> bool:
        """Return whether the network accepted all octets; if not, end the connection: half a frame may have left."""
        try:
            with self._writing:
                self.socket.sendall(octets)
        except OSError:
            self.hang_up()
            return False
        return True

    def hang_up(self) -> None:
        """End the connection, even while another thread reads from it."""
        with suppress(OSError):  # it has ended already
            self.socket.shutdown(socket.SHUT_RDWR)
