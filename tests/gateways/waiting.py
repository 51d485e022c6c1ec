"""Waiting for a real daemon or another process: for a condition, with a deadline, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

# Seconds; long enough for a loaded machine, and only a failing test takes so long.
DEADLINE = 120.0


def until(met: Callable[[], _T | None], what: str, deadline: float = DEADLINE) -> _T:
    """Ask again and again; the first answer that is true. Raises: AssertionError saying what did not come about."""
    ends = time.monotonic() + deadline
    while True:
        if answer := met():
            return answer
        assert time.monotonic() < ends, f"not within {deadline:.0f} s: {what}"
        time.sleep(0.01)
