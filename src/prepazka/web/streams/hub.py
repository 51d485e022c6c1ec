"""Tells all listeners of an office what is new, however many they are, at the price of one small query at a time.

Everything here happens on one event loop; only the database is asked in a thread, one for all. A state is made once
and handed to all. Each listener has a short queue: whoever cannot keep up is let go, and comes again for the present
state. Nobody misses a state by joining: the first thing a listener gets is the present one.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog

log = structlog.get_logger()

# Seconds between looks for changes: a call is seen within this, the time of the look and that of the network.
POLL_EVERY = 0.3
# A state is sent anew after so many seconds without a change: waits move with time, and silence means a lost line.
REFRESH_EVERY = 10.0
# States a listener may be behind.
QUEUE_LENGTH = 8

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Listener:
    """None in the queue ends it."""

    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def tell(self, frame: bytes) -> bool:
        """False when the listener is too far behind, and let go."""
        try:
            self.queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.end()
            return False
        return True

    def end(self) -> None:
        """Whatever was not taken yet is worth nothing any more."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass(eq=False, slots=True)
class _Channel:
    """An office somebody listens to: its present frame, None before the first look, and the version it was made at."""

    listeners: set[_Listener] = field(default_factory=set)
    frame: bytes | None = None
    version: int | None = None
    told_at: float = 0.0

    def tell(self, frame: bytes) -> None:
        """Let every listener have it; those too far behind are gone."""
        self.frame = frame
        self.listeners = {listener for listener in self.listeners if listener.tell(frame)}


class Hub:
    """versions: the present version of each of these offices; build: what an office's listeners are told. Both block.

    The version is read before the frame is built, so a change between the two is seen by the next look, never missed.
    """

    def __init__(
        self,
        versions: Callable[[Collection[int]], Mapping[int, int]],
        build: Callable[[int], bytes],
        *,
        look_every: float = POLL_EVERY,
        renew_every: float = REFRESH_EVERY,
    ) -> None:
        self._versions = versions
        self._build = build
        self._look_every = look_every
        self._renew_every = renew_every
        self._watched: dict[int, _Channel] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="streams")
        self._watching: asyncio.Task[None] | None = None
        self._look_now = asyncio.Event()
        self._closed = False

    @property
    def count(self) -> int:
        """How many listen."""
        return sum(len(watched.listeners) for watched in self._watched.values())

    @property
    def closed(self) -> bool:
        """Whether nobody is taken any more."""
        return self._closed

    async def ask(self, question: Callable[[], T]) -> T:
        """The answer to a question to the database, asked in this hub's one thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)

    async def listen(self, office_id: int) -> AsyncGenerator[bytes, None]:
        """The present state, then every one that follows, until the listener is let go or the hub closes."""
        listener = self._join(office_id)
        try:
            while (frame := await listener.queue.get()) is not None:
                yield frame
        finally:
            self._leave(office_id, listener)

    def close(self) -> None:
        """Let everybody go and take nobody any more: so that a process can end without waiting for its listeners."""
        self._closed = True
        for watched in self._watched.values():
            for listener in watched.listeners:
                listener.end()

    def _join(self, office_id: int) -> _Listener:
        listener = _Listener()
        if self._closed:
            listener.end()
            return listener
        watched = self._watched.setdefault(office_id, _Channel())
        watched.listeners.add(listener)
        if watched.frame is None:
            self._look_now.set()
        else:
            listener.tell(watched.frame)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        return listener

    def _leave(self, office_id: int, listener: _Listener) -> None:
        watched = self._watched.get(office_id)
        if watched is not None:
            watched.listeners.discard(listener)
            if not watched.listeners:
                del self._watched[office_id]

    async def _watch(self) -> None:
        """Look again and again while anybody listens; a database that is away ends a look, not the watching."""
        while self._watched and not self._closed:
            self._look_now.clear()
            try:
                await self._look()
            except Exception:
                log.exception("a look for changes failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), self._look_every)

    async def _look(self) -> None:
        offices = list(self._watched)
        versions = await self.ask(lambda: self._versions(offices))
        for office_id in offices:
            watched, version = self._watched.get(office_id), versions.get(office_id, 0)
            now = asyncio.get_running_loop().time()
            if watched is None or (watched.version == version and now < watched.told_at + self._renew_every):
                continue
            frame = await self.ask(partial(self._build, office_id))
            watched.version, watched.told_at = version, now
            watched.tell(frame)
