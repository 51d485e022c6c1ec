"""The shape of an office file: its sections and keys, and what each value may be."""

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

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

# What the database's columns hold.
_SMALL, _LARGE = 32_767, 2_147_483_647
# Where a setting may be other than 0 to _SMALL.
_BOUNDS = {
    "notice_minutes": (0, _LARGE),
    "cancel_until_minutes": (0, _LARGE),
    "reoffer_minutes": (0, _LARGE),
    "persons_at_most": (1, lengths.PERSONS),
}


def _wrong(kind: LiteralString, message: str) -> PydanticCustomError:
    """A mistake of a kind (the administration words each kind in Czech), with its English words."""
    # Pydantic fills braces in a message in; what people wrote may contain some.
    return PydanticCustomError(kind, "{message}", {"message": message})


def _time(value: object) -> time:
    """A time of day as people write it ("9:00"), or TOML's own (09:00:00)."""
    match value:
        case time():
            read = value
        case str() if value.count(":") == 1:
            hours, minutes = value.split(":")
            if not (hours.isdecimal() and len(minutes) == 2 and minutes.isdecimal()):
                raise _wrong("time", f'{value!r} is no time of day; write it like "9:00"')
            if int(hours) > 23 or int(minutes) > 59:
                raise _wrong("time", f'{value!r} is no time of day; the last one is "23:59"')
            read = time(int(hours), int(minutes))
        case _:
            raise _wrong("time", f'{value!r} is no time of day; write it like "9:00"')
    if read.second or read.microsecond:
        raise _wrong("seconds", f"{value} has seconds; hours are kept in whole minutes")
    return read


def _day(value: object) -> date:
    """A date: TOML's own, or the same in quotes."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        raise _wrong("date", f"{value!r} is no date; write it like 2026-08-10") from None


def _break(value: object) -> tuple[time, time]:
    """A stretch of time: "11:30-12:30"."""
    ends = value.split("-") if isinstance(value, str) else []
    if len(ends) != 2:
        raise _wrong("break", f'{value!r} is no break; write it like "11:30-12:30"')
    return _time(ends[0].strip()), _time(ends[1].strip())


def _zone(name: object) -> ZoneInfo:
    if not isinstance(name, str) or name not in available_timezones():
        raise _wrong("time_zone", f'{name!r} is no time zone; write it like "Europe/Prague"')
    return ZoneInfo(name)


def _country(code: str) -> str:
    if code and code not in list_supported_countries():
        raise _wrong("country", f'no public holidays are known for {code!r}; write a country like "CZ", or "" for none')
    return code


def _number(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "CZ")
    except phonenumbers.NumberParseException:
        raise _wrong("number", f'{number!r} is no telephone number; write it like "+420739547765"') from None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_possible_number(parsed):
        raise _wrong("number", f'{number!r} is no possible telephone number; write it like "+420739547765"')
    if e164 != number:
        raise _wrong("number_form", f'write {number!r} as "{e164}"')
    return number


# Addresses beside the offices' own pages, taken or to be: nobody may lose their page to a name.
_RESERVED = frozenset(
    {"accessibility", "account", "admin", "api", "board", "desk", "gateways", "kiosk", "phone", "static"}
)


def _address(value: str) -> str:
    if value in _RESERVED:
        raise _wrong("address_taken", f"{value!r} is an address of the system; choose another")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 40:
        raise _wrong("slug", f'{value!r} must be small letters, digits and hyphens, at most 40, like "muj-urad"')
    return value


def _line(at_most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=at_most)


def _plain(value: str) -> str:
    """No database holds NUL, and no page or message shows control characters."""
    if any(unicodedata.category(character) == "Cc" and character != "\n" for character in value):
        raise _wrong("control_character", "has a control character; take it out")
    return value


def _single_line(value: str) -> str:
    if "\n" in value:
        raise _wrong("one_line", "has a line break; write it in one line")
    return _plain(value)


def _synonym(value: str) -> str:
    """Letters of any alphabet: some people write Cyrillic."""
    words = value.split()
    if not all(word.isalnum() for word in words) or not words or not words[0][0].isalpha():
        raise _wrong("synonym", f'{value!r} must be words of letters and digits, a letter first, like "občanka"')
    return " ".join(words)


def _code(value: str) -> str:
    if not re.fullmatch("[A-Za-z][A-Za-z0-9]+", value) or len(value) > lengths.SERVICE_CODE:
        most = lengths.SERVICE_CODE
        raise _wrong(
            "service_code",
            f'{value!r} must be 2 to {most} letters or digits without diacritics, a letter first, like "ZOP"',
        )
    return value.upper()


def _language(value: str) -> str:
    if not re.fullmatch("[a-z]{2}", value):
        raise _wrong("language", f'{value!r} is no language; write two small letters, like "cs"')
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(f"[A-Za-z]{{0,{lengths.TICKET_PREFIX}}}", value):
        raise _wrong(
            "prefix", f'{value!r} must be at most {lengths.TICKET_PREFIX} letters without diacritics, like "D"'
        )
    return value.upper()


Time = Annotated[time, BeforeValidator(_time)]
Date = Annotated[date, BeforeValidator(_day)]
Break = Annotated[tuple[time, time], BeforeValidator(_break)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Country = Annotated[str, AfterValidator(_country)]
Number = Annotated[str, AfterValidator(_number)]
Slug = Annotated[str, AfterValidator(_slug)]
Address = Annotated[Slug, AfterValidator(_address)]
Code = Annotated[str, AfterValidator(_code)]
Prefix = Annotated[str, AfterValidator(_prefix)]
Text = Annotated[str, AfterValidator(_plain)]
Title = Annotated[str, _line(lengths.SERVICE_TITLE), AfterValidator(_plain)]
Name = Annotated[str, _line(lengths.OFFICE_NAME), AfterValidator(_plain)]
Contact = Annotated[str, AfterValidator(_plain), StringConstraints(max_length=lengths.OFFICE_CONTACT)]
Postal = Annotated[str, AfterValidator(_single_line), StringConstraints(max_length=lengths.OFFICE_ADDRESS)]
Directions = Annotated[str, AfterValidator(_single_line), StringConstraints(max_length=lengths.OFFICE_DIRECTIONS)]
Synonym = Annotated[str, _line(lengths.SYNONYM), AfterValidator(_synonym)]
Bring = Annotated[str, _line(lengths.BRING), AfterValidator(_plain)]
Language = Annotated[str, AfterValidator(_language)]
AnswerTitle = Annotated[str, _line(lengths.SAVED_ANSWER_TITLE), AfterValidator(_single_line)]
AnswerText = Annotated[str, _line(lengths.SAVED_ANSWER), AfterValidator(_plain)]
CounterTitle = Annotated[str, _line(lengths.COUNTER_TITLE), AfterValidator(_plain)]
Reason = Annotated[str, _line(lengths.CLOSURE_REASON), AfterValidator(_plain)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=24 * 60)]
Lanes = Annotated[int, Field(strict=True, ge=0, le=60)]


class Table(BaseModel):
    """A section; a key it does not know is an error, never overlooked."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Hours(Table):
    """One stretch of opening."""

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


