"""Everything that can come of a request: one frozen value each, told apart by `match` (spec/messages.md §4)."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import ClassVar, Literal

from prepazka.core.booking.booking import Booking, PastBooking
from prepazka.core.office.office import Service
from prepazka.core.office.plan import Closed, WallTimes
from prepazka.core.queue.tickets import Wait


@dataclass(frozen=True, slots=True)
class Offer:
    """A free start proposed to somebody; moving: the code of the booking that would move there, "" for a new one."""

    service: str
    day: date
    at: time
    name: str
    persons: int = 1
    moving: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome. A frozen dataclass; `outcome` is the stable name outside programs rely on."""

    outcome: ClassVar[str]
    is_answered: ClassVar[bool] = True  # whether a message says it


# --- the request was done ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Booked(Outcome):
    """A booking was made; `also` is the second one when one yes booked two."""

    outcome = "booked"
    booking: Booking
    also: Booking | None = None


@dataclass(frozen=True, slots=True)
class Held(Outcome):
    """A place was taken that is free again unless its phone confirms it in time."""

    outcome = "held"
    booking: Booking


@dataclass(frozen=True, slots=True)
class Confirmed(Outcome):
    """A held place became a booking; no second message is spent on it."""

    outcome = "confirmed"
    is_answered = False
    booking: Booking


@dataclass(frozen=True, slots=True)
class Cancelled(Outcome):
    """A booking was cancelled and its place is free (after the office's re-offer delay)."""

    outcome = "cancelled"
    booking: Booking


@dataclass(frozen=True, slots=True)
class Moved(Outcome):
    """A booking was moved; `before` is what it was."""

    outcome = "moved"
    booking: Booking
    before: Booking


@dataclass(frozen=True, slots=True)
class HelpGiven(Outcome):
    """How to book; service, day and at are a start that can be booked now, None where there is none.

    hours: today's opening hours of the office without breaks, in order, where its address and hours were asked for too;
    address: "" where the office wrote none.
    """

    outcome = "help"
    service: str | None = None
    day: date | None = None
    at: time | None = None
    address: str = ""
    hours: tuple[WallTimes, ...] | None = None


@dataclass(frozen=True, slots=True)
class ServicesListed(Outcome):
    """The service codes with their titles."""

    outcome = "services"
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class FreeTimesListed(Outcome):
    """The free starts of a day (from `since` on), at least one; wish: the first, for a known name or a move there."""

    outcome = "free_times"
    service: Service
    day: date
    starts: tuple[time, ...]
    since: time | None = None
    wish: Offer | None = None


@dataclass(frozen=True, slots=True)
class MineListed(Outcome):
    """The sender's open bookings in order of time; possibly none. today, past: what is over since midnight."""

    outcome = "mine"
    bookings: tuple[Booking, ...]
    past: tuple[PastBooking, ...] = ()
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Watching(Outcome):
    """The sender will be told when a place is freed."""

    outcome = "watching"
    service: Service
    day: date


@dataclass(frozen=True, slots=True)
class QueueTold(Outcome):
    """The live queue of the service's agenda, as the board shows it; `wait` None: no counter serves it now."""

    outcome = "queue"
    service: Service
    waiting: int
    counters: int
    wait: Wait | None
    open: bool


@dataclass(frozen=True, slots=True)
class RemindersStopped(Outcome):
    """No more reminders to this number."""

    outcome = "stopped"


@dataclass(frozen=True, slots=True)
class RemindersResumed(Outcome):
    """Reminders again."""

    outcome = "resumed"


# --- the request was understood but cannot be done ---------------------------------------------


@dataclass(frozen=True, slots=True)
class NextFree:
    """The day that was found instead: the next one on which there is a free place.

    day: None: none up to `last`, the last day that can be booked. An outcome without it was not looked for one.
    """

    day: date | None
    last: date


@dataclass(frozen=True, slots=True)
class SlotFull(Outcome):
    """The wanted start exists but is taken; `offers` are the nearest free ones, same day first, 0 to 3.

    persons: as wanted. next_free: where there are no offers.
    """

    outcome = "slot_full"
    service: Service
    day: date
    at: time
    offers: tuple[Offer, ...]
    persons: int = 1
    next_free: NextFree | None = None


@dataclass(frozen=True, slots=True)
class NoFreeSlot(Outcome):
    """Nothing free from `first` to `last`, both included (one day, or the days looked through for the soonest)."""

    outcome = "no_free_slot"
    service: Service
    first: date
    last: date
    persons: int = 1
    next_free: NextFree | None = None


@dataclass(frozen=True, slots=True)
class ClosedDay(Outcome):
    """No hours on that day; `next_open` is the next day with starts within the horizon, if any, be they free or not."""

    outcome = "closed_day"
    service: Service
    day: date
    why: Closed
    next_open: date | None
    persons: int = 1
    next_free: NextFree | None = None


