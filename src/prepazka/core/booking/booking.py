"""A booking: a service, a start, a name, the sender's number and an access code, holding a lane for a while."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from prepazka.core.minutes import Minute
from prepazka.core.states import BookingState


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking as the rules see it.

    id: None until the store has kept it. start and end hold `lane` (from 0) of `agenda`; day and at are
    the same start on the office's wall clock. sender: E.164, "" when booked without a phone.
    text_key: what the message that made it said (see `Request`); made_at: when it was decided. calls: a number in E.164
    that is kept for calling only and sent nothing, "" for none. note: a clerk's, which moves along.
    """

    id: int | None
    service: str
    agenda: int
    lane: int
    start: Minute
    end: Minute
    day: date
    at: time
    name: str
    persons: int
    sender: str
    code: str
    state: BookingState
    text_key: str
    made_at: Minute
    calls: str = ""
    note: str = ""


_ALWAYS = Minute(0)

Became = Literal["served", "missed", "cancelled"]
"""What became of a booking today."""


@dataclass(frozen=True, slots=True)
class PastBooking:
    """A booking that is over, with what became of it; since: the minute from which it is over."""

    booking: Booking
    became: Became
    since: Minute = _ALWAYS
