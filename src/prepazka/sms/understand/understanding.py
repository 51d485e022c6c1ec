"""What can come of understanding a text: one frozen value, told apart by `match`.

Nothing here is invented: a `Draft` holds what the sender gave, and a `Hole` for what is missing.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from typing import Literal

from prepazka.core.booking.propose import BookAfter, BookWithin, Window
from prepazka.core.booking.requests import Request
from prepazka.sms.vocabulary import CommandName


class Hole(Enum):
    """A value nobody gave; the language files say how it is shown (PRIJMENI)."""

    SERVICE = "service"
    DAY = "day"
    AT = "at"
    NAME = "name"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be: the values the sender gave and holes for what is missing.

    None: the message has no such value, as a booking of the soonest place has no day and no time. persons: 1 is not
    written.
    """

    command: CommandName
    service: str | Hole | None = None
    persons: int = 1
    code: str | Hole | None = None
    day: date | Hole | None = None
    at: time | Hole | None = None
    name: str | Hole | None = None

    @property
    def holes(self) -> tuple[Hole, ...]:
        """What is missing, in the order of the message."""
        values = (self.service, self.code, self.day, self.at, self.name)
        return tuple(value for value in values if isinstance(value, Hole))


Question = Literal["is_it", "which", "both"]
"""What a proposal asks: whether it is so; which of two readings; whether both wishes are wanted."""


@dataclass(frozen=True, slots=True)
class Certain:
    """The one thing the text asks; repairs: the names of those it took, all certain (or it changes nothing)."""

    request: Request
    language: str
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """One or two readings to be read back. question "both": two wishes, the second at the start adjacent to the first.

    repairs: the names of those it took. doubtful_name: nothing was repaired, but the name may be none. doubtful_day:
    nothing was repaired, but the day may be the surname.
    """

    readings: tuple[Request | BookAfter | BookWithin, ...]
    question: Question
    language: str
    repairs: tuple[str, ...] = ()
    doubtful_name: bool = False
    doubtful_day: bool = False


Reason = Literal[
    "empty",
    "not_understood",
    "unknown_service",
    "missing_service",
    "missing_name",
    "long_name",
    "missing_date",
    "missing_time",
    "missing_code",
    "bad_date",
    "bad_time",
    "no_day",
    "question",
    "refusal",
    "condition",
    "cancel",
    "several_days",
    "move",
    "hole",
    "too_long",
]
"""Why nothing is done. no_day: words that name no day ("pristi tyden"). long_name: longer than a name
may be. several_days: a code beside two days. cancel, move: such a wish, complete but beside
other words. hole: a hole sent back as it was taught."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Nothing is done, and why.

    token: the word it is about, "" for none. near: the codes an unknown service may be. draft: None where not even the
    command is known. hole: the one sent back literally. window: about when a move is
    wanted; on_its_day: and of no other day. of_day: on which day the booking that is to be moved is. also: the booking
    that is wished for beside the cancelling.
    """

    reason: Reason
    language: str
    token: str = ""
    near: tuple[str, ...] = ()
    draft: Draft | None = None
    hole: Hole | None = None
    window: Window | None = None
    on_its_day: bool = False
    of_day: date | None = None
    also: Draft | None = None


@dataclass(frozen=True, slots=True)
class Yes:
    """A yes to the open question, to the one choice, time or day it names; None where it names none.

    code: typed with it, or alone. bare: no word of yes, only a number, a time or a code. or_thanks: "ok", which with
    no question open is thanks. named: words beside it that may be the name or the service it is a yes to ("ano,
    Svobodová"). both: "obojí", of two wishes. asks: with a question mark.
    """

    language: str
    choice: int | None = None
    at: time | None = None
    day: date | None = None
    code: str | None = None
    bare: bool = False
    or_thanks: bool = False
    named: frozenset[str] = frozenset()
    both: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class No:
    """A no to the open question."""

    language: str


@dataclass(frozen=True, slots=True)
class Thanks:
    """Thanks, or a phone's reaction to a message: no reply."""

    language: str


@dataclass(frozen=True, slots=True)
class LostCode:
    """The access code is lost: answered as MOJE."""

    language: str


SmallTalk = Yes | No | Thanks | LostCode
Understanding = Certain | Proposed | Misread | SmallTalk
