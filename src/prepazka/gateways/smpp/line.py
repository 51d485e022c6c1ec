"""The line to an SMSC: a thread that keeps a session up, over TCP or TLS, and opens the next when one has ended."""

import random
import selectors
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import structlog

from prepazka.gateways.smpp.session import Bound, Over, SessionEvent, SmppSession, Terms

log = structlog.get_logger()

_PIECE = 65_536
# Seconds the SMSC has for its answer to our leave.
_LEAVE = 3.0


@dataclass(frozen=True, slots=True)
class SmscAddress:
    """Where the SMSC is. tls: how its certificate is checked, None without TLS; timeout: for connecting, in seconds."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    timeout: float

    def connect(self, timeout: float | None = None) -> socket.socket:
        """An open connection. Raises: OSError, of which ssl.SSLError is one."""
        plain = socket.create_connection((self.host, self.port), timeout or self.timeout)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self.tls.wrap_socket(plain, server_hostname=self.host) if self.tls else plain
        except BaseException:
            plain.close()
            raise


class BackOff:
    """How long to wait before the next try: twice as long each time, by chance up to a half less."""

    def __init__(self, first: float, most: float, chance: Callable[[], float] = random.random) -> None:
        self._first = first
        self._most = most
        self._chance = chance
        self._next = first

    def pause(self, held: float, *, refused: bool) -> float:
        """Seconds to wait. held: seconds the session was bound; one that held well begins anew.

        refused: the account is wrong, so that hurrying would only get it locked.
        """
        if held >= self._most:
            self._next = self._first
        elif refused:
            self._next = self._most
        pause = self._next * (1 - self._chance() / 2)
        self._next = min(2 * self._next, self._most)
        return pause


class Line:
    """A line, silent until `start`. `guard` protects it and `session`, and is notified of all that happens.

    take: told of each event, with its session, while the guard is held.
    """

    def __init__(
        self,
        address: SmscAddress,
        terms: Terms,
        back_off: BackOff,
        guard: threading.Condition,
        take: Callable[[SmppSession, SessionEvent], None],
    ) -> None:
        self.session: SmppSession | None = None
        self.bound_at: float | None = None
        self.down = ""
        """Why there is no session now; "" while none was tried."""
        self.refused = False
        self._address = address
        self._terms = terms
        self._back_off = back_off
        self._guard = guard
        self._take = take
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._ear, self._bell = socket.socketpair()
        for end in (self._ear, self._bell):
            end.setblocking(False)

    @property
    def bound(self) -> bool:
        """Whether messages can pass now; ask with the guard held."""
        return self.session is not None and self.session.bound

    def start(self) -> None:
        """Begin to keep a session up; nothing if it has begun."""
        if self._thread is None and not self._stopping:
            self._thread = threading.Thread(target=self._run, name="smpp", daemon=True)
            self._thread.start()

    def ring(self) -> None:
        """There is something to be sent."""
        with suppress(BlockingIOError):  # it rings already
            self._bell.send(b"!")

    def stop(self) -> None:
        """Take leave of the SMSC and end; call without the guard. What is not answered in time is not waited for."""
        with self._guard:
            self._stopping = True
            self._guard.notify_all()
        self.ring()
        if self._thread:
            self._thread.join(min(self._terms.response_timeout, _LEAVE) + 1)
        if self._thread is None or not self._thread.is_alive():
            self._ear.close()
            self._bell.close()

    def _run(self) -> None:
        while not self._stopping:
            held, refused = 0.0, False
            try:
                connection = self._address.connect()
            except (OSError, ValueError) as error:  # ValueError: a name that can be no host's
                with self._guard:
                    self.down = f"cannot connect: {getattr(error, 'strerror', None) or error}"
            else:
                held, refused = self._hold(connection)
            with self._guard:
                if not self._stopping:
                    log.warning("smpp_down", reason=self.down)
                    pause = self._back_off.pause(held, refused=refused)
                    self._guard.wait_for(lambda: self._stopping, pause)

    def _hold(self, connection: socket.socket) -> tuple[float, bool]:
        """Keep one session to its end; how long it was bound, and whether the SMSC refused the account."""
        with self._guard:
            session = self.session = SmppSession(self._terms, monotonic())
        connection.setblocking(False)
        with connection, selectors.DefaultSelector() as selector:
            selector.register(self._ear, selectors.EVENT_READ)
            selector.register(connection, selectors.EVENT_READ)
            try:
                while not session.over:
                    self._turn(connection, session, selector)
            except Exception as error:  # whatever it is, the office must not stay deaf: the next session may be well
                log.exception("smpp_failure")
                with self._guard:
                    self._happened(session, session.lost(f"failure: {type(error).__name__}"))
            with self._guard:
                self._flush(connection, session)  # the last words, as far as the network takes them at once
                held = 0.0 if self.bound_at is None else monotonic() - self.bound_at
                self.bound_at = self.session = None
                self._guard.notify_all()
                return held, self.refused

    def _turn(self, connection: socket.socket, session: SmppSession, selector: selectors.BaseSelector) -> None:
        """Send what there is to send, wait for something to happen, and let it happen."""
        with self._guard:
            broken = self._flush(connection, session)
            self._happened(session, session.lost(broken) if broken else session.tick(monotonic()))
            if session.over:
                return
            wants = selectors.EVENT_READ | (selectors.EVENT_WRITE if session.outgoing else 0)
            timeout = max(0.0, session.wakes_at - monotonic())
        if isinstance(connection, ssl.SSLSocket) and connection.pending():
            timeout = 0  # deciphered already: the network will not announce it
        selector.modify(connection, wants)
        selector.select(timeout)
        with suppress(BlockingIOError):
            self._ear.recv(_PIECE)
        data = self._read(connection)
        with self._guard:
            if data is None:
                self._happened(session, session.lost("the connection was cut"))
            elif data:
                self._happened(session, session.receive(data, monotonic()))
            if self._stopping:
                self._happened(session, session.unbind(monotonic()))

    def _read(self, connection: socket.socket) -> bytes | None:
        """What has come, b"" for nothing, None when nothing will come any more."""
        pieces: list[bytes] = []
        try:
            for _ in range(16):  # then the others have their turn
                piece = connection.recv(_PIECE)
                if not piece:
                    return b"".join(pieces) or None
                pieces.append(piece)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError:
            return b"".join(pieces) or None
        return b"".join(pieces)

    def _flush(self, connection: socket.socket, session: SmppSession) -> str:
        """Send what is to be sent, as far as it goes; why no more can be, "" while it can."""
        try:
            while session.outgoing:
                session.left(connection.send(session.outgoing[:_PIECE]))
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError as error:
            return f"the connection was cut: {error.strerror or error}"
        return ""

    def _happened(self, session: SmppSession, events: list[SessionEvent]) -> None:
        for event in events:
            match event:
                case Bound():
                    self.bound_at = monotonic()
                    self.down, self.refused = "", False
                    log.info("smpp_bound")
                case Over():
                    self.down, self.refused = event.reason, event.refused
                case _:
                    pass
            self._take(session, event)
        if events:
            self._guard.notify_all()
