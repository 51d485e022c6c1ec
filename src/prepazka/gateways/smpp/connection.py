"""The connection to an SMSC: a thread that holds a session over TCP or TLS and starts the next one when it ends."""

import random
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import structlog

from prepazka.gateways.certificates import reason_of
from prepazka.gateways.smpp.events import BindRole, Bound, SessionClosed, SessionEvent, SessionOptions
from prepazka.gateways.smpp.session import SmppSession
from prepazka.gateways.smpp.settings import SmppSettings

log = structlog.get_logger()

_CHUNK = 65_536
# Seconds the SMSC has to answer our unbind.
_UNBIND_TIMEOUT = 3.0


@dataclass(frozen=True, slots=True)
class SmscAddress:
    """The address of the SMSC. tls: how to verify its certificate, None without TLS; timeout: for connecting, in
    seconds."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    timeout: float

    def connect(self, timeout: float | None = None) -> socket.socket:
        """Return an open connection. Raises: OSError (ssl.SSLError is a subclass)."""
        plain = socket.create_connection((self.host, self.port), timeout or self.timeout)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self.tls.wrap_socket(plain, server_hostname=self.host) if self.tls else plain
        except BaseException:
            plain.close()
            raise


class BackOff:
    """The wait before the next attempt to connect: doubled each time, minus a random part of up to a half."""

    def __init__(self, first: float, longest: float, chance: Callable[[], float] = random.random) -> None:
        self._first = first
        self._longest = longest
        self._chance = chance
        self._next = first

    def pause(self, bound_for: float, *, refused: bool) -> float:
        """Return the seconds to wait. bound_for: seconds the session was bound; a long one resets the wait.

        refused: the account is wrong; the wait is the longest, because further attempts could get the account locked.
        """
        if bound_for >= self._longest:
            self._next = self._first
        elif refused:
            self._next = self._longest
        pause = self._next * (1 - self._chance() / 2)
        self._next = min(2 * self._next, self._longest)
        return pause


class SmscConnection:
    """A connection, inactive until `start`. `condition` guards it and `session`, and is notified of every event.

    on_event: called with each event and its session while the condition is held.
    """

    def __init__(
        self,
        address: SmscAddress,
        options: SessionOptions,
        back_off: BackOff,
        condition: threading.Condition,
        on_event: Callable[[SmppSession, SessionEvent], None],
    ) -> None:
        self.role = options.role
        self.session: SmppSession | None = None
        self.bound_at: float | None = None
        self.failure = ""
        """Why there is no session now; "" before the first attempt."""
        self.refused = False
        self._address = address
        self._options = options
        self._back_off = back_off
        self._condition = condition
        self._on_event = on_event
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._wake_reader, self._wake_writer = socket.socketpair()
        for end in (self._wake_reader, self._wake_writer):
            end.setblocking(False)

    @property
    def bound(self) -> bool:
        """Whether messages can pass now. The condition must be held."""
        return self.session is not None and self.session.bound

    def start(self) -> None:
        """Start the thread unless it has been started."""
        if self._thread is None and not self._stopping:
            self._thread = threading.Thread(target=self._run, name="smpp", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Make the thread send what is queued in the session."""
        with suppress(BlockingIOError):  # it has been woken already
            self._wake_writer.send(b"!")

    def stop(self) -> None:
        """Unbind and end the thread, which waits a few seconds for the answer. The condition must not be held."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        self.wake()
        if self._thread:
            self._thread.join(min(self._options.response_timeout, _UNBIND_TIMEOUT) + 1)
        if self._thread is None or not self._thread.is_alive():
            self._wake_reader.close()
            self._wake_writer.close()

    def _run(self) -> None:
        while not self._stopping:
            bound_for, refused = 0.0, False
            try:
                connection = self._address.connect()
            except ssl.SSLCertVerificationError as error:
                with self._condition:
                    self.failure = f"its certificate is not accepted: {reason_of(error)}"
            except (OSError, ValueError) as error:  # ValueError: the name cannot be a host's
                with self._condition:
                    self.failure = f"cannot connect: {getattr(error, 'strerror', None) or error}"
            else:
                bound_for, refused = self._run_session(connection)
            with self._condition:
                if not self._stopping:
                    log.warning("smpp_down", reason=self.failure)
                    pause = self._back_off.pause(bound_for, refused=refused)
                    self._condition.wait_for(lambda: self._stopping, pause)

    def _run_session(self, connection: socket.socket) -> tuple[float, bool]:
        """Run one session to its end; return the seconds it was bound, and whether the SMSC refused the account."""
        with self._condition:
            session = self.session = SmppSession(self._options, monotonic())
        connection.setblocking(False)
        with connection, selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            selector.register(connection, selectors.EVENT_READ)
            try:
                while not session.ended:
                    self._run_once(connection, session, selector)
            except Exception as error:  # the thread must survive any error: the next session may work
                log.exception("smpp_failure")
                with self._condition:
                    self._dispatch(session, session.end(f"failure: {type(error).__name__}"))
            with self._condition:
                self._flush(connection, session)  # the last PDUs, as far as the network accepts them at once
                bound_for = 0.0 if self.bound_at is None else monotonic() - self.bound_at
                self.bound_at = self.session = None
                self._condition.notify_all()
                return bound_for, self.refused

    def _run_once(self, connection: socket.socket, session: SmppSession, selector: selectors.BaseSelector) -> None:
        """Send queued octets, wait for the socket, a wake-up or the next tick, and process it."""
        with self._condition:
            broken = self._flush(connection, session)
            self._dispatch(session, session.end(broken) if broken else session.tick(monotonic()))
            if session.ended:
                return
            interest = selectors.EVENT_READ | (selectors.EVENT_WRITE if session.outgoing else 0)
            timeout = max(0.0, session.next_tick_at - monotonic())
        if isinstance(connection, ssl.SSLSocket) and connection.pending():
            timeout = 0  # data already decrypted, which select() does not report
        selector.modify(connection, interest)
        selector.select(timeout)
        with suppress(BlockingIOError):
            self._wake_reader.recv(_CHUNK)
        data = self._read(connection)
        with self._condition:
            if data is None:
                self._dispatch(session, session.end("the connection was cut"))
            elif data:
                self._dispatch(session, session.receive(data, monotonic()))
            if self._stopping:
                self._dispatch(session, session.unbind(monotonic()))

    def _read(self, connection: socket.socket) -> bytes | None:
        """Return the received octets: b"" for none yet, None at the end of the stream."""
        chunks: list[bytes] = []
        try:
            for _ in range(16):  # leaves time for sending
                chunk = connection.recv(_CHUNK)
                if not chunk:
                    return b"".join(chunks) or None
                chunks.append(chunk)
                if hasattr(socket, "TCP_QUICKACK"):
                    # An SMSC that writes each answer by itself would wait for our system to confirm the one before, by
                    # default 40 ms; Linux forgets it again and again.
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError:
            return b"".join(chunks) or None
        return b"".join(chunks)

    def _flush(self, connection: socket.socket, session: SmppSession) -> str:
        """Send queued octets as far as the network accepts them; return why no more can be sent, "" while it can."""
        try:
            while session.outgoing:
                session.mark_sent(connection.send(session.outgoing[:_CHUNK]))
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError as error:
            return f"the connection was cut: {error.strerror or error}"
        return ""

    def _dispatch(self, session: SmppSession, events: list[SessionEvent]) -> None:
        for event in events:
            match event:
                case Bound():
                    self.bound_at = monotonic()
                    self.failure, self.refused = "", False
                    log.info("smpp_bound")
                case SessionClosed():
                    self.failure, self.refused = event.reason, event.refused
                case _:
                    pass
            self._on_event(session, event)
        if events:
            self._condition.notify_all()


def connections(
    settings: SmppSettings, condition: threading.Condition, on_event: Callable[[SmppSession, SessionEvent], None]
) -> list[SmscConnection]:
    """Return the connections the settings ask for, not started yet."""
    roles: Sequence[BindRole] = ("transceiver",) if settings.bind == "transceiver" else ("transmitter", "receiver")
    address = smsc_address(settings, settings.connect_timeout)
    return [
        SmscConnection(
            address,
            SessionOptions(
                role=role,
                system_id=settings.system_id,
                password=settings.password.get_secret_value(),
                system_type=settings.system_type,
                address_range=settings.address_range,
                window=settings.window,
                enquire_every=settings.enquire_every,
                response_timeout=settings.response_timeout,
            ),
            BackOff(settings.retry_first, settings.retry_most),
            condition,
            on_event,
        )
        for _ in range(settings.binds)
        for role in roles
    ]


def smsc_address(settings: SmppSettings, timeout: float) -> SmscAddress:
    """Return the address of the settings. timeout: for connecting, in seconds."""
    tls = ssl.create_default_context(cafile=settings.ca_file or None) if settings.tls else None
    return SmscAddress(settings.host, settings.port, tls, timeout)
