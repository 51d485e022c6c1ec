"""The values of an office file, each with what it may be and what is said of a wrong one."""

import re
import unicodedata
from datetime import date, time
from typing import Annotated, LiteralString
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from holidays import list_supported_countries
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from prepazka.core.office import lengths
from prepazka.core.office.short_codes import is_emergency, is_short_code
from prepazka.officefile.as_written import read_day, read_number, read_time, read_times


def _mistake(kind: LiteralString, message: str) -> PydanticCustomError:
    """Return a mistake of this kind (the administration explains each kind in Czech), with its English text."""
    # Pydantic formats the braces of a message; the written value may contain some.
    return PydanticCustomError(kind, "{message}", {"message": message})


def _parse_time(value: object) -> time:
    """Parse a time of day as people write it: "9:00", "9.00", "9", or TOML's own 09:00:00."""
    if isinstance(value, time):
        read = value
    else:
        hours, _colon, minutes = read_time(value).partition(":") if isinstance(value, str) else ("", "", "")
        if not (_is_number(hours) and len(minutes) == 2 and _is_number(minutes)):
            raise _mistake("time", f'{value!r} is no time of day; write it like "9:00"')
        if int(hours) > 23 or int(minutes) > 59:
            raise _mistake("time", f'{value!r} is no time of day; the last one is "23:59"')
        read = time(int(hours), int(minutes))
    if read.second or read.microsecond:
        raise _mistake("seconds", f"{value} has seconds; hours are kept in whole minutes")
    return read


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _parse_date(value: object) -> date:
    """Parse a date: TOML's own, or in quotes 2026-08-10 or 10. 8. 2026."""
    if type(value) is date:
        return value
    read = read_day(value) if isinstance(value, str) else None
    if read is None:
        raise _mistake("date", f"{value!r} is no date; write it like 2026-08-10")
    return read


def _parse_break(value: object) -> tuple[time, time]:
    """Parse a break as people write it: "11:30-12:30", "11.30 – 12.30"."""
    ends = read_times(value) if isinstance(value, str) else []
    if len(ends) != 2:
        raise _mistake("break", f'{value!r} is no break; write it like "11:30-12:30"')
    return _parse_time(ends[0]), _parse_time(ends[1])


def _parse_zone(name: object) -> ZoneInfo:
    if not isinstance(name, str) or name not in available_timezones():
        raise _mistake("time_zone", f'{name!r} is no time zone; write it like "Europe/Prague"')
    return ZoneInfo(name)


def _check_country(code: str) -> str:
    if code and code not in list_supported_countries():
        raise _mistake(
            "country", f'no public holidays are known for {code!r}; write a country like "CZ", or "" for none'
        )
    return code


def _read_number(written: str) -> str:
    """Return the number in E.164, however it was written."""
    number = read_number(written)
    if is_emergency(number):
        raise _mistake("emergency", f"{number} is called by people in need; an office cannot have it")
    if is_short_code(number):
        return number
    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        possible = False
    if not possible:
        raise _mistake("number", f'{written!r} is no telephone number; write it like "+420739547765"')
    return number


# Addresses of the system beside the offices' pages: an office with such a slug would hide one or be hidden.
_RESERVED = frozenset(
    {"accessibility", "account", "admin", "api", "board", "desk", "gateways", "kiosk", "phone", "static"}
)


def _check_address(value: str) -> str:
    if value in _RESERVED:
        raise _mistake("address_taken", f"{value!r} is an address of the system; choose another")
    return value


def _check_slug(value: str) -> str:
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 40:
        raise _mistake("slug", f'{value!r} must be small letters, digits and hyphens, at most 40, like "muj-urad"')
    return value


def _one_line(at_most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=at_most)


def _check_characters(value: str) -> str:
    """Reject control characters: databases do not store NUL, and pages and messages show none of them."""
    if any(unicodedata.category(character) == "Cc" and character != "\n" for character in value):
        raise _mistake("control_character", "has a control character; take it out")
    return value


def _check_single_line(value: str) -> str:
    if "\n" in value:
        raise _mistake("one_line", "has a line break; write it in one line")
    return _check_characters(value)


def _normalize_synonym(value: str) -> str:
    """Letters of any alphabet: some people write Cyrillic."""
    words = value.split()
    if not all(word.isalnum() for word in words) or not words or not words[0][0].isalpha():
        raise _mistake("synonym", f'{value!r} must be words of letters and digits, a letter first, like "občanka"')
    return " ".join(words)


