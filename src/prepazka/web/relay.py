"""Calls relayed between the processes of one server: one of them gathers all the callers of an office.

A transaction costs nearly as much for one message as for eight, and callers of one office wait for one lock; spread
over several processes, they would share fewer transactions. To relay only saves work: what decides is the lock of the
office (design/locking.md). Whoever gets no answer in time serves the call itself, and where both did, the id of the
message keeps it from being done twice; what the other process answers after all tells whose doing it was. So nothing is
lost with the process that was asked.
"""

import json
import socket
from asyncio import AbstractEventLoop, Future, Task, create_task
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from secrets import token_hex
from time import monotonic
from typing import Any, Final
from zlib import crc32

# Seconds after which a caller is no longer kept waiting for another process; nobody asks that one for so long then.
PATIENCE: Final = 1.0
AGAIN_AFTER: Final = 5.0
# Bytes of the longest packet; a longer call is not relayed, and a longer answer counts as none.
LONGEST: Final = 32 * 1024

Serve = Callable[[Any], Awaitable[Any]]


class _Way:
    """The way to one process. All processes keep both ends open, so that one that is made again finds its own."""

    def __init__(self) -> None:
        self.read_end, self.write_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.read_end.setblocking(False)
        self.write_end.setblocking(False)


class Asked:
    """A call that another process was asked to serve."""

    def __init__(self, loop: AbstractEventLoop, give_up: Callable[[], None]) -> None:
        self._loop = loop
        self._give_up = give_up
        self._answer: Future[Any] = loop.create_future()

    async def in_time(self) -> Any:
        """Return its answer; None when the caller is to serve the call, and the other process may yet do the same."""
        answer = await self._wait()
        if not self._answer.done():
            self._give_up()
        return answer

    async def late(self) -> Any:
        """Return the answer to a call that the caller has served meanwhile, after all; None for none."""
        return await self._wait()

    def settle(self, answer: Any) -> None:
        """Take the answer of the other process."""
        if not self._answer.done():
            self._answer.set_result(answer)

    async def _wait(self) -> Any:
        """Return the answer, waited for as long as patience lasts."""
        waiting: Future[Any] = self._loop.create_future()

        def end(*_: object) -> None:
            if not waiting.done():
                waiting.set_result(None)

        self._answer.add_done_callback(end)
        given_up = self._loop.call_later(PATIENCE, end)
        try:
            await waiting
        finally:
            given_up.cancel()
            self._answer.remove_done_callback(end)
        return self._answer.result() if self._answer.done() else None


class Relay:
    """The ways between the processes of a server, opened before they are forked; each then takes its place.

    Calls and answers are values of JSON. seconds: a clock that is never set, the same in all processes.
    """

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._ways: list[_Way] = []
        self._numbers = count(1)
        self._asked: dict[str, Asked] = {}
        self._silent_until: dict[int, float] = {}
        self._serving = set[Task[None]]()
        self._loop: AbstractEventLoop | None = None

    def open(self, processes: int) -> None:
        """Open the ways between so many processes; a single one needs none."""
        if processes > 1:
            self._ways = [_Way() for _ in range(processes)]

    def begin(self, place: int, serve: Serve, loop: AbstractEventLoop) -> None:
        """Take a place (from 0) among the processes. serve: answers a call that was relayed to it."""
        if self._ways:
            self._place, self._serve, self._loop = place, serve, loop
            self._life = token_hex(8)
            loop.add_reader(self._ways[place].read_end, self._read)

    def close(self) -> None:
        """Close all ways, in this process."""
        if self._loop:
            self._loop.remove_reader(self._ways[self._place].read_end)
            self._loop = None
        for way in self._ways:
            way.read_end.close()
            way.write_end.close()
        self._ways = []

    @contextmanager
    def asking(self, about: str, call: Any) -> Iterator[Asked | None]:
        """Ask the process that serves all calls about this; None when the caller is to serve it."""
        if self._loop is None:
            yield None
            return
        other = crc32(about.encode()) % len(self._ways)
        if other == self._place or self._silent_until.get(other, 0) > self._seconds():
            yield None
            return
        # Whoever takes the place of a process that was killed reads the answers to that one, too.
        name, until = f"{self._life}-{next(self._numbers)}", self._seconds() + PATIENCE
        if not self._send(other, {"from": self._place, "name": name, "until": until, "call": call}):
            yield None
            return
        asked = self._asked[name] = Asked(self._loop, partial(self._give_up, other))
        try:
            yield asked
        finally:
            del self._asked[name]

    def _give_up(self, other: int) -> None:
        self._silent_until[other] = self._seconds() + AGAIN_AFTER

    def _send(self, place: int, packet: dict[str, Any]) -> bool:
        encoded = json.dumps(packet).encode()
        if len(encoded) > LONGEST:
            return False
        try:
            self._ways[place].write_end.send(encoded)
        except OSError:  # it reads nothing any more, and as much as may wait for it does
            return False
        return True

    def _read(self) -> None:
        """Read all that has come: calls of others, and answers to ours."""
        with suppress(BlockingIOError):
            while True:
                packet = json.loads(self._ways[self._place].read_end.recv(LONGEST))
                if "call" not in packet:
                    if asked := self._asked.get(packet["name"]):
                        asked.settle(packet["answer"])
                elif packet["until"] > self._seconds():  # its caller still waits
                    task = create_task(self._answer(packet))
                    self._serving.add(task)
                    task.add_done_callback(self._serving.discard)

    async def _answer(self, packet: dict[str, Any]) -> None:
        try:
            answer = await self._serve(packet["call"])
        except Exception:  # the caller serves it, and meets what fails
            answer = None
        name = packet["name"]
        if not self._send(packet["from"], {"name": name, "answer": answer}):
            self._send(packet["from"], {"name": name, "answer": None})


relay = Relay()
"""The ways of this server."""
