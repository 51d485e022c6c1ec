"""Waits for another process or thread: for a condition with a deadline, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

# Seconds; long enough for a loaded machine, and only a failing test takes so long.
DEADLINE = 120.0


def until(
    condition: Callable[[], _T | None],
    what: str = "it never came to be",
    deadline: float = DEADLINE,
    every: float = 0.01,
) -> _T:
    """Call `condition` until it returns a true value, and return that; every: seconds between two calls.

    Raises: AssertionError naming `what`.
    """
    ends = time.monotonic() + deadline
    while True:
        if result := condition():
            return result
        assert time.monotonic() < ends, f"not within {deadline:.0f} s: {what}"
        pause(every)


def pause(seconds: float = 0.01) -> None:
    """Let other processes run; only between two checks of a condition that has a deadline."""
    time.sleep(seconds)