@dataclass(frozen=True, slots=True)
class ServicePaused(Outcome):
    """The service takes no new bookings, since that day."""

    outcome = "service_paused"
    service: Service
    since: date


@dataclass(frozen=True, slots=True)
class OutsideHours(Outcome):
    """The start is not within the hours of that day; `hours` are the open stretches without breaks, in order."""

    outcome = "outside_hours"
    service: Service
    day: date
    at: time
    hours: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class OffGrid(Outcome):
    """Inside the hours, but no start is offered then; `near` are the offered starts beside it (1 or 2)."""

    outcome = "off_grid"
    service: Service
    day: date
    at: time
    near: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class InPast(Outcome):
    """The day (or the start) is gone, or inside the minimum notice."""

    outcome = "in_past"
    day: date
    at: time | None
    notice_minutes: int


@dataclass(frozen=True, slots=True)
class TooFar(Outcome):
    """Beyond the booking horizon; `last` is the last bookable day."""

    outcome = "too_far"
    day: date
    last: date


@dataclass(frozen=True, slots=True)
class AlreadyBooked(Outcome):
    """The same request again: this is the booking there is."""

    outcome = "already_booked"
    booking: Booking


@dataclass(frozen=True, slots=True)
class LimitReached(Outcome):
    """More open bookings than the office allows one sender; `scope` says which limit.

    "unconfirmed" is of places held at once from one address, or for one number within an hour.

    agenda: the id of the one whose limit it is, None for the other limits.
    """

    outcome = "limit_reached"
    limit: int
    scope: Literal["sender", "service", "agenda", "day", "persons", "unconfirmed"]
    agenda: int | None = None


@dataclass(frozen=True, slots=True)
class UnknownBooking(Outcome):
    """No such code on that day (day None: no such code among the sender's open bookings).

    own: the sender's own booking of that code on another day. last: whether the next wrong code is not answered.
    """

    outcome = "unknown_booking"
    code: str
    day: date | None
    own: Booking | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class AlreadyCancelled(Outcome):
    """The booking was cancelled before."""

    outcome = "already_cancelled"
    booking: Booking


@dataclass(frozen=True, slots=True)
class TooLate(Outcome):
    """The office's deadline for cancelling (or moving) this booking has passed."""

    outcome = "too_late"
    booking: Booking


@dataclass(frozen=True, slots=True)
class NothingOffered(Outcome):
    """A yes, but to nothing that stands. offers: those that do; still_open: the same, told to a yes that asks."""

    outcome = "nothing_offered"
    offers: tuple[Offer, ...] = ()
    still_open: tuple[Offer, ...] = ()
    stood: int = field(default=0, compare=False)  # minutes the question stood that ran out, for the reply


@dataclass(frozen=True, slots=True)
class Proposed(Outcome):
    """What was read of a text, done on a yes only. offers: one; two to choose between; or two `together`, by one."""

    outcome = "proposed"
    offers: tuple[Offer, ...]
    together: bool = False


@dataclass(frozen=True, slots=True)
class Declined(Outcome):
    """A no to what was offered or proposed; place: the held one that is free again."""

    outcome = "declined"
    place: Booking | None = None


@dataclass(frozen=True, slots=True)
class Thanks(Outcome):
    """Thanks and the like: nothing is sent, nothing is counted."""

    outcome = "thanks"
    is_answered = False


@dataclass(frozen=True, slots=True)
class Lapsed(Outcome):
    """A yes to a held place that is free again, because nobody confirmed it in time."""

    outcome = "lapsed"
    booking: Booking


@dataclass(frozen=True, slots=True)
class TooOld(Outcome):
    """The message was sent longer ago than the office acts on (its modem was off); answered, not acted on."""

    outcome = "too_old"


# --- nothing is sent ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TooManyThisHour(Outcome):
    """The number was sent so many replies in an hour that it gets no more until there are fewer."""

    outcome = "too_many_this_hour"


@dataclass(frozen=True, slots=True)
class TooManyToday(Outcome):
    """The number was sent so many replies in a day that it gets no more until there are fewer."""

    outcome = "too_many_today"


@dataclass(frozen=True, slots=True)
class Ignored(Outcome):
    """Nothing is sent, and why."""

    outcome = "ignored"
    is_answered = False
    why: Literal["loop", "silenced", "too_many", "sender", "own_number", "ceiling"]


@dataclass(frozen=True, slots=True)
class Duplicate(Outcome):
    """The gateway delivered the same message twice: nothing new is sent, nothing new happens."""

    outcome = "duplicate"
    is_answered = False
