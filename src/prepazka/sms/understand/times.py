"""Times of day as people write them."""

import re
from collections.abc import Set as AbstractSet
from datetime import time
from functools import lru_cache

_CLOCK = re.compile(r"(\d{1,2})(?:[:,](\d{2})\.?|\.(\d{2}))", re.ASCII)
_COMPACT = re.compile(r"(\d{2})(\d{2})", re.ASCII)
_HOUR = re.compile(r"\d{1,2}", re.ASCII)
_WITH_WORD = re.compile(r"([\d:.,]+)([A-Z]+)\.?", re.ASCII)
_CLOCK_SHAPED = re.compile(r"\d{1,3}(?:[:,]\d{0,3}|\.\d{2})\.?", re.ASCII)


@lru_cache(maxsize=2048)  # an office's starts are the same every day
def written_time(spelled: str, hour_words: AbstractSet[str]) -> time | None:
    """The time a token is: "14:00", "14.00", "14,00", "1400", "14h"; None when it is not one."""
    if spelled.isdecimal():
        found = _COMPACT.fullmatch(spelled)
        return None if found is None else _time(int(found[1]), int(found[2]))
    found = _CLOCK.fullmatch(spelled)
    if found is not None:
        return _time(int(found[1]), int(found[2] or found[3]))
    found = _WITH_WORD.fullmatch(spelled)
    if found is not None and found[2] in hour_words:
        return bare_hour(found[1]) or written_time(found[1], frozenset())
    return None


def bare_hour(spelled: str) -> time | None:
    """The full hour written as one or two digits: "14"."""
    return _time(int(spelled), 0) if _HOUR.fullmatch(spelled) else None


def is_time_shaped(spelled: str, hour_words: AbstractSet[str]) -> bool:
    """Whether a token is written as a time, existing or not: "25:00", "14:5", "25h"."""
    if _CLOCK_SHAPED.fullmatch(spelled):
        return True
    found = _WITH_WORD.fullmatch(spelled)
    return found is not None and found[2] in hour_words


def is_hour_shaped(spelled: str) -> bool:
    """Whether a token is written as a full hour, existing or not: "14", "25"."""
    return _HOUR.fullmatch(spelled) is not None


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None
