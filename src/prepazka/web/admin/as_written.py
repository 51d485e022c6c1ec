"""Numbers and times as people write them, read as the office file has them. What is neither is left as it is."""

import re

import phonenumbers

from prepazka.core.office.short_codes import is_short_code


# docs/spec/administration.md §4: "Pages take numbers and times as people write them"
def read_number(text: str) -> str:
    """Return a telephone number in E.164: `739 547 000` and `+420 739 547 000` are `+420739547000`.

    A short code stays as it is.
    """
    if is_short_code(digits := text.replace(" ", "")):
        return digits
    try:
        parsed = phonenumbers.parse(text, "CZ")
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def read_times(text: str) -> str:
    """Return times of day with colons and hyphens: `8.00` is `8:00`, `11.30 – 12` is `11:30-12:00`."""
    ends = [_read_time(one.strip()) for one in re.split("[-–—]", text)]
    return "-".join(ends)


def _read_time(text: str) -> str:
    found = re.fullmatch(r"(\d{1,2})(?:\s*[.:,]\s*(\d{2}))?\s*(?:h|hod\.?)?", text, re.ASCII)
    return f"{found[1]}:{found[2] or '00'}" if found else text
