"""Everything that can come of arriving at the office and of a clerk's acts: one frozen value each."""

from dataclasses import dataclass
from datetime import date, time
from typing import ClassVar

from prepazka.core.office.office import Agenda, Counter
from prepazka.core.queue.tickets import Ticket

WallTimes = tuple[time, time]

# --- arriving ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TicketGiven:
    """A ticket: called with priority when of a booking checked in on time, an ordinary one otherwise."""

    outcome: ClassVar = "ticket"
    ticket: Ticket
    agenda: Agenda


@dataclass(frozen=True, slots=True)
class QuotaUsedUp:
    """All tickets without a booking of this day have been given out."""

    outcome: ClassVar = "quota_used_up"
    agenda: Agenda
    quota: int
    hours: tuple[WallTimes, ...]


@dataclass(frozen=True, slots=True)
class ClosedNow:
    """The agenda is not open now; `hours` are today's (none on a closed day), `next_open` the next day with some."""

    outcome: ClassVar = "closed_now"
    agenda: Agenda
    hours: tuple[WallTimes, ...]
    next_open: date | None


@dataclass(frozen=True, slots=True)
class NoMoreToday:
    """It is so near to closing that nobody more can be served; tickets were given out until `until`."""

    outcome: ClassVar = "no_more_today"
    agenda: Agenda
    until: time
    hours: tuple[WallTimes, ...]


@dataclass(frozen=True, slots=True)
class TooEarly:
    """The code is right, but it is not accepted before `accepted_from`; the booking is at `at`."""

    outcome: ClassVar = "too_early"
    accepted_from: time
    at: time


@dataclass(frozen=True, slots=True)
class TooLateForCode:
    """The booking's time is over (accepted until `accepted_until`); an ordinary ticket can be had (`late_ticket`)."""

    outcome: ClassVar = "late"
    at: time
    accepted_until: time


@dataclass(frozen=True, slots=True)
class WrongDay:
    """A booking with this code exists, but not today; which day it is, is not told."""

    outcome: ClassVar = "wrong_day"


@dataclass(frozen=True, slots=True)
class CancelledCode:
    """Today's booking with this code was cancelled."""

    outcome: ClassVar = "cancelled"


@dataclass(frozen=True, slots=True)
class AlreadyUsed:
    """The code has its ticket already; a lost paper can be printed again."""

    outcome: ClassVar = "already_used"
    ticket: Ticket
    agenda: Agenda


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """No booking has this code."""

    outcome: ClassVar = "unknown_code"


@dataclass(frozen=True, slots=True)
class NotFound:
    """The office has no such service, agenda, counter or ticket (any more, or it is another office's)."""

    outcome: ClassVar = "not_found"
    what: str


WalkIn = TicketGiven | QuotaUsedUp | ClosedNow | NoMoreToday | NotFound
CheckIn = TicketGiven | TooEarly | TooLateForCode | WrongDay | CancelledCode | AlreadyUsed | UnknownCode
Late = TicketGiven | TooEarly | WrongDay | CancelledCode | AlreadyUsed | UnknownCode | ClosedNow

# --- at the counter ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seated:
    """The clerk sits at the counter; `ticket` is the client being called or served there, if any."""

    outcome: ClassVar = "seated"
    counter: Counter
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Occupied:
    """Another clerk sits at the counter."""

    outcome: ClassVar = "occupied"
    counter: Counter
    clerk: str


@dataclass(frozen=True, slots=True)
class StoodUp:
    """The clerk sits nowhere now."""

    outcome: ClassVar = "stood_up"


@dataclass(frozen=True, slots=True)
class OnBreak:
    """The counter is on a break (True) or serves again (False)."""

    outcome: ClassVar = "on_break"
    counter: Counter
    paused: bool


@dataclass(frozen=True, slots=True)
class NotSeated:
    """The clerk sits at no counter: another took it over, or the day was closed."""

    outcome: ClassVar = "not_seated"


@dataclass(frozen=True, slots=True)
class Busy:
    """The counter's client has to be seen to first: end, park or transfer this ticket."""

    outcome: ClassVar = "busy"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Paused:
    """The counter is on a break; end it first."""

    outcome: ClassVar = "paused"
    counter: Counter


@dataclass(frozen=True, slots=True)
class NobodyWaits:
    """Nobody this counter could call; `parked`: how many come back later."""

    outcome: ClassVar = "nobody_waits"
    parked: int


@dataclass(frozen=True, slots=True)
class Acted:
    """The act was done (or had been done already by the same press); the ticket as it is now."""

    outcome: ClassVar = "acted"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """The ticket is no longer as it was seen: somebody else acted, or the page is old; nothing was done."""

    outcome: ClassVar = "changed_meanwhile"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Impossible:
    """The act leads nowhere from the ticket's state (`tickets.ACTS`), or it is at another counter."""

    outcome: ClassVar = "impossible"
    ticket: Ticket


SitResult = Seated | Occupied | Busy | NotFound
StandResult = StoodUp | Busy
BreakResult = OnBreak | NotSeated | Busy
CallResult = Acted | NobodyWaits | Busy | Paused | NotSeated
ActResult = Acted | ChangedMeanwhile | Impossible | Busy | Paused | NotSeated | NotFound
