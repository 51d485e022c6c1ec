"""What somebody may request of the office, by whatever channel: the base of all requests.

A request stands beside the function that decides it (`book`, `cancel`, `query`, `reminders`): a frozen dataclass with
what was asked, what must be read to decide it, and `decide`.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar, NamedTuple

from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.questions import Unfinished
from prepazka.core.office.office import Office


@dataclass(frozen=True, slots=True)
class Reads:
    """What must be read to decide any request of a kind.

    bookings: the sender's open bookings. past: those that are over since midnight. offers: the last offers to the
    sender. queue: the live queue. draws_code: whether a booking may be made, which needs an access code that is not
    taken.
    """

    bookings: bool = False
    past: bool = False
    offers: bool = False
    queue: bool = False
    draws_code: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """Days whose free places may be looked at, both included; service: its code, None for every agenda."""

    service: str | None
    first: date
    last: date


class Wanted(NamedTuple):
    """A start that is wanted of a service (its code), for so many persons."""

    service: str
    day: date
    at: time
    persons: int


class Request:
    """One request. Not an `ABC`, whose `isinstance` is ten times slower; the type checker asks for `decide` anyway."""

    __slots__ = ()

    reads: ClassVar[Reads] = Reads()
    guesses_code: ClassVar[bool] = False
    """Whether an access code is tried, so that wrong codes are counted (docs/spec/messages.md §6.6)."""

    cancels: ClassVar[bool] = False
    """Whether it cancels the booking whose code it has."""

    is_doubtful: ClassVar[bool] = False
    """Whether it is only proposed to the sender, as the text it came of had to be repaired."""

    @property
    def typed_code(self) -> str | None:
        """The access code the sender wrote: bookings of every day that have it are read."""
        return None

    @property
    def wish(self) -> Unfinished | None:
        """What is wished, where something else may be said of it when it cannot be."""
        return None

    def days(self, today: date, office: Office) -> Days | None:
        """The days whose free places may be looked at; None for no day."""
        return None

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted] | None:
        """The starts whose places are usually enough, as far as they are known; None for all places of `days`."""
        return None

    @abstractmethod
    def decide(self, context: Any) -> Outcome:
        """Decide the request. context: a `Context`, which holds this very request in turn."""
