"""Dates as people write them, and the day they mean."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, get_args

from prepazka.sms.vocabulary import DayName

_DAY_MONTH = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(?:(\d{4}|\d{2})\.?)?)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\.?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\.?", re.ASCII)
_DDMM = re.compile(r"(\d{2})(\d{2})", re.ASCII)

_CENTURY = 2000
_LEAP_CYCLE = 8
"""Years after which a 29.2. has certainly come again (from 2096 to 2104 it takes that long)."""

_AHEAD: Mapping[DayName, int] = {"today": 0, "tomorrow": 1, "day_after_tomorrow": 2}
_WEEKDAYS: tuple[DayName, ...] = get_args(DayName)[len(_AHEAD) :]


# docs/spec/messages.md §3.3: "A weekday means the first one after today."
def named_day(name: DayName, today: date) -> date:
    """The day a day word means; a weekday is the next such day, today excluded (spec/messages.md §3)."""
    ahead = _AHEAD.get(name)
    if ahead is None:
        ahead = (_WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead)


# docs/spec/messages.md §3.3: "a weekday that contradicts the date beside it is a date that does not exist"
def agrees(name: DayName, day: date, today: date) -> bool:
    """Whether a day word fits the date written beside it, as in "po 10.8."."""
    if name in _AHEAD:
        return day == named_day(name, today)
    return _WEEKDAYS[day.weekday()] == name


class WrittenDate(NamedTuple):
    """A date as written with separators; whether there is such a day is not said. year: None if left out."""

    day: int
    month: int
    year: int | None

    def has_plausible_year(self) -> bool:
        """Whether the year is of this century, so that it cannot be a time grown together with the date."""
        return self.year is not None and _CENTURY <= self.year < _CENTURY + 100

    # docs/spec/messages.md §3.3: "A date without a year means its next occurrence, and today counts."
    def existing(self, today: date) -> date | None:
        """The day meant, or None if there is none.

        Without a year it is the next such day, today included (spec/messages.md §3).
        """
        if self.year is not None:
            return _existing(self.year, self.month, self.day) if self.has_plausible_year() else None
        for year in range(today.year, today.year + _LEAP_CYCLE + 1):
            found = _existing(year, self.month, self.day)
            if found is not None and found >= today:
                return found
        return None


@lru_cache(maxsize=2048)  # people write the same few hundred dates
def written_date(spelled: str) -> WrittenDate | None:
    """A date with separators: "10.8.", "10/8", "10.8.2026", "10.8.26", "2026-08-10"; None if it is not written so."""
    if "-" in spelled:
        found = _ISO.fullmatch(spelled)
        return None if found is None else WrittenDate(int(found[3]), int(found[2]), int(found[1]))
    found = _DAY_MONTH.fullmatch(spelled) or _SLASHED.fullmatch(spelled)
    if found is None:
        return None
    year = found[3]
    if year is None:
        return WrittenDate(int(found[1]), int(found[2]), None)
    return WrittenDate(int(found[1]), int(found[2]), int(year) + (_CENTURY if len(year) == 2 else 0))


# docs/spec/messages.md §3.3: "four digits as day and month, only where a date is due"
def compact_day(spelled: str, today: date) -> date | None:
    """The day written DDMM ("1008"); None when the text is not four digits or there is no such day."""
    found = _DDMM.fullmatch(spelled)
    return None if found is None else WrittenDate(int(found[1]), int(found[2]), None).existing(today)


def needs_year(day: date, today: date) -> bool:
    """Whether a day written without its year is read as another day."""
    return WrittenDate(day.day, day.month, None).existing(today) != day


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
