"""Callers that arrive while the database is busy share the next call of `receive`, and with it one commit."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event, Lock
from time import perf_counter, sleep

from prepazka.flows.inbound.receive import Handled, UnknownNumber, receive
from prepazka.gateways.values import Inbound

# Where several came together, those just answered come again at once: the next call waits for them this part of what
# the last one took (seconds, counted at most AT_MOST), which costs a caller less than another call would.
COMPANY = 0.25
AT_MOST = 0.02

HandIn = Callable[[Sequence[Inbound], datetime], list[Handled]]


class Batcher:
    """`receive` for many threads at once.

    Whoever finds nobody working leads: takes all that wait, calls `receive` once for all of them and hands each its
    own. Then the first of those who came meanwhile leads. So nobody waits for more than the call under way and the
    next, and the more callers there are, the less a message costs.
    """

    def __init__(self, receive: HandIn = receive) -> None:
        self._receive = receive
        self._lock = Lock()
        self._waiting: list[_Turn] = []
        self._working = False
        self._lasted = 0.0
        self._crowded = False

    def hand_in(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        """What came of these messages, one each, in their order.

        Raises: what `receive` raises; UnknownNumber only to the caller whose messages name that number.
        """
        turn = _Turn(inbounds, now)
        with self._lock:
            self._waiting.append(turn)
            if not self._working:
                self._working = turn.leads = True
        if not turn.leads:
            turn.done.wait()
        if turn.leads:
            self._lead()
        return turn.result()

    def _lead(self) -> None:
        if self._crowded:
            sleep(self._lasted * COMPANY)
        with self._lock:
            turns, self._waiting = self._waiting, []
        began = perf_counter()
        try:
            self._work(turns)
        finally:
            self._lasted, self._crowded = min(perf_counter() - began, AT_MOST), len(turns) > 1
            with self._lock:
                self._working = bool(self._waiting)
                if self._working:
                    turns.append(self._waiting[0])
                    self._waiting[0].leads = True
            for turn in turns:
                turn.done.set()

    def _work(self, turns: Sequence["_Turn"]) -> None:
        together = [inbound for turn in turns for inbound in turn.inbounds]
        try:
            handled = iter(self._receive(together, max(turn.now for turn in turns)))
            for turn in turns:
                turn.handled = [next(handled) for _ in turn.inbounds]
        except UnknownNumber as error:  # nothing was stored: each alone, so that it hits only whom it concerns
            if len(turns) == 1:
                turns[0].error = error
                return
            for turn in turns:
                self._work([turn])
        except Exception as error:
            for turn in turns:
                turn.error = error


class _Turn:
    """One caller's messages, and what came of them."""

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
            raise RuntimeError("the thread that worked for this one was stopped")
        return self.handled
