"""Batching of concurrent callers: those who arrive during a call of `receive` share the next one, and its commit."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event, Lock
from time import perf_counter, sleep

from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import UnknownNumber, receive_bound
from prepazka.gateways.values import Inbound

# After a call shared by several callers, those just answered usually come again at once. The next call waits for them,
# for this share of the seconds the last one took (counted up to COUNTED_AT_MOST); another call would cost them more.
WAIT_SHARE = 0.25
COUNTED_AT_MOST = 0.02

Receive = Callable[[Sequence[Inbound], datetime], list[Handled]]


class Batcher:
    """`receive_bound` for many threads at once.

    A caller who finds no call under way becomes the leader: it takes the messages of all who wait, calls `receive` once
    and distributes the results. Then the first of those who came meanwhile becomes the leader. So a caller waits for
    the call under way and the next one at most, and a message costs the less the more callers there are.
    """

    def __init__(self, receive: Receive = receive_bound) -> None:
        self._receive = receive
        self._lock = Lock()
        self._waiting: list[_Turn] = []
        self._calling = False
        self._duration = 0.0
        self._shared = False

    def hand_in(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        """Return how these messages were handled, one `Handled` each, in their order.

        Raises: what `receive` raises; UnknownNumber only to the caller whose messages name that number.
        """
        turn = _Turn(inbounds, now)
        with self._lock:
            self._waiting.append(turn)
            if not self._calling:
                self._calling = turn.leads = True
        if not turn.leads:
            turn.done.wait()
        if turn.leads:
            self._lead()
        return turn.result()

    def _lead(self) -> None:
        if self._shared:
            sleep(self._duration * WAIT_SHARE)
        with self._lock:
            turns, self._waiting = self._waiting, []
        began = perf_counter()
        try:
            self._call(turns)
        finally:
            self._duration, self._shared = min(perf_counter() - began, COUNTED_AT_MOST), len(turns) > 1
            with self._lock:
                self._calling = bool(self._waiting)
                if self._calling:
                    turns.append(self._waiting[0])
                    self._waiting[0].leads = True
            for turn in turns:
                turn.done.set()

    def _call(self, turns: Sequence["_Turn"]) -> None:
        inbounds = [inbound for turn in turns for inbound in turn.inbounds]
        try:
            handled = iter(self._receive(inbounds, max(turn.now for turn in turns)))
            for turn in turns:
                turn.handled = [next(handled) for _ in turn.inbounds]
        except UnknownNumber as error:  # nothing was stored: again one by one, so that it reaches its caller only
            if len(turns) == 1:
                turns[0].error = error
                return
            for turn in turns:
                self._call([turn])
        except Exception as error:
            for turn in turns:
                turn.error = error


class _Turn:
    """One caller's messages, and how they were handled."""

    def __init__(self, inbounds: Sequence[Inbound], now: datetime) -> None:
        self.inbounds = inbounds
        self.now = now
        self.leads = False
        self.done = Event()
        self.handled: list[Handled] | None = None
        self.error: Exception | None = None

    def result(self) -> list[Handled]:
        if self.error is not None:
            raise self.error
        if self.handled is None:
            raise RuntimeError("the leading thread was stopped")
        return self.handled
