"""The shape of an office file: its sections and keys, and the valid values of each."""

import re
import unicodedata
from dataclasses import fields
from datetime import date, time
from typing import Annotated, Any, Literal, LiteralString, cast, get_origin, get_type_hints
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from holidays import list_supported_countries
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    create_model,
    field_validator,
)
from pydantic_core import PydanticCustomError

from prepazka.core.office import lengths
from prepazka.core.office import office as core
from prepazka.core.office.short_codes import is_short_code

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

# The largest values of the database's columns.
_SMALL, _LARGE = 32_767, 2_147_483_647
# The bounds of a setting that are not 0 and _SMALL.
_BOUNDS = {
    "notice_minutes": (0, _LARGE),
    "cancel_until_minutes": (0, _LARGE),
    "reoffer_minutes": (0, _LARGE),
    "persons_at_most": (1, lengths.PERSONS),
    "voice_volume": (0, 100),
    "wait_limit_minutes": (1, 24 * 60),
    "close_counters_minutes": (0, 24 * 60),
    "counter_idle_minutes": (5, 24 * 60),
    "signed_out_minutes": (0, 24 * 60),
    # docs/spec/safety.md §5.3: "from 1 to 365 days"
    "erase_after_days": (1, 365),
}


def _mistake(kind: LiteralString, message: str) -> PydanticCustomError:
    """Return a mistake of this kind (the administration explains each kind in Czech), with its English text."""
    # Pydantic formats the braces of a message; the written value may contain some.
    return PydanticCustomError(kind, "{message}", {"message": message})


def _parse_time(value: object) -> time:
    """Parse a time of day: "9:00", or TOML's own 09:00:00."""
    match value:
        case time():
            read = value
        case str() if value.count(":") == 1:
            hours, minutes = value.split(":")
            if not (hours.isdecimal() and len(minutes) == 2 and minutes.isdecimal()):
                raise _mistake("time", f'{value!r} is no time of day; write it like "9:00"')
            if int(hours) > 23 or int(minutes) > 59:
                raise _mistake("time", f'{value!r} is no time of day; the last one is "23:59"')
            read = time(int(hours), int(minutes))
        case _:
            raise _mistake("time", f'{value!r} is no time of day; write it like "9:00"')
    if read.second or read.microsecond:
        raise _mistake("seconds", f"{value} has seconds; hours are kept in whole minutes")
    return read


def _parse_date(value: object) -> date:
    """Parse a date: TOML's own, or the same in quotes."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        raise _mistake("date", f"{value!r} is no date; write it like 2026-08-10") from None


def _parse_break(value: object) -> tuple[time, time]:
    """Parse a break: "11:30-12:30"."""
    ends = value.split("-") if isinstance(value, str) else []
    if len(ends) != 2:
        raise _mistake("break", f'{value!r} is no break; write it like "11:30-12:30"')
    return _parse_time(ends[0].strip()), _parse_time(ends[1].strip())


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


def _check_number(number: str) -> str:
    if is_short_code(number):
        return number
    try:
        parsed = phonenumbers.parse(number, "CZ")
    except phonenumbers.NumberParseException:
        raise _mistake("number", f'{number!r} is no telephone number; write it like "+420739547765"') from None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_possible_number(parsed):
        raise _mistake("number", f'{number!r} is no possible telephone number; write it like "+420739547765"')
    if e164 != number:
        raise _mistake("number_form", f'write {number!r} as "{e164}"')
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
Number = Annotated[str, AfterValidator(_check_number)]
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


class Section(BaseModel):
    """A section of the file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Hours(Section):
    """One time of opening."""

    opens: Time
    closes: Time
    step: Minutes
    lanes: Lanes
    breaks: list[Break] = []


class Rule(Hours):
    """`[[agendas.rules]]`: hours of some days of the week."""

    days: list[Day] = Field(min_length=1)
    valid_from: Date | None = None
    valid_to: Date | None = None


class ExtraDay(Hours):
    """`[[agendas.extra_days]]`: hours of one date."""

    day: Date


class Agenda(Section):
    """`[[agendas]]`, with the settings of its queue."""

    key: Slug
    title: Title
    prefix: Prefix = ""
    walk_ins_per_day: Annotated[int, Field(strict=True, ge=0, le=_SMALL)] | None = None
    walk_ins_stop_minutes: Annotated[int, Field(strict=True, ge=0, le=24 * 60)] = 0
    service_minutes: Minutes = 10
    rules: list[Rule] = []
    extra_days: list[ExtraDay] = []


