"""A stand-in for bearerbox that misbehaves as the real one cannot: falls silent, sends garbage, hangs up."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Queue

from prepazka.gateways.kannel.codec import Ack, Admin, Decoder, KannelMessage, Sms, Verdict, encode

Behaviour = Callable[["Peer", KannelMessage], None]
"""The reaction of the stand-in to a message."""


class Peer:
    """The connection of one box, seen from the other side."""

    def __init__(self, socket_: socket.socket) -> None:
        self._socket = socket_

    def send(self, message: KannelMessage | bytes) -> None:
        self._socket.sendall(message if isinstance(message, bytes) else encode(message))

    def hang_up(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)

    def read(self) -> Iterator[KannelMessage]:
        decoder = Decoder()
        while True:
            try:
                data = self._socket.recv(4096)
            except OSError:
                return
            if not data:
                return
            decoder.feed(data)
            yield from decoder.messages()


def acknowledging(verdict: Verdict = Verdict.SUCCESS) -> Behaviour:
    def answer(peer: Peer, message: KannelMessage) -> None:
        if isinstance(message, Sms):
            peer.send(Ack(verdict, message.time, message.id))

    return answer


class StandIn:
    """Listens as bearerbox does. peers: each box that has identified itself; received: the messages of boxes."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.peers: Queue[Peer] = Queue()
        self.received: Queue[KannelMessage] = Queue()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connected)
            thread = threading.Thread(target=self._serve, args=(connected,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connected: socket.socket) -> None:
        with connected:
            peer = Peer(connected)
            for message in peer.read():
                if isinstance(message, Admin):
                    self.peers.put(peer)
                self.received.put(message)
                try:
                    self._behaviour(peer, message)
                except OSError:
                    return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connected in self._open:
            with suppress(OSError):  # it has ended already
                connected.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)


@contextmanager
def standin(behaviour: Behaviour | None = None) -> Iterator[StandIn]:
    peer = StandIn(behaviour or acknowledging())
    try:
        yield peer
    finally:
        peer.close()
