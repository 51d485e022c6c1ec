"""Errors of the log that repeat themselves: the first is told at once, the same again once a minute and how often.

While a disk is full or the database is away, every thread fails every few seconds, and each caller once: told one by
one, a night of it would be a hundred thousand lines, on a disk that may be the full one.
"""

import time
from collections.abc import Callable, Hashable
from threading import Lock

from structlog import DropEvent
from structlog.typing import EventDict, WrappedLogger

PAUSE = 60.0
"""Seconds between two lines of one error."""

# Errors that are remembered; more kinds than this at once are not one fault that repeats itself.
_MOST = 500
# What differs from one time to the next and is no other error: `at` names the statement that failed first.
_LEFT_OUT = frozenset({"timestamp", "at"})


class Repetitions:
    """A processor of structlog that drops what was told within the last minute, and counts it.

    steady: seconds that no setting of the clock moves.
    """

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._lock = Lock()
        self._told: dict[Hashable, tuple[float, int]] = {}

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the event, with how often it was left out since. Raises: DropEvent."""
        if event.get("level") not in {"error", "critical"} or "error" not in event:
            return event
        key = tuple(sorted((name, repr(value)) for name, value in event.items() if name not in _LEFT_OUT))
        now = self._steady()
        with self._lock:
            last, left_out = self._told.get(key, (None, 0))
            if last is not None and now - last < PAUSE:
                self._told[key] = last, left_out + 1
                raise DropEvent
            self._told.pop(key, None)
            if len(self._told) >= _MOST:
                self._told.pop(next(iter(self._told)))  # the one that was told first
            self._told[key] = now, 0
        return {**event, "left_out": left_out} if left_out else event