def _normalize_code(value: str) -> str:
    if not re.fullmatch("[A-Za-z][A-Za-z0-9]+", value) or len(value) > lengths.SERVICE_CODE:
        most = lengths.SERVICE_CODE
        raise _mistake(
            "service_code",
            f'{value!r} must be 2 to {most} letters or digits without diacritics, a letter first, like "ZOP"',
        )
    return value.upper()


def _check_language(value: str) -> str:
    if not re.fullmatch("[a-z]{2}", value):
        raise _mistake("language", f'{value!r} is no language; write two small letters, like "cs"')
    return value


def _check_email(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", value):
        raise _mistake("email", f'{value!r} is no e-mail address; write it like "podatelna@urad.example"')
    return value


def _check_printer(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", value):
        raise _mistake("printer", f'{value!r} is no printer; write it like "192.168.1.50" or "192.168.1.50:9100"')
    return value


# docs/spec/administration.md §10: "An origin is `https://`, a host name and perhaps a port"
def _check_origin(value: str) -> str:
    """Accept nothing that could mean more within a header: no wildcard, path, space, comma or semicolon."""
    host = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(rf"https://{host}(\.{host})+(:[1-9][0-9]{{0,4}})?", value) or len(value) > lengths.ORIGIN:
        raise _mistake("origin", f'{value!r} is no origin; write it like "https://www.mesto.example"')
    return value


def _normalize_prefix(value: str) -> str:
    if not re.fullmatch(f"[A-Za-z]{{0,{lengths.TICKET_PREFIX}}}", value):
        raise _mistake(
            "prefix", f'{value!r} must be at most {lengths.TICKET_PREFIX} letters without diacritics, like "D"'
        )
    return value.upper()


Time = Annotated[time, BeforeValidator(_parse_time)]
Date = Annotated[date, BeforeValidator(_parse_date)]
Break = Annotated[tuple[time, time], BeforeValidator(_parse_break)]
Zone = Annotated[ZoneInfo, BeforeValidator(_parse_zone)]
Country = Annotated[str, AfterValidator(_check_country)]
Number = Annotated[str, AfterValidator(_read_number)]
Slug = Annotated[str, AfterValidator(_check_slug)]
Address = Annotated[Slug, AfterValidator(_check_address)]
Code = Annotated[str, AfterValidator(_normalize_code)]
Prefix = Annotated[str, AfterValidator(_normalize_prefix)]
Text = Annotated[str, AfterValidator(_check_characters)]
Title = Annotated[str, _one_line(lengths.SERVICE_TITLE), AfterValidator(_check_characters)]
Name = Annotated[str, _one_line(lengths.OFFICE_NAME), AfterValidator(_check_characters)]
Contact = Annotated[str, AfterValidator(_check_characters), StringConstraints(max_length=lengths.OFFICE_CONTACT)]
CounterTitle = Annotated[str, _one_line(lengths.COUNTER_TITLE), AfterValidator(_check_characters)]
Way = Annotated[str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.COUNTER_WAY)]
Reason = Annotated[str, _one_line(lengths.CLOSURE_REASON), AfterValidator(_check_characters)]
Postal = Annotated[str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.OFFICE_ADDRESS)]
Directions = Annotated[str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.OFFICE_DIRECTIONS)]
PrivacyOfficer = Annotated[
    str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.PRIVACY_OFFICER)
]
Recipients = Annotated[str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.RECIPIENTS)]
Synonym = Annotated[str, _one_line(lengths.SYNONYM), AfterValidator(_normalize_synonym)]
Bring = Annotated[str, _one_line(lengths.BRING), AfterValidator(_check_characters)]
Language = Annotated[str, AfterValidator(_check_language)]
AnswerTitle = Annotated[str, _one_line(lengths.SAVED_ANSWER_TITLE), AfterValidator(_check_single_line)]
AnswerText = Annotated[str, _one_line(lengths.SAVED_ANSWER), AfterValidator(_check_characters)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=24 * 60)]
Lanes = Annotated[int, Field(strict=True, ge=0, le=60)]
InboxHours = Annotated[str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.INBOX_HOURS)]
ScreenNotice = Annotated[str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.SCREEN_NOTICE)]
Email = Annotated[str, AfterValidator(_check_email), StringConstraints(max_length=lengths.EMAIL)]
Printer = Annotated[str, AfterValidator(_check_printer), StringConstraints(max_length=lengths.PRINTER)]
Origin = Annotated[str, AfterValidator(_check_origin)]