class Agenda(Table):
    """`[[agendas]]`: with how its queue is run."""

    key: Slug
    title: Title
    prefix: Prefix = ""
    walk_ins_per_day: Annotated[int, Field(strict=True, ge=0, le=_SMALL)] | None = None
    walk_ins_stop_minutes: Annotated[int, Field(strict=True, ge=0, le=24 * 60)] = 0
    service_minutes: Minutes = 10
    rules: list[Rule] = []
    extra_days: list[ExtraDay] = []


class Service(Table):
    """`[[services]]`: `agenda` is the key of one; `bring` by language."""

    code: Code
    title: Title
    minutes: Minutes
    agenda: Slug
    synonyms: Annotated[list[Synonym], Field(max_length=lengths.SYNONYMS)] = []
    bring: dict[Language, Bring] = {}


class Counter(Table):
    """`[[counters]]`: `agendas` are the keys of those it serves."""

    key: Slug
    title: CounterTitle
    agendas: list[Slug] = []


class Closure(Table):
    """`[[closures]]`: of the whole office, or of the agenda with this key."""

    first: Date
    last: Date
    reason: Reason
    agenda: Slug | None = None
    since: Time | None = None
    until: Time | None = None


class SavedAnswer(Table):
    """`[[answers]]`: what clerks send again and again."""

    title: AnswerTitle
    text: AnswerText


class BoundNumber(Table):
    """A number with the name of the gateway its messages come and leave by."""

    number: Number
    gateway: Slug | None = None


class Office(Table):
    """`[office]`; a number may stand alone, or with its gateway."""

    slug: Address
    name: Name
    timezone: Zone = ZoneInfo("Europe/Prague")
    holidays: Country = "CZ"
    contact: Contact = ""
    address: Postal = ""
    directions: Directions = ""
    numbers: list[BoundNumber] = []

    @field_validator("numbers", mode="before")
    @classmethod
    def _alone(cls, numbers: object) -> object:
        """A number alone is one without a gateway."""
        if not isinstance(numbers, list):
            return numbers
        return [number if isinstance(number, dict) else {"number": number} for number in numbers]


# Settings whose type alone does not say what is allowed.
_OTHERS: dict[str, Any] = {
    "languages": tuple[Language, ...],
    "inbox_hours": Annotated[str, AfterValidator(_single_line), StringConstraints(max_length=lengths.INBOX_HOURS)],
}


def _setting(name: str, hint: Any) -> Any:
    if name in _OTHERS:
        return _OTHERS[name]
    if hint is time:
        return Time
    if hint is bool:
        return Annotated[bool, Field(strict=True)]
    if get_origin(hint) is Literal:
        return hint
    least, most = _BOUNDS.get(name, (0, _SMALL))
    count = Annotated[int, Field(strict=True, ge=least, le=most)]
    return count if hint is int else count | None


_HINTS = get_type_hints(core.Settings)
_DEFINITIONS: dict[str, Any] = {
    setting.name: (_setting(setting.name, _HINTS[setting.name]), setting.default) for setting in fields(core.Settings)
}
_SETTINGS = create_model("Settings", __base__=Table, **_DEFINITIONS)


def _settings(table: object) -> core.Settings:
    """`[settings]`: every setting of the core by its own name; what is left out has its default."""
    return core.Settings(**_SETTINGS.model_validate(table).model_dump())


class OfficeFile(Table):
    """The whole file."""

    office: Office
    settings: Annotated[core.Settings, PlainValidator(_settings)] = core.Settings()
    texts: dict[str, dict[str, Text]] = {}
    agendas: list[Agenda] = []
    services: list[Service] = []
    counters: list[Counter] = []
    closures: list[Closure] = []
    answers: Annotated[list[SavedAnswer], Field(max_length=lengths.SAVED_ANSWERS)] = []
