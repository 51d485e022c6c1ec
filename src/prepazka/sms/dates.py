"""Dates as people write them, and the day they mean."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import get_args

from prepazka.sms.words import DayName

_DAY_MONTH = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(?:(\d{4}|\d{2})\.?)?)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\.?", re.ASCII)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\.?", re.ASCII)
_DDMM = re.compile(r"(\d{2})(\d{2})", re.ASCII)

_CENTURY = 2000
_LEAP_CYCLE = 8
"""Years after which a 29.2. has certainly come again (1896–1904 is the longest wait)."""

_AHEAD: Mapping[DayName, int] = {"today": 0, "tomorrow": 1, "day_after_tomorrow": 2}
_WEEKDAYS: tuple[DayName, ...] = get_args(DayName)[len(_AHEAD) :]


def named_day(name: DayName, today: date) -> date:
    """The day a day word means; a weekday is the next such day, today excluded (spec/messages.md §3)."""
    ahead = _AHEAD.get(name)
    if ahead is None:
        ahead = (_WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead)


def agrees(name: DayName, day: date, today: date) -> bool:
    """Whether a day word fits the date written beside it, as in "po 10.8."."""
    if name in _AHEAD:
        return day == named_day(name, today)
    return _WEEKDAYS[day.weekday()] == name


def is_date_shaped(spelled: str) -> bool:
    """Whether a token is written as a date with separators, existing or not."""
    return _parts(spelled) is not None


def written_day(spelled: str, today: date) -> date | None:
    """The day written with separators: "10.8.", "10/8", "10.8.2026", "10.8.26", "2026-08-10".

    None when the text is not written so or there is no such day.
    """
    parts = _parts(spelled)
    return None if parts is None else _day(*parts, today)


def compact_day(spelled: str, today: date) -> date | None:
    """The day written DDMM ("1008"); None when the text is not four digits or there is no such day."""
    found = _DDMM.fullmatch(spelled)
    return None if found is None else _day(int(found[1]), int(found[2]), None, today)


def shortest(day: date, today: date) -> str:
    """The shortest way to write a day so that it is read as that day again."""
    if _day(day.day, day.month, None, today) == day:
        return f"{day.day}.{day.month}."
    return f"{day.day}.{day.month}.{day.year}"


def _parts(spelled: str) -> tuple[int, int, int | None] | None:
    found = _DAY_MONTH.fullmatch(spelled) or _SLASHED.fullmatch(spelled)
    if found is not None:
        year = found[3]
        if year is None:
            return int(found[1]), int(found[2]), None
        return int(found[1]), int(found[2]), int(year) + (_CENTURY if len(year) == 2 else 0)
    found = _ISO.fullmatch(spelled)
    return None if found is None else (int(found["day"]), int(found["month"]), int(found["year"]))


def _day(day: int, month: int, year: int | None, today: date) -> date | None:
    """The day, or None if there is none; without a year the next such day, today included."""
    if year is not None:
        return _existing(year, month, day) if _CENTURY <= year < _CENTURY + 100 else None
    for candidate in range(today.year, today.year + _LEAP_CYCLE + 1):
        found = _existing(candidate, month, day)
        if found is not None and found >= today:
            return found
    return None


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
