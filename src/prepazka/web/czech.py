"""Dates, times, counts and telephone numbers as Czech pages write them."""

from collections.abc import Sequence
from datetime import date, time

import phonenumbers

WEEKDAYS = ("pondělí", "úterý", "středa", "čtvrtek", "pátek", "sobota", "neděle")
_SHORT = ("po", "út", "st", "čt", "pá", "so", "ne")
_NBSP = "\u00a0"


def day(on: date) -> str:
    """`po 10. 8. 2026`, never broken over two lines."""
    return f"{_SHORT[on.weekday()]} {on.day}. {on.month}. {on.year}".replace(" ", _NBSP)


def days(first: date, last: date) -> str:
    """One day, or a range of days with both ends."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def clock(at: time) -> str:
    """`8:00`."""
    return f"{at.hour}:{at:%M}"


def stretch(since: time, until: time) -> str:
    """`8:00–11:30`."""
    return f"{clock(since)}–{clock(until)}"


def counted(count: int, one: str, few: str, many: str) -> str:
    """The count with the noun in the form it takes: 1 den, 2 dny, 5 dní."""
    noun = one if count == 1 else few if count in (2, 3, 4) else many
    return f"{count}{_NBSP}{noun}"


def listed(words: Sequence[str]) -> str:
    """`Doklady, Evidence obyvatel a Matrika`."""
    *others, last = words
    return f"{', '.join(others)} a {last}" if others else last


def phone(e164: str) -> str:
    """`+420 739 547 765`; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", _NBSP)
