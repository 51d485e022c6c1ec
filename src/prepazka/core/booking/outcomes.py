"""Everything that can come of a message or another wish: one frozen value each, told apart by `match`.

`outcome` is the stable name outside programs rely on (spec/messages.md §4).
"""

from dataclasses import dataclass
from datetime import date, time
from typing import ClassVar, Literal

from prepazka.core.booking.booking import Booking
from prepazka.core.office.office import Service
from prepazka.core.office.plan import Closed
from prepazka.core.queue.tickets import Wait


@dataclass(frozen=True, slots=True)
class Offer:
    """A free start proposed to somebody, with all it takes to book it.

    moving: the code of the booking that would move there; "" for a new booking.
    """

    service: str
    day: date
    at: time
    name: str
    persons: int = 1
    moving: str = ""


# --- what was asked for was done -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking was made."""

    outcome: ClassVar = "booked"
    booking: Booking


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A booking was cancelled and its place is free (after the office's re-offer delay)."""

    outcome: ClassVar = "cancelled"
    booking: Booking


@dataclass(frozen=True, slots=True)
class Moved:
    """A booking was moved; `before` is what it was."""

    outcome: ClassVar = "moved"
    booking: Booking
    before: Booking


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """How to book."""

    outcome: ClassVar = "help"


@dataclass(frozen=True, slots=True)
class ServicesListed:
    """The service codes with their titles."""

    outcome: ClassVar = "services"
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class FreeTimesListed:
    """Every free start of a day (from `since` on when given), at least one."""

    outcome: ClassVar = "free_times"
    service: Service
    day: date
    starts: tuple[time, ...]
    since: time | None = None


@dataclass(frozen=True, slots=True)
class MineListed:
    """The sender's open bookings in order of time; possibly none."""

    outcome: ClassVar = "mine"
    bookings: tuple[Booking, ...]


@dataclass(frozen=True, slots=True)
class Watching:
    """The sender will be told when a place is freed."""

    outcome: ClassVar = "watching"
    service: Service
    day: date


@dataclass(frozen=True, slots=True)
class QueueTold:
    """The live queue of the service's agenda, as the board shows it; `wait` None: no counter serves it now."""

    outcome: ClassVar = "queue"
    service: Service
    waiting: int
    counters: int
    wait: Wait | None
    open: bool


@dataclass(frozen=True, slots=True)
class RemindersStopped:
    """No more reminders to this number."""

    outcome: ClassVar = "stopped"


@dataclass(frozen=True, slots=True)
class RemindersResumed:
    """Reminders again."""

    outcome: ClassVar = "resumed"


# --- the wish was understood but cannot be granted --------------------------------------------


@dataclass(frozen=True, slots=True)
class SlotFull:
    """The wanted start exists but is taken; `offers` are the nearest free ones, same day first, 0 to 3."""

    outcome: ClassVar = "slot_full"
    service: Service
    day: date
    at: time
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class NoFreeSlot:
    """Nothing free from `first` to `last`, both included (one day, or the days looked through for the soonest)."""

    outcome: ClassVar = "no_free_slot"
    service: Service
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """No hours on that day; `next_open` is the next day with starts within the horizon, if any."""

    outcome: ClassVar = "closed_day"
    service: Service
    day: date
    why: Closed
    next_open: date | None


@dataclass(frozen=True, slots=True)
class OutsideHours:
    """The start is not within the hours of that day; `hours` are the open stretches without breaks, in order."""

    outcome: ClassVar = "outside_hours"
    service: Service
    day: date
    at: time
    hours: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class OffGrid:
    """Inside the hours, but no start is offered then; `near` are the offered starts beside it (1 or 2)."""

    outcome: ClassVar = "off_grid"
    service: Service
    day: date
    at: time
    near: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class InPast:
    """The day (or the start) is gone, or inside the minimum notice."""

    outcome: ClassVar = "in_past"
    day: date
    at: time | None
    notice_minutes: int


@dataclass(frozen=True, slots=True)
class TooFar:
    """Beyond the booking horizon; `last` is the last bookable day."""

    outcome: ClassVar = "too_far"
    day: date
    last: date


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """The same wish again: this is the booking there is."""

    outcome: ClassVar = "already_booked"
    booking: Booking


@dataclass(frozen=True, slots=True)
class LimitReached:
    """More open bookings than the office allows one sender; `scope` says which limit."""

    outcome: ClassVar = "limit_reached"
    limit: int
    scope: Literal["sender", "service", "agenda", "day", "persons"]


@dataclass(frozen=True, slots=True)
class UnknownBooking:
    """No such code on that day (day None: no such code among the sender's open bookings)."""

    outcome: ClassVar = "unknown_booking"
    code: str
    day: date | None


@dataclass(frozen=True, slots=True)
class AlreadyCancelled:
    """The booking was cancelled before."""

    outcome: ClassVar = "already_cancelled"
    booking: Booking


@dataclass(frozen=True, slots=True)
class TooLate:
    """The office's deadline for cancelling (or moving) this booking has passed."""

    outcome: ClassVar = "too_late"
    booking: Booking


@dataclass(frozen=True, slots=True)
class NothingOffered:
    """A yes, but no offer of that number was made within the time offers stand."""

    outcome: ClassVar = "nothing_offered"


@dataclass(frozen=True, slots=True)
class TooOld:
    """The message was sent longer ago than the office acts on (its modem was off); answered, not acted on."""

    outcome: ClassVar = "too_old"


# --- the text was not, or only partly, understood: nothing happens but a reply ----------------


@dataclass(frozen=True, slots=True)
class UnknownService:
    """No service has this code; `near` are codes it may be a typing error of, best first, at most 3."""

    outcome: ClassVar = "unknown_service"
    token: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingName:
    """The name is absent; `example` is the sender's own message completed."""

    outcome: ClassVar = "missing_name"
    example: str


@dataclass(frozen=True, slots=True)
class MissingDate:
    """The date is absent; `example` is the sender's own message completed."""

    outcome: ClassVar = "missing_date"
    example: str


@dataclass(frozen=True, slots=True)
class MissingTime:
    """The time is absent; `example` is the sender's own message completed."""

    outcome: ClassVar = "missing_time"
    example: str


@dataclass(frozen=True, slots=True)
class MissingCode:
    """The access code is absent; `example` is the right form."""

    outcome: ClassVar = "missing_code"
    example: str


@dataclass(frozen=True, slots=True)
class BadDate:
    """A date that does not exist, such as 31.2."""

    outcome: ClassVar = "bad_date"
    token: str
    example: str


@dataclass(frozen=True, slots=True)
class BadTime:
    """A time that does not exist, such as 25:00."""

    outcome: ClassVar = "bad_time"
    token: str
    example: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Anything else; `token` is the word not understood ("" for an empty text), `example` a corrected message or ""."""

    outcome: ClassVar = "not_understood"
    token: str
    example: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Some parts of a longer message never came: what they said cannot be accounted for."""

    outcome: ClassVar = "incomplete"


Misunderstanding = (
    UnknownService
    | MissingName
    | MissingDate
    | MissingTime
    | MissingCode
    | BadDate
    | BadTime
    | NotUnderstood
    | Incomplete
)

# --- nothing is sent ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing is sent, and why."""

    outcome: ClassVar = "ignored"
    why: Literal["loop", "silenced", "sender", "own_number"]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The gateway delivered the same message twice: nothing new is sent, nothing new happens."""

    outcome: ClassVar = "duplicate"


Outcome = (
    Booked
    | Cancelled
    | Moved
    | HelpGiven
    | ServicesListed
    | FreeTimesListed
    | MineListed
    | Watching
    | QueueTold
    | RemindersStopped
    | RemindersResumed
    | SlotFull
    | NoFreeSlot
    | ClosedDay
    | OutsideHours
    | OffGrid
    | InPast
    | TooFar
    | AlreadyBooked
    | LimitReached
    | UnknownBooking
    | AlreadyCancelled
    | TooLate
    | NothingOffered
    | TooOld
    | Misunderstanding
    | Ignored
    | Duplicate
)
