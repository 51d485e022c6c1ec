"""An open load: what is due begins when it is due, however slowly what came before is answered."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from prepazka.bench.country.calls import CallFailed

REACHED_WITHIN = 10.0
"""Seconds after which nobody waits any more: what took longer was not reached."""

# So many of one kind at once; who comes beyond gives up, as at a door behind which nobody fits any more.
_AT_ONCE = 500


@dataclass(slots=True)
class Meter:
    """What became of one kind of acts. seconds: from when each was due until it was done; failed: why, how often."""

    due: int = 0
    seconds: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def reached(self) -> int:
        """How many were done in time."""
        return sum(taken <= REACHED_WITHIN for taken in self.seconds)


class NothingToDo(Exception):
    """Whoever was due had nothing to do: it does not count as due."""


Do = Callable[[float], Awaitable[float]]
"""Does something that was due at a moment of the loop's clock; returns the moment when it was done."""


async def offer(a_second: float, for_seconds: float, do: Do, meter: Meter, rng: Random) -> None:
    """Have something done `a_second` times, at random moments, and wait for all of it."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + for_seconds
    begun: set[asyncio.Task[None]] = set()
    at = loop.time() + rng.expovariate(a_second)
    while at < ends:
        await asyncio.sleep(max(0.0, at - loop.time()))
        meter.due += 1
        if len(begun) < _AT_ONCE:
            task = asyncio.create_task(_measured(do, at, meter))
            begun.add(task)
            task.add_done_callback(begun.discard)
        else:
            meter.failed["gave up at the door"] += 1
        at += rng.expovariate(a_second)
    await asyncio.gather(*begun)


async def _measured(do: Do, at: float, meter: Meter) -> None:
    try:
        meter.seconds.append(await do(at) - at)
    except NothingToDo:
        meter.due -= 1
    except CallFailed as failed:
        meter.failed[str(failed)] += 1
