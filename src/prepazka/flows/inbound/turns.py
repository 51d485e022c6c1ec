"""Turns of a machine's processes at an office: who waits for another process's transaction goes on gathering callers.

Turns only save work; what decides is the lock of the office (design/locking.md). So nobody waits for long for one.
"""

import os
from asyncio import sleep
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, lockf
from typing import Final
from zlib import crc32

# How often one looks whether it is one's turn while the holder's call lasts as long as our last one did; the bounds in
# seconds of the pause between two looks; after how many of them nobody waits longer: the holder may stand still.
LOOKS_A_CALL: Final = 5
SHORTEST, LONGEST = 0.0005, 0.005
LOOKS: Final = 10


class Turns:
    """A turn for each number. Processes that were forked since share them; the turn of one that is killed ends."""

    def __init__(self, pause: Callable[[float], Awaitable[None]] = sleep) -> None:
        self._file = os.memfd_create("turns")
        self._pause = pause

    @asynccontextmanager
    async def at(self, number: str, lasts: float) -> AsyncIterator[None]:
        """Have the turn at the office with this number, or after a while no longer wait for it.

        lasts: the seconds that a call may take.
        """
        place = crc32(number.encode())
        taken = await self._take(place, min(max(lasts / LOOKS_A_CALL, SHORTEST), LONGEST))
        try:
            yield
        finally:
            if taken:
                lockf(self._file, LOCK_UN, 1, place)

    async def _take(self, place: int, pause: float) -> bool:
        for _ in range(LOOKS):
            try:
                lockf(self._file, LOCK_EX | LOCK_NB, 1, place)
            except OSError:  # another process has it
                await self._pause(pause)
            else:
                return True
        return False
