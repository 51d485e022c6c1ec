"""Publishes changes to all listeners of an office with one small query at a time, however many listeners there are.

Everything runs on one event loop; one thread queries the database for all. A state is built once and sent to all. Each
listener has a short queue: a listener that falls behind is disconnected, and reconnects for the current state. The
first frame of a listener is the current state, so joining misses nothing.
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

# Seconds between two polls: a call is shown after at most this, the time of the query and that of the network.
POLL_EVERY = 0.3
# Seconds after which an unchanged state is sent again: waits change with time, and silence means a lost connection.
REFRESH_EVERY = 10.0
# Events that may wait for one listener.
QUEUE_LENGTH = 8

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Listener:
    """The queue of one listener; None in it ends the listener."""

    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def push(self, frame: bytes) -> bool:
        """Queue a frame; return False when the queue is full, which ends the listener."""
        try:
            self.queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.end()
            return False
        return True

    def end(self) -> None:
        """Drop the waiting frames and end the listener."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass(eq=False, slots=True)
class _Channel:
    """An office with its listeners, its current frame (None before the first poll) and the version of that frame."""

    listeners: set[_Listener] = field(default_factory=set)
    frame: bytes | None = None
    version: int | None = None
    sent_at: float = 0.0

    def publish(self, frame: bytes) -> None:
        """Push the frame to every listener; remove those whose queue is full."""
        self.frame = frame
        self.listeners = {listener for listener in self.listeners if listener.push(frame)}


class Hub:
    """Publishes the state of offices to their listeners.

    versions: returns the current version of each of these offices. build: returns the frame of an office. Both block.
    The version is read before the frame is built, so the next poll sees a change between the two.
    """

    def __init__(
        self,
        versions: Callable[[Collection[int]], Mapping[int, int]],
        build: Callable[[int], bytes],
        *,
        poll_every: float = POLL_EVERY,
        refresh_every: float = REFRESH_EVERY,
    ) -> None:
        self._versions = versions
        self._build = build
        self._poll_every = poll_every
        self._refresh_every = refresh_every
        self._channels: dict[int, _Channel] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="streams")
        self._polling: asyncio.Task[None] | None = None
        self._poll_now = asyncio.Event()
        self._closed = False

    @property
    def listener_count(self) -> int:
        """The number of listeners of all offices."""
        return sum(len(channel.listeners) for channel in self._channels.values())

    @property
    def closed(self) -> bool:
        """Whether the hub refuses new listeners."""
        return self._closed

    async def run_query(self, query: Callable[[], T]) -> T:
        """Run a database query in the hub's one thread and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, query)

    async def subscribe(self, office_id: int) -> AsyncGenerator[bytes, None]:
        """Yield the current state and every later one, until the listener falls behind or the hub closes."""
        listener = self._join(office_id)
        try:
            while (frame := await listener.queue.get()) is not None:
                yield frame
        finally:
            self._leave(office_id, listener)

    def close(self) -> None:
        """End all listeners and refuse new ones, so that the process can end without waiting for them."""
        self._closed = True
        for channel in self._channels.values():
            for listener in channel.listeners:
                listener.end()

    def _join(self, office_id: int) -> _Listener:
        listener = _Listener()
        if self._closed:
            listener.end()
            return listener
        channel = self._channels.setdefault(office_id, _Channel())
        channel.listeners.add(listener)
        if channel.frame is None:
            self._poll_now.set()
        else:
            listener.push(channel.frame)
        if self._polling is None or self._polling.done():
            self._polling = asyncio.get_running_loop().create_task(self._poll_until_idle())
        return listener

    def _leave(self, office_id: int, listener: _Listener) -> None:
        channel = self._channels.get(office_id)
        if channel is not None:
            channel.listeners.discard(listener)
            if not channel.listeners:
                del self._channels[office_id]

    async def _poll_until_idle(self) -> None:
        """Poll as long as there are listeners; an error of the database ends one poll, not the polling."""
        while self._channels and not self._closed:
            self._poll_now.clear()
            try:
                await self._poll()
            except Exception:
                log.exception("polling for changes failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._poll_now.wait(), self._poll_every)

    # docs/spec/counters.md §7: "A change is told before unchanged states are sent anew"
    async def _poll(self) -> None:
        """Build what has changed; then send unchanged states anew, the oldest first, until it is time to ask again."""
        loop = asyncio.get_running_loop()
        again_at = loop.time() + self._poll_every
        offices = list(self._channels)
        versions = await self.run_query(partial(self._versions, offices))
        for office_id in offices:
            channel, version = self._channels.get(office_id), versions.get(office_id, 0)
            if channel is not None and channel.version != version:
                await self._renew(office_id, version)
        for office_id in sorted(filter(self._is_silent, offices), key=lambda one: self._channels[one].sent_at):
            await self._renew(office_id, versions.get(office_id, 0))
            if loop.time() >= again_at:
                break

    def _is_silent(self, office_id: int) -> bool:
        """Whether the listeners of an office have heard nothing for so long that its state is sent anew."""
        channel = self._channels.get(office_id)
        return channel is not None and asyncio.get_running_loop().time() >= channel.sent_at + self._refresh_every

    async def _renew(self, office_id: int, version: int) -> None:
        """Build an office's state, which has at least this version, and send it to those who listen."""
        now = asyncio.get_running_loop().time()
        try:
            frame = await self.run_query(partial(self._build, office_id))
        except Exception:  # of one office; the listeners of the others wait for nobody
            log.exception("board failed", office=office_id)
            return
        if channel := self._channels.get(office_id):
            channel.version, channel.sent_at = version, now
            channel.publish(frame)
