"""The session of this box with bearerbox: a thread that keeps it connected, for use by several threads.

Bearerbox keeps each message it has given to a box until the box sends `Ack`. When the connection ends first, it gives
the message again, under the same id, to the next box of the same name. So each received message belongs to one
connection only.
"""

import select
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from prepazka.gateways.kannel.codec import Ack, Decoder, Heartbeat, KannelMessage, ProtocolError, Sms, Verdict, encode
from prepazka.gateways.kannel.connection import BoxAddress, Connection, Times

_OCTETS = 1 << 16


class Disconnected(Exception):
    """There is no connection; the argument says why, for the operator."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """The state of a session. fault: why there is no connection, "" before the first attempt.

    last_received, oldest: seconds since bearerbox last sent anything, and since it gave the oldest message that is
    not acknowledged; None where there is none.
    """

    connected: bool
    fault: str
    last_received: float | None
    unacknowledged: int
    oldest: float | None


class Handover:
    """A message given to bearerbox on one connection. ids: of its parts."""

    def __init__(self, session: "BoxSession", connection: Connection, ids: tuple[UUID, ...], *, whole: bool) -> None:
        self._session = session
        self._connection = connection
        self._whole = whole
        self.ids = ids

    def answers(self, wait: float) -> tuple[Mapping[UUID, Ack], bool]:
        """Return bearerbox's answers after at most `wait` seconds, and whether the connection still stood then.

        Without all answers in time the connection is ended, because a peer that reads but does not answer has failed.
        """
        return self._session.take_answers(self._connection, self.ids, wait if self._whole else 0.0)


class BoxSession:
    """Connects at the first use, and again whenever the connection ends, until it is closed. Thread-safe."""

    def __init__(self, address: BoxAddress, times: Times | None = None) -> None:
        self._address = address
        self._times = times or Times()
        self._changed = threading.Condition()
        self._connection: Connection | None = None
        self._fault = ""
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def started(self) -> bool:
        """Whether it has been used, so that bearerbox may have this box registered."""
        return self._thread is not None

    def unacknowledged(self, wait: float, limit: int, moment: float = 0.0) -> list[Sms]:
        """Return the received messages without `Ack`, in order; wait for the first at most `wait` seconds.

        moment: seconds to wait at most until `limit` of them are there.
        """
        self._start()
        with self._changed:
            self._changed.wait_for(lambda: self._has_unacknowledged(limit), moment)
            self._changed.wait_for(lambda: self._has_unacknowledged(1), wait)
            if self._connection is None:
                return []
            return [sms for sms, _ in list(self._connection.unacknowledged.values())[:limit]]

    def ack(self, ids: Sequence[UUID]) -> None:
        """Acknowledge stored messages; bearerbox gives those of an ended connection again."""
        with self._changed:
            connection = self._connection
            current = [id_ for id_ in ids if connection and connection.unacknowledged.pop(id_, None)]
        if connection and current:
            now = int(time.time())
            connection.write(b"".join(encode(Ack(Verdict.SUCCESS, now, id_)) for id_ in current))

    def hand_over(self, parts: Sequence[Sms], wait: float) -> Handover:
        """Give bearerbox the parts of one message; wait at most `wait` seconds for a connection.

        Raises: Disconnected; then no octet was sent.
        """
        self._start()
        frames = b"".join(map(encode, parts))
        with self._changed:
            self._changed.wait_for(lambda: self._connection is not None or self._closing.is_set(), wait)
            connection = self._connection
            if connection is None:
                raise Disconnected(self._fault or "not connected yet")
            for part in parts:  # an answer to an earlier attempt is no answer to this one
                connection.answers.pop(part.id, None)
        whole = connection.write(frames)
        return Handover(self, connection, tuple(part.id for part in parts), whole=whole)

    def state(self) -> SessionState:
        """Return the present state."""
        now = time.monotonic()
        with self._changed:
            connection = self._connection
            if connection is None:
                return SessionState(False, self._fault, None, 0, None)
            oldest = min((at for _, at in connection.unacknowledged.values()), default=None)
            return SessionState(
                connected=True,
                fault="",
                last_received=None if connection.last_received is None else now - connection.last_received,
                unacknowledged=len(connection.unacknowledged),
                oldest=None if oldest is None else now - oldest,
            )

    def close(self) -> None:
        """End the connection; bearerbox gives unacknowledged messages to the next box."""
        self._closing.set()
        with self._changed:
            connection = self._connection
            self._changed.notify_all()
        if connection:
            connection.hang_up()
        if self._thread:
            self._thread.join()

    def take_answers(self, connection: Connection, ids: Sequence[UUID], wait: float) -> tuple[Mapping[UUID, Ack], bool]:
        """See `Handover.answers`."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._connection is not connection or connection.answers.keys() >= set(ids), wait
            )
            connected = self._connection is connection
            found = {id_: connection.answers.pop(id_) for id_ in ids if id_ in connection.answers}
        if connected and len(found) < len(ids):
            connection.hang_up()
        return found, connected

    def _has_unacknowledged(self, count: int) -> bool:
        return self._connection is not None and len(self._connection.unacknowledged) >= count

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
        """Run one connection from its beginning to its end; return why it ended."""
        try:
            connection = Connection.open(self._address, self._times)
        except OSError as error:
            return f"cannot connect ({error.strerror or type(error).__name__})"
        with connection.socket:
            try:
                connection.identify(self._address.box, self._times)
                with self._changed:
                    self._connection = connection
                    self._changed.notify_all()
                return self._read(connection)
            except OSError as error:
                return f"the connection broke ({error.strerror or type(error).__name__})"
            except ProtocolError as error:
                return f"what it says is not the box protocol of Kannel 1.4.5: {error}"

    def _read(self, connection: Connection) -> str:
        """Read messages and send heartbeats; return why the connection ended."""
        decoder = Decoder()
        heartbeat_at = time.monotonic()
        while not self._closing.is_set():
            heartbeat_at += self._times.heartbeat
            while (left := heartbeat_at - time.monotonic()) > 0:
                if not select.select([connection.socket], [], [], left)[0]:
                    break
                data = connection.receive(_OCTETS)
                if not data:
                    return "it closed the connection"
                decoder.feed(data)
                if fault := self._store(connection, decoder.messages()):
                    return fault
            with self._changed:
                load = len(connection.unacknowledged)
            connection.write(encode(Heartbeat(load)))
        return "closed by us"

    def _store(self, connection: Connection, messages: Iterator[KannelMessage]) -> str:
        """Store what was received, then wake whoever waits for it, once; return why the connection must end, "" when it
        need not. Raises: ProtocolError, after the messages before the error."""
        received: list[KannelMessage] = []
        try:
            received.extend(messages)
        finally:
            now = time.monotonic()
            with self._changed:
                faults = [connection.store(message, now) for message in received]
                self._changed.notify_all()
        return next(filter(None, faults), "")
