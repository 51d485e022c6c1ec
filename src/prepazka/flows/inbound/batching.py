"""Batching of concurrent callers: those who come during a call of `receive` share the next one, and its commit."""

from asyncio import Event, Future, Task, create_task, get_running_loop, wait_for
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from time import perf_counter

from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import UnknownNumber
from prepazka.gateways.values import Inbound

# Those just answered usually come again at once. The next call waits until they are there, beside who waited meanwhile,
# but no longer than the last one took, and never longer than these seconds: a call costs nearly as much for one message
# as for eight, so two calls in turn, each with half of the callers, would keep all of them waiting longer.
LONGEST_WAIT = 0.02

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
        self._expected = 0
        self._all_came = Event()

    async def hand_in(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        """Return how these messages were handled, one `Handled` each, in their order.

        Raises: what `receive` raises; UnknownNumber only to the caller whose messages name that number.
        """
        turn = _Turn(inbounds, now)
        self._waiting.append(turn)
        if len(self._waiting) == self._expected:
            self._all_came.set()
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
                callers = len(turns) + len(self._waiting)
                if callers > 1:
                    await self._wait_for(callers, min(perf_counter() - began, LONGEST_WAIT))
        finally:
            self._calls = None

    async def _wait_for(self, callers: int, seconds: float) -> None:
        """Wait until so many callers are there, and no longer than so many seconds."""
        self._expected = callers
        self._all_came.clear()
        with suppress(TimeoutError):
            await wait_for(self._all_came.wait(), seconds)
        self._expected = 0

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
