"""The shapes of the API's responses, as its OpenAPI document describes them."""

import re
from datetime import date, time
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

_DAY = r"^\d{4}-\d{2}-\d{2}$"
_AT = r"^\d{2}:\d{2}(:00)?$"


def _check_day(value: Any) -> Any:
    """Accept only a day in ISO 8601: pydantic would take a number for seconds since 1970."""
    if not isinstance(value, date) and not (isinstance(value, str) and re.fullmatch(_DAY, value, re.ASCII)):
        raise ValueError("a day such as 2026-08-10")
    return value


def _check_time(value: Any) -> Any:
    """Accept only a whole minute of the office's wall clock, without an offset."""
    if not isinstance(value, time) and not (isinstance(value, str) and re.fullmatch(_AT, value, re.ASCII)):
        raise ValueError("a time of the office's wall clock such as 14:00")
    return value


IsoDay = Annotated[
    date, BeforeValidator(_check_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-08-10"]})
]
WallTime = Annotated[
    time, BeforeValidator(_check_time), WithJsonSchema({"type": "string", "pattern": _AT, "examples": ["14:00"]})
]


class StartShape(BaseModel):
    """A start on the office's wall clock: `2026-08-10`, `14:00`."""

    date: str
    time: str


class BookingMade(StartShape):
    """The booking concerned; `code` cancels it and checks in on arrival."""

    service: str
    name: str
    code: str
    state: str


class EarlierAnswer(BaseModel):
    """The result of the first delivery; both null while it waits to be handled."""

    outcome: str | None
    reply: str | None


class BookingShape(BaseModel):
    """The result of one message.

    `reply` is the text to send back to `from`, null for none; `septets` and `parts` count it as it is sent: septets
    of GSM 03.38, or 16-bit units of UCS-2. `outcome` is null for a message that is stored and will be handled later,
    and for a token that may not read replies. `earlier` is there only with `duplicate`; it is null where this id came
    from another phone or to another number before.
    """

    id: str
    outcome: str | None
    reply: str | None
    language: str | None
    septets: int | None
    parts: int | None
    booking: BookingMade | None
    offers: list[StartShape]
    earlier: EarlierAnswer | None = None


class Decided(BaseModel):
    """The result of a request: `outcome` and `reply` as by SMS, the booking, and the free starts offered instead."""

    outcome: str
    reply: str | None
    booking: BookingMade | None
    offers: list[StartShape]


class ServiceOffered(BaseModel):
    """A service with its code, its duration for one person and the agenda it belongs to.

    `titles`: the title in other languages, by language code; `title` is the office's own. `synonyms`: words that
    messages may name it by instead of the code. `bring`: what to bring, by language code.
    """

    code: str
    title: str
    titles: dict[str, str]
    minutes: int
    agenda: str
    synonyms: list[str]
    bring: dict[str, str]


class Slots(BaseModel):
    """The free starts of a service on a day; where there are none, `outcome` and `reply` say why."""

    service: str
    date: str
    outcome: str
    reply: str | None
    offers: list[StartShape]


class WaitMinutes(BaseModel):
    """The estimated wait of somebody who comes now without a booking, in minutes; only indicative."""

    low: int
    high: int
    indicative: bool


class AgendaNow(BaseModel):
    """An agenda now: whether it is open, how many wait, how many counters serve it.

    `wait_minutes` is null while no counter serves the agenda.
    """

    key: str
    title: str
    open: bool
    waiting: int
    counters: int
    wait_minutes: WaitMinutes | None


class NumberCalled(BaseModel):
    """A number called to a counter; `at` is its last call, `times` how often it has been called in a row."""

    number: str
    counter: str
    agenda: str
    at: str
    times: int


class CounterNow(BaseModel):
    """A counter now: `state` is free, called, serving, paused or closed; `number` is the client's, null for none."""

    key: str
    title: str
    state: str
    number: str | None


class BoardNow(BaseModel):
    """The live state of the counters: numbers only, never a name.

    `calling`: called, not yet served. `last`: the latest calls of today. Both have the newest first. `version` grows
    with every change; `at` is the moment of these figures.
    """

    office: str
    name: str
    at: str
    version: int
    agendas: list[AgendaNow]
    calling: list[NumberCalled]
    last: list[NumberCalled]
    counters: list[CounterNow]
