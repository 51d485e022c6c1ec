"""The clock of the house: the only place where its doors learn the time; everything within asks for it as an argument.

In a rehearsal (`PREPAZKA_CLOCK`) it shows another time, the same to all processes. The file holds a moment with its
offset, such as `2026-08-03T08:00+02:00`: the moment at which it was written, and from there the clock runs on. A file
put in its place while the office works moves the clock. `prepazka check` refuses it beside gateways that reach people.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def now() -> datetime:
    """This moment, aware."""
    real = datetime.now(UTC)
    return real + _ahead(settings.CLOCK) if settings.CLOCK else real


def rehearsed() -> bool:
    """Whether the clock shows another time than the machine's."""
    return bool(settings.CLOCK)


def _ahead(path: str) -> timedelta:
    """How far a rehearsal is ahead of the machine.

    Raises: ImproperlyConfigured for a file that is not there or holds no moment.
    """
    try:
        return _read(path, os.stat(path).st_mtime_ns)  # noqa: PTH116 -- asked for with every look at the clock
    except OSError as error:
        raise ImproperlyConfigured(f"PREPAZKA_CLOCK: {path}: {error.strerror}") from None


@lru_cache(maxsize=2)
def _read(path: str, written: int) -> timedelta:
    """written: when the file was, in nanoseconds since 1970."""
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(Path(path).read_text("utf-8").strip())
    if moment is None or moment.tzinfo is None:
        raise ImproperlyConfigured(
            f"PREPAZKA_CLOCK: {path} must hold a moment with its offset, such as 2026-08-03T08:00+02:00"
        )
    return moment - datetime.fromtimestamp(written / 1e9, UTC)
