"""The shapes of the API's answers, as its OpenAPI document describes them."""

from pydantic import BaseModel


class Start(BaseModel):
    """A start on the office's wall clock: `2026-08-10`, `14:00`."""

    date: str
    time: str


class BookingMade(Start):
    """The booking concerned; `code` cancels it and checks in on arrival."""

    service: str
    name: str
    code: str
    state: str


class EarlierAnswer(BaseModel):
    """What came of the first delivery; both null while it waits to be handled."""

    outcome: str | None
    reply: str | None


class Came(BaseModel):
    """What came of one message.

    `reply` is what is to be sent back to `from`, null for nothing; `septets` and `parts` count it in GSM 03.38.
    `outcome` is null for a message that is stored and will be handled later. `earlier` stands only with `duplicate`.
    """

    id: str
    outcome: str | None
    reply: str | None
    language: str | None
    septets: int | None
    parts: int | None
    booking: BookingMade | None
    offers: list[Start]
    earlier: EarlierAnswer | None = None


class ServiceOffered(BaseModel):
    """A service with its code, its duration for one person and the agenda it belongs to."""

    code: str
    title: str
    minutes: int
    agenda: str


class Slots(BaseModel):
    """The free starts of a service on a day; where there are none, `outcome` and `reply` say why."""

    service: str
    date: str
    outcome: str
    reply: str | None
    offers: list[Start]
