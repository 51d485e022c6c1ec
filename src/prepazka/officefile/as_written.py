"""Numbers, times, days and names as people write them, read as the office file keeps them.

What cannot be read is returned as it is: the checks of the file refuse it in their own words.
"""

import re
from datetime import date

import phonenumbers
from anyascii import anyascii

from prepazka.core.office.short_codes import is_short_code

_TIME = re.compile(r"(\d{1,2})(?:\s*[.:,]\s*(\d{2}))?\s*(?:h|hod\.?|hodin)?", re.ASCII)
_BETWEEN = re.compile(r"\s*(?:[-\u2010-\u2015\u2212]|\baž\b|\bdo\b)\s*")
_DAY = re.compile(r"(\d{1,2})\s*\.\s*(\d{1,2})\s*\.\s*(\d{4})", re.ASCII)


# docs/spec/administration.md §4: "Pages and file take numbers, times and days as people write them"
def read_number(text: str) -> str:
    """Return a telephone number in E.164: `739 547 000` and `+420 739 547 000` are `+420739547000`.

    A short code stays as it is.
    """
    digits = "".join(character for character in text if not character.isspace() and character.isprintable())
    if is_short_code(digits):
        return digits
    try:
        parsed = phonenumbers.parse(digits, "CZ")
    except phonenumbers.NumberParseException:
        return text
    if parsed.extension or re.search("[A-Za-z]", digits):  # which the library reads as the keys of a telephone
        return text
    if not phonenumbers.is_valid_number(parsed):  # such as one with a prefix but no plus
        return text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def read_time(text: str) -> str:
    """Return a time of day with a colon: `8.00`, `8` and `8 h` are `8:00`."""
    found = _TIME.fullmatch(text.strip())
    return f"{found[1]}:{found[2] or '00'}" if found else text


def read_times(text: str) -> list[str]:
    """Return the times of a stretch: `11.30 – 12.30`, `11:30-12:30` and `11.30 až 12.30` are 11:30 and 12:30."""
    return [read_time(one) for one in _BETWEEN.split(text.strip())]


def read_day(text: str) -> date | None:
    """Return a date written as `24. 12. 2026` or 2026-12-24; None for any other text."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text.strip())
    except ValueError:
        return None


# docs/spec/administration.md §4: "A name of a device may be typed with capitals, spaces and diacritics"
def read_name(text: str) -> str:
    """Return a name in small letters, digits and hyphens: `Hala 1` is `hala-1`, `Vchod hlavní` is `vchod-hlavni`."""
    return "-".join(re.findall("[a-z0-9]+", anyascii(text).lower()))
