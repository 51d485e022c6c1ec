"""Ends connections on which nothing was ever said: the server itself only limits the time between two requests.

A proxy keeps its connections open for 60 seconds between requests, so the server waits 75. Whoever connects and says
nothing at all needs no such patience. Which of this process's sockets heard nothing yet, only the kernel knows (Linux).
"""

import os
import socket
import stat
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import NamedTuple

# Seconds until the first byte, and between two looks.
PATIENCE = 30.0
LOOK_EVERY = 5.0
# Where `struct tcp_info` has the bytes received (linux/tcp.h), and the state of a connection that is open.
_BYTES_RECEIVED = 128
_ESTABLISHED = 1


class Connection(NamedTuple):
    """An open socket of this process: its descriptor, and the number that tells it from every later one."""

    descriptor: int
    inode: int


class SilentConnections:
    """The connections to a port of this process that have said nothing yet, and since when."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self._port = port
        self._patience = patience
        self._silent: dict[int, float] = {}
        self._others: set[int] = set()

    # docs/spec/safety.md §4.3: "A connection on which nothing is said for 30 seconds is ended"
    def look(self, now: float) -> int:
        """End the connections that have been silent for too long; return how many. now: monotonic seconds."""
        ended = 0
        silent: dict[int, float] = {}
        others: set[int] = set()
        for connection in _sockets():
            if connection.inode in self._others or not self._is_silent(connection):
                others.add(connection.inode)
                continue
            since = silent[connection.inode] = self._silent.get(connection.inode, now)
            if now - since >= self._patience:
                ended += _end(connection)
        self._silent, self._others = silent, others
        return ended

    def _is_silent(self, connection: Connection) -> bool:
        """Whether it is a connection to our port on which nothing came; a listening socket is none."""
        with suppress(OSError), socket.socket(fileno=os.dup(connection.descriptor)) as twin:
            if os.fstat(twin.fileno()).st_ino != connection.inode or twin.family not in _INTERNET:
                return False
            if twin.type != socket.SOCK_STREAM or twin.getsockname()[1] != self._port:
                return False
            said = twin.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)
            return said[0] == _ESTABLISHED and struct.unpack_from("=Q", said, _BYTES_RECEIVED)[0] == 0
        return False


_INTERNET = {socket.AF_INET, socket.AF_INET6}


def start(port: int, stop: Event) -> None:
    """Look after the connections to this port in a thread of its own until `stop` is set."""
    if sys.platform == "linux":
        Thread(target=_run, args=(SilentConnections(port), stop), name="silent connections", daemon=True).start()


def _run(connections: SilentConnections, stop: Event) -> None:
    while not stop.wait(LOOK_EVERY):
        connections.look(time.monotonic())


def _sockets() -> Iterator[Connection]:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 -- thousands of names: no objects are needed for them
        with suppress(OSError):  # closed meanwhile
            found = os.fstat(int(name))
            if stat.S_ISSOCK(found.st_mode):
                yield Connection(int(name), found.st_ino)


def _end(connection: Connection) -> int:
    """Shut the connection down; the server then closes it."""
    with suppress(OSError), socket.socket(fileno=os.dup(connection.descriptor)) as twin:
        if os.fstat(twin.fileno()).st_ino == connection.inode:
            twin.shutdown(socket.SHUT_RDWR)
            return 1
    return 0
