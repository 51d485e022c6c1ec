"""One gathering of callers for each office: who writes to an office that is held up keeps nobody else waiting."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.db import OperationalError

from prepazka.flows.inbound.batching import Batcher, Receive
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import Inbound

# docs/spec/safety.md §4.4: "Where eight callers wait for an office and none was answered for a second"
WAITING_AT_MOST = 8
HELD_UP_AFTER = 1.0
# Gatherings that are remembered while nobody is in them.
_REMEMBERED = 10_000


class OfficeHeldUp(OperationalError):
    """So many callers wait for an office that is held up that one more would keep callers of other offices waiting."""


@dataclass(slots=True)
class _Gathering:
    """The callers of a number. since: when the first of those who wait came, on a clock that is never set."""

    batcher: Batcher
    waiting: int = 0
    since: float = 0.0


class Gatherings:
    """`Batcher` by the number that is written to, on one event loop; messages to several are handled for themselves."""

    def __init__(self, receive: Receive, seconds: Callable[[], float] = monotonic) -> None:
        self._receive = receive
        self._seconds = seconds
        self._of: OrderedDict[str, _Gathering] = OrderedDict()

    async def hand_in(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        """Return how these messages were handled, as `Batcher.hand_in` does.

        Raises: OfficeHeldUp when enough callers wait for that office; what `receive` raises.
        """
        numbers = {e164(inbound.recipient) for inbound in inbounds}
        if len(numbers) != 1:
            return await self._receive(inbounds, now)
        gathering = self._enter(numbers.pop())
        try:
            return await gathering.batcher.hand_in(inbounds, now)
        finally:
            gathering.waiting -= 1
            gathering.since = self._seconds()  # something was answered: it goes on

    def _enter(self, number: str) -> _Gathering:
        gathering = self._of.setdefault(number, _Gathering(Batcher(self._receive)))
        self._of.move_to_end(number)
        if not gathering.waiting:
            gathering.since = self._seconds()
        elif gathering.waiting >= WAITING_AT_MOST and self._seconds() - gathering.since > HELD_UP_AFTER:
            raise OfficeHeldUp("the office is held up by another transaction")
        gathering.waiting += 1
        self._forget_idle()
        return gathering

    def _forget_idle(self) -> None:
        """Forget the gatherings longest unused; whoever texts thousands of numbers takes no memory for good."""
        while len(self._of) > _REMEMBERED:
            number = next((number for number, one in self._of.items() if not one.waiting), None)
            if number is None:
                return
            del self._of[number]
