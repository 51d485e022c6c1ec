"""The outcomes of arriving at the office and of a clerk's acts: one frozen value each."""

from dataclasses import dataclass
from datetime import date, time
from typing import ClassVar

from prepazka.core.office.office import Agenda, Counter
from prepazka.core.office.plan import WallTimes
from prepazka.core.queue.tickets import Ticket

# --- arriving ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TicketGiven:
    """A ticket was given out; of a booking checked in on time it is called with priority.

    again: it was given before, to the same form.
    """

    outcome: ClassVar = "ticket"
    ticket: Ticket
    agenda: Agenda
    again: bool = False


@dataclass(frozen=True, slots=True)
class QuotaUsedUp:
    """The day's quota of tickets without a booking is used up."""

    outcome: ClassVar = "quota_used_up"
    agenda: Agenda
    quota: int
    hours: tuple[WallTimes, ...]


@dataclass(frozen=True, slots=True)
class ClosedNow:
    """The agenda is not open now. hours: today's, none on a closed day; next_open: the next day with hours."""

    outcome: ClassVar = "closed_now"
    agenda: Agenda
    hours: tuple[WallTimes, ...]
    next_open: date | None


@dataclass(frozen=True, slots=True)
class NoMoreToday:
    """Tickets were given out until `until`; nobody who comes later can be served before closing."""

    outcome: ClassVar = "no_more_today"
    agenda: Agenda
    until: time
    hours: tuple[WallTimes, ...]


@dataclass(frozen=True, slots=True)
class TicketsStopped:
    """A manager has stopped the agenda's tickets for the rest of the day."""

    outcome: ClassVar = "tickets_stopped"
    agenda: Agenda
    hours: tuple[WallTimes, ...]


@dataclass(frozen=True, slots=True)
class TooEarly:
    """The code is not accepted before `accepted_from`; the booking is at `at`."""

    outcome: ClassVar = "too_early"
    accepted_from: time
    at: time


@dataclass(frozen=True, slots=True)
class TooLateForCode:
    """The code was accepted until `accepted_until`; an ordinary ticket can be given out (`late_ticket`)."""

    outcome: ClassVar = "late"
    at: time
    accepted_until: time


@dataclass(frozen=True, slots=True)
class WrongDay:
    """The booking with this code is on another day, which is not named."""

    outcome: ClassVar = "wrong_day"


@dataclass(frozen=True, slots=True)
class CancelledCode:
    """Today's booking with this code was cancelled."""

    outcome: ClassVar = "cancelled"


@dataclass(frozen=True, slots=True)
class AlreadyUsed:
    """The code has a ticket already; it can be printed again."""

    outcome: ClassVar = "already_used"
    ticket: Ticket
    agenda: Agenda


@dataclass(frozen=True, slots=True)
class Dropped:
    """The ticket of the code was called and nobody came; it can be taken up again (`late_ticket`)."""

    outcome: ClassVar = "dropped"
    ticket: Ticket
    agenda: Agenda


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """No booking has this code."""

    outcome: ClassVar = "unknown_code"


@dataclass(frozen=True, slots=True)
class NotFound:
    """The office has no such service, agenda, counter or ticket, or has it no longer."""

    outcome: ClassVar = "not_found"
    what: str


WalkIn = TicketGiven | QuotaUsedUp | ClosedNow | NoMoreToday | TicketsStopped | NotFound
CheckIn = TicketGiven | TooEarly | TooLateForCode | WrongDay | CancelledCode | AlreadyUsed | Dropped | UnknownCode
Late = TicketGiven | TooEarly | WrongDay | CancelledCode | AlreadyUsed | UnknownCode | ClosedNow

# --- at the counter ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seated:
    """The clerk sits at the counter; ticket: the one called or being served there, if any."""

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
    """The clerk sits at no counter now."""

    outcome: ClassVar = "stood_up"


@dataclass(frozen=True, slots=True)
class CounterClosed:
    """A manager closed the counter of this clerk; ticket: the client who was there, as it is now."""

    outcome: ClassVar = "counter_closed"
    counter: Counter
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class OtherSeated:
    """Another clerk sits at the counter than the one who was seen there, or nobody does: nothing was done."""

    outcome: ClassVar = "other_seated"


@dataclass(frozen=True, slots=True)
class OnBreak:
    """The counter is on a break (True) or serves again (False)."""

    outcome: ClassVar = "on_break"
    counter: Counter
    paused: bool


@dataclass(frozen=True, slots=True)
class NotSeated:
    """The clerk sits at no counter: another clerk took it over, or the day was closed."""

    outcome: ClassVar = "not_seated"


@dataclass(frozen=True, slots=True)
class Busy:
    """The counter has a client: this ticket has to be ended, parked or transferred first."""

    outcome: ClassVar = "busy"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Paused:
    """The counter is on a break, which has to be ended first."""

    outcome: ClassVar = "paused"
    counter: Counter


@dataclass(frozen=True, slots=True)
class NobodyWaits:
    """The counter has no ticket to call; parked: how many tickets are parked."""

    outcome: ClassVar = "nobody_waits"
    parked: int


@dataclass(frozen=True, slots=True)
class Acted:
    """The act was done, now or by the same click before; ticket: as it is now."""

    outcome: ClassVar = "acted"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """The ticket is no longer as the clerk saw it, so nothing was done: another clerk acted, or the page is old."""

    outcome: ClassVar = "changed_meanwhile"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Impossible:
    """The ticket's state does not allow the act (`tickets.ACTS`), or it is at another counter."""

    outcome: ClassVar = "impossible"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class TooLateToUndo:
    """The act can no longer be undone: its seconds are over, or it was somebody else's."""

    outcome: ClassVar = "too_late_to_undo"
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class NobodySits:
    """Nobody sits at the counter that a ticket is handed to; doing it all the same is asked first."""

    outcome: ClassVar = "nobody_sits"
    counter: Counter
    ticket: Ticket


SitResult = Seated | Occupied | Busy | NotFound
StandResult = StoodUp | Busy
StayResult = Seated | NotSeated
BreakResult = OnBreak | NotSeated | Busy
OverseeResult = CounterClosed | OnBreak | OtherSeated | NotFound
CallResult = Acted | NobodyWaits | Busy | Paused | NotSeated
ActResult = Acted | ChangedMeanwhile | Impossible | Busy | Paused | NotSeated | NotFound | NobodySits
UndoResult = Acted | ChangedMeanwhile | TooLateToUndo | Busy | NotFound
