"""Batching of concurrent callers: those who come during a call of `receive` share the next one, and its commit."""

from asyncio import Future, Task, create_task, get_running_loop, sleep
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from time import perf_counter

from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import UnknownNumber
from prepazka.gateways.values import Inbound

# After a call shared by several callers, those just answered usually come again at once. The next call waits for them,
# for this share of the seconds the last one took (counted up to COUNTED_AT_MOST); another call would cost them more.
WAIT_SHARE = 0.25
COUNTED_AT_MOST = 0.02

Receive = Callable[[Sequence[Inbound], datetime], Awaitable[list[Handled]]]


class Batcher:
    """`receive` for many callers of one event loop.

    The first caller begins a call; those who come meanwhile wait, hold no thread, and share the next one. So a caller
    waits for the call under way and the next one at most, and a message costs the less the more callers there are.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._waiting: list[_Turn] = []
        self._calls: Task[None] | None = None

    async def hand_in(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        """Return how these messages were handled, one `Handled` each, in their order.

        Raises: what `receive` raises; UnknownNumber only to the caller whose messages name that number.
        """
        turn = _Turn(inbounds, now)
        self._waiting.append(turn)
        if self._calls is None:
            self._calls = create_task(self._call_for_all())
        return await turn.handled

    async def _call_for_all(self) -> None:
        """Call `receive` until nobody waits."""
        try:
            while self._waiting:
                turns, self._waiting = self._waiting, []
                began = perf_counter()
                await self._call(turns)
                if len(turns) > 1:
                    await sleep(min(perf_counter() - began, COUNTED_AT_MOST) * WAIT_SHARE)
        finally:
            self._calls = None

    async def _call(self, turns: Sequence["_Turn"]) -> None:
        inbounds = [inbound for turn in turns for inbound in turn.inbounds]
        try:
            handled = await self._receive(inbounds, max(turn.now for turn in turns))
            for turn in turns:
                own, handled = handled[: len(turn.inbounds)], handled[len(turn.inbounds) :]
                turn.answer(own)
        except UnknownNumber as error:  # nothing was stored: again one by one, so that it reaches its caller only
            if len(turns) == 1:
                turns[0].fail(error)
                return
            for turn in turns:
                await self._call([turn])
        except Exception as error:
            for turn in turns:
                turn.fail(error)


class _Turn:
    """One caller's messages, and how they were handled; a caller who left is told nothing."""

    def __init__(self, inbounds: Sequence[Inbound], now: datetime) -> None:
        self.inbounds = inbounds
        self.now = now
        self.handled: Future[list[Handled]] = get_running_loop().create_future()

    def answer(self, handled: list[Handled]) -> None:
        if not self.handled.done():
            self.handled.set_result(handled)

    def fail(self, error: Exception) -> None:
        if not self.handled.done():
            self.handled.set_exception(error)
