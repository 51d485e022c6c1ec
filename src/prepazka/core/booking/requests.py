"""What somebody may ask of the office, by whatever channel."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Book:
    """This service on this day at this time under this name; several persons take adjacent places."""

    service: str
    day: date
    at: time
    name: str
    persons: int = 1


@dataclass(frozen=True, slots=True)
class BookSoonest:
    """The soonest free start of this service."""

    service: str
    name: str
    persons: int = 1


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """The free starts of a day, from `since` on when given."""

    service: str
    day: date
    since: time | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel the booking with this code on this day."""

    code: str
    day: date


@dataclass(frozen=True, slots=True)
class Help:
    """How to book."""


@dataclass(frozen=True, slots=True)
class ListServices:
    """The service codes."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Yes to the offer of this number (from 1) in the last reply that offered other times."""

    choice: int = 1


@dataclass(frozen=True, slots=True)
class Mine:
    """The sender's own open bookings."""


@dataclass(frozen=True, slots=True)
class Move:
    """Move the sender's own open booking with this code to another start."""

    code: str
    day: date
    at: time


@dataclass(frozen=True, slots=True)
class JoinWaitlist:
    """Tell the sender when a place of this service is freed on this day."""

    service: str
    day: date


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """How many wait for this service's agenda now, and how long."""

    service: str


@dataclass(frozen=True, slots=True)
class StopReminders:
    """No more reminders to this number; bookings stay."""


@dataclass(frozen=True, slots=True)
class ResumeReminders:
    """Reminders again."""


Request = (
    Book
    | BookSoonest
    | FreeTimes
    | Cancel
    | Help
    | ListServices
    | Accept
    | Mine
    | Move
    | JoinWaitlist
    | QueueStatus
    | StopReminders
    | ResumeReminders
)