class Service(Section):
    """`[[services]]`; `agenda` is the key of its agenda, `bring` is by language, no `weekdays` are all of them."""

    code: Code
    title: Title
    minutes: Minutes
    agenda: Slug
    synonyms: Annotated[list[Synonym], Field(max_length=lengths.SYNONYMS)] = []
    bring: dict[Language, Bring] = {}
    weekdays: list[Day] = []
    paused_from: Date | None = None
    hidden: Annotated[bool, Field(strict=True)] = False


class Counter(Section):
    """`[[counters]]`; `agendas` are the keys of the agendas it serves."""

    key: Slug
    title: CounterTitle
    agendas: list[Slug] = []
    arrow: core.Arrow = ""
    way: Way = ""


class Closure(Section):
    """`[[closures]]`: of the whole office, or of the agenda with this key."""

    first: Date
    last: Date
    reason: Reason
    agenda: Slug | None = None
    since: Time | None = None
    until: Time | None = None


class SavedAnswer(Section):
    """`[[answers]]`: a text that clerks send again and again."""

    title: AnswerTitle
    text: AnswerText


class BoundNumber(Section):
    """A number with the name of the gateway that carries its messages."""

    number: Number
    gateway: Slug | None = None


class Office(Section):
    """`[office]`; a number may stand alone, or with its gateway."""

    slug: Address
    name: Name
    timezone: Zone = ZoneInfo("Europe/Prague")
    holidays: Country = "CZ"
    contact: Contact = ""
    address: Postal = ""
    directions: Directions = ""
    privacy_officer: PrivacyOfficer = ""
    recipients: Recipients = ""
    numbers: list[BoundNumber] = []

    @field_validator("numbers", mode="before")
    @classmethod
    def _alone(cls, numbers: object) -> object:
        """Turn a number alone into one without a gateway."""
        if not isinstance(numbers, list):
            return numbers
        return [number if isinstance(number, dict) else {"number": number} for number in numbers]


# Settings whose type alone does not say what is allowed.
_OTHERS: dict[str, Any] = {
    "languages": tuple[Language, ...],
    "inbox_hours": Annotated[
        str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.INBOX_HOURS)
    ],
    "screen_notice": Annotated[
        str, AfterValidator(_check_single_line), StringConstraints(max_length=lengths.SCREEN_NOTICE)
    ],
    "day_list_email": Annotated[str, AfterValidator(_check_email), StringConstraints(max_length=lengths.EMAIL)],
    "day_list_printer": Annotated[str, AfterValidator(_check_printer), StringConstraints(max_length=lengths.PRINTER)],
    "frame_origins": Annotated[
        tuple[Annotated[str, AfterValidator(_check_origin)], ...], Field(max_length=lengths.FRAME_ORIGINS)
    ],
}


def _setting_type(name: str, hint: Any) -> Any:
    if name in _OTHERS:
        return _OTHERS[name]
    if hint is time:
        return Time
    if hint in (bool, bool | None):
        return Annotated[hint, Field(strict=True)]
    if get_origin(hint) is Literal:
        return hint
    least, most = _BOUNDS.get(name, (0, _SMALL))
    count = Annotated[int, Field(strict=True, ge=least, le=most)]
    return count if hint is int else count | None


_HINTS = get_type_hints(core.Settings)
_DEFINITIONS: dict[str, Any] = {
    setting.name: (_setting_type(setting.name, _HINTS[setting.name]), setting.default)
    for setting in fields(core.Settings)
}
_SETTINGS = create_model("Settings", __base__=Section, **_DEFINITIONS)


def _parse_settings(table: object) -> core.Settings:
    """Parse `[settings]`: every setting of the core by its own name; a missing one has its default."""
    return core.Settings(**_SETTINGS.model_validate(table).model_dump())


class OfficeFile(Section):
    """The whole file."""

    office: Office
    settings: Annotated[core.Settings, PlainValidator(_parse_settings)] = core.Settings()
    texts: dict[str, dict[str, Text]] = {}
    agendas: list[Agenda] = []
    services: list[Service] = []
    counters: list[Counter] = []
    closures: list[Closure] = []
    answers: Annotated[list[SavedAnswer], Field(max_length=lengths.SAVED_ANSWERS)] = []
