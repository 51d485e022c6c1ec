"""The clock of the program: the only place that reads the time; everything else takes it as an argument.

In a rehearsal (`PREPAZKA_CLOCK`) all processes use another time. The file holds a moment with its offset, such as
`2026-08-03T08:00+02:00`: the moment when the file was written; the clock runs on from there. Replacing the file moves
the clock. `prepazka check` refuses a rehearsal beside gateways that reach people.
"""

import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from prepazka.core.minutes import YEARS, believable


def now() -> datetime:
    """Return this moment, aware."""
    real = datetime.now(UTC)
    return real + _offset(settings.CLOCK) if settings.CLOCK else real


def steady() -> float:
    """Return the seconds since the machine started, also while it slept; nobody sets this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def is_rehearsal() -> bool:
    """Return whether the clock differs from the machine's on purpose."""
    return bool(settings.CLOCK)


def _offset(path: str) -> timedelta:
    """Return how far a rehearsal is ahead of the machine.

    Raises: ImproperlyConfigured for a missing file or one that holds no moment.
    """
    try:
        return _read_offset(path, os.stat(path).st_mtime_ns)  # noqa: PTH116 -- runs at every reading of the clock
    except OSError as error:
        raise ImproperlyConfigured(f"PREPAZKA_CLOCK: {path}: {error.strerror}") from None


@lru_cache(maxsize=2)
def _read_offset(path: str, written: int) -> timedelta:
    """Read the file's moment; written: the file's modification time, in nanoseconds since 1970."""
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(Path(path).read_text("utf-8").strip())
    if moment is None or moment.tzinfo is None or not believable(moment):
        raise ImproperlyConfigured(
            f"PREPAZKA_CLOCK: {path} must hold a moment with its offset, such as 2026-08-03T08:00+02:00, "
            f"in the years {YEARS[0]} to {YEARS[1] - 1}"
        )
    return moment - datetime.fromtimestamp(written / 1e9, UTC)
