"""The shape of an office file: its sections and keys, and the valid values of each."""

from dataclasses import fields
from datetime import time
from typing import Annotated, Any, Literal, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    create_model,
    field_validator,
)

from prepazka.core.office import lengths
from prepazka.core.office import office as core
from prepazka.officefile.values import (
    Address,
    AnswerText,
    AnswerTitle,
    Break,
    Bring,
    Code,
    Contact,
    CounterTitle,
    Country,
    Date,
    Directions,
    Email,
    InboxHours,
    Lanes,
    Language,
    Minutes,
    Name,
    Number,
    Origin,
    Postal,
    Prefix,
    Printer,
    PrivacyOfficer,
    Reason,
    Recipients,
    ScreenNotice,
    Slug,
    Synonym,
    Text,
    Time,
    Title,
    Way,
    Zone,
)

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
    # docs/spec/reports.md §6: "from 3 to 120 months"
    "keep_details_months": (3, 120),
}


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
    """`[[services]]`; `agenda` is the key of its agenda; `titles` (beside the title) and `bring` are by language; no
    `weekdays` are all of them.
    """

    code: Code
    title: Title
    minutes: Minutes
    agenda: Slug
    synonyms: Annotated[list[Synonym], Field(max_length=lengths.SYNONYMS)] = []
    titles: dict[Language, Title] = {}
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
    """`[[closures]]`: of the whole office, or of the agenda with this key; `reasons` is by language."""

    first: Date
    last: Date
    reason: Reason
    reasons: dict[Language, Reason] = {}
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
    "inbox_hours": InboxHours,
    "screen_notice": ScreenNotice,
    "day_list_email": Email,
    "day_list_printer": Printer,
    "frame_origins": Annotated[tuple[Origin, ...], Field(max_length=lengths.FRAME_ORIGINS)],
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
