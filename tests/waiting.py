"""Waiting for another process or thread: for a condition, with a deadline, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

# Seconds; long enough for a loaded machine, and only a failing test takes so long.
DEADLINE = 120.0


def until(met: Callable[[], _T | None], what: str = "it never came to be", deadline: float = DEADLINE) -> _T:
    """Ask again and again; the first answer that is true. Raises: AssertionError saying what did not come about."""
    ends = time.monotonic() + deadline
    while True:
        if answer := met():
            return answer
        assert time.monotonic() < ends, f"not within {deadline:.0f} s: {what}"
        pause()


def pause() -> None:
    """Leave the machine to whom is waited for; only between two looks at a condition that has a deadline."""
    time.sleep(0.01)
