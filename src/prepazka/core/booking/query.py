"""Requests that book nothing: free times, the waitlist, the sender's bookings, the live queue, the help."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from prepazka.core.booking.booking import PastBooking
from prepazka.core.booking.context import Context
from prepazka.core.booking.misunderstandings import UnknownService
from prepazka.core.booking.opening import hours_of
from prepazka.core.booking.outcomes import (
    ClosedDay,
    FreeTimesListed,
    HelpGiven,
    InPast,
    MineListed,
    NoFreeSlot,
    Outcome,
    QueueTold,
    ServicePaused,
    ServicesListed,
    TooFar,
    TooOld,
    Watching,
)
from prepazka.core.booking.places import days, free_places
from prepazka.core.booking.questions import Unfinished
from prepazka.core.booking.requests import Days, Reads, Request
from prepazka.core.office.office import Office, Settings
from prepazka.core.queue import board

_EXAMPLE_DAYS = 14
"""How far ahead a free start is looked for, to make an example of."""


@dataclass(frozen=True, slots=True)
class FreeTimes(Request):
    """The free starts of a day, from `since` on when given."""

    service: str
    day: date
    since: time | None = None

    @property
    def wish(self) -> Unfinished:
        """The day of a service."""
        return Unfinished(self.service, self.day)

    def days(self, today: date, office: Office) -> Days | None:
        """That day."""
        return _one_day(self.service, self.day, today, office.settings)

    def decide(self, context: Context) -> Outcome:
        """See `free_times`."""
        return free_times(context, self)


@dataclass(frozen=True, slots=True)
class JoinWaitlist(Request):
    """Notify the sender when a place of this service is freed on this day."""

    service: str
    day: date

    def days(self, today: date, office: Office) -> Days | None:
        """That day."""
        return _one_day(self.service, self.day, today, office.settings)

    def decide(self, context: Context) -> Outcome:
        """See `join_waitlist`."""
        return join_waitlist(context, self)


@dataclass(frozen=True, slots=True)
class Mine(Request):
    """The sender's own open bookings, and those of today that are over."""

    reads = Reads(bookings=True, past=True)

    def decide(self, context: Context) -> MineListed:
        """See `mine`."""
        return mine(context)


@dataclass(frozen=True, slots=True)
class QueueStatus(Request):
    """How many wait for this service's agenda now, and how long."""

    reads = Reads(queue=True)

    service: str

    def decide(self, context: Context) -> QueueTold | UnknownService:
        """See `queue_status`."""
        return queue_status(context, self)


@dataclass(frozen=True, slots=True)
class Help(Request):
    """How to book; info: where the office is and when it is open today, too."""

    info: bool = False

    def days(self, today: date, office: Office) -> Days | None:
        """The days of which an example is made."""
        service = office.sample_service(today)
        return Days(service.code, today, today + timedelta(days=_EXAMPLE_DAYS)) if service else None

    def decide(self, context: Context) -> HelpGiven:
        """See `help_given` and `with_info`."""
        return with_info(context, help_given(context)) if self.info else help_given(context)


@dataclass(frozen=True, slots=True)
class ListServices(Request):
    """The service codes."""

    def decide(self, context: Context) -> ServicesListed:
        """All of the office."""
        return ServicesListed(context.office.services)


def _one_day(service: str, day: date, today: date, settings: Settings) -> Days | None:
    return Days(service, day, day) if today <= day <= today + timedelta(days=settings.horizon_days) else None


# docs/spec/messages.md §7.7: "lists the free starts of a day from that time on"
# docs/spec/conversation.md §1: "Complete samples stand only in the help and on the page"
def help_given(context: Context) -> HelpGiven:
    """The help, with the first start that can be booked from tomorrow on as its example."""
    if service := context.office.sample_service(context.today):
        for day in days(context.today + timedelta(days=1), context.today + timedelta(days=_EXAMPLE_DAYS)):
            if context.beyond(service, day) is None:
                for place in free_places(context, service, day):
                    return HelpGiven(service.code, day, place.start.at)
        return HelpGiven(service.code)
    return HelpGiven()


# docs/spec/messages.md §7.9: "gives help, and with it the office's address and today's hours"
def with_info(context: Context, given: HelpGiven) -> HelpGiven:
    """Return the help with the office's address and the hours in which any of its agendas is open today."""
    office = context.office
    return replace(given, address=office.address, hours=tuple(hours_of(office, context.today)))


def free_times(
    context: Context, request: FreeTimes
) -> FreeTimesListed | NoFreeSlot | ServicePaused | ClosedDay | InPast | TooFar | UnknownService:
    """Every start of a day that can be booked now, from `since` on when given."""
    service = context.office.service_of.get(request.service)
    if service is None:
        return UnknownService(request.service, ())
    day = request.day
    refused = context.paused(service) or context.beyond(service, day) or context.closed_day(service, day)
    if refused:
        return refused
    starts = tuple(
        place.start.at
        for place in free_places(context, service, request.day)
        if request.since is None or place.start.at >= request.since
    )
    if not starts:
        return NoFreeSlot(service, request.day, request.day)
    return FreeTimesListed(service, request.day, starts, request.since)


# docs/spec/messages.md §7.4: "Where there are free starts, they are told instead; where none can come any more, that is
# told."
def join_waitlist(
    context: Context, request: JoinWaitlist
) -> Watching | FreeTimesListed | NoFreeSlot | ServicePaused | ClosedDay | InPast | TooFar | TooOld | UnknownService:
    """Wait for a freed place; where there are free ones, they are told instead, and where none can come, that."""
    told = free_times(context, FreeTimes(request.service, request.day))
    if not isinstance(told, NoFreeSlot):
        return told
    if context.is_old:
        return TooOld()
    plan = context.plan(told.service, request.day)
    to_come = any(place.start.minute >= context.earliest for place in plan.places.values())
    return Watching(told.service, request.day) if to_come else told


# docs/spec/messages.md §7.2: "lists the sender's open bookings in order of time, with their codes"
# docs/spec/messages.md §7.2: "Behind them stands what was served, missed or cancelled today."
def mine(context: Context) -> MineListed:
    """The sender's bookings in order of time, each until it is over; and what is over since midnight."""
    over_today = [one for one in context.ledger.past(context.submission.sender) if one.since <= context.now]
    past = sorted([*over_today, *_missed_in_batch(context)], key=lambda one: (one.booking.start, one.booking.code))
    over = {one.booking.id for one in past if one.booking.id is not None}
    current = [booking for booking in context.current_bookings if booking.id is None or booking.id not in over]
    return MineListed(tuple(sorted(current, key=lambda booking: booking.start)), tuple(past), context.today)


def _missed_in_batch(context: Context) -> list[PastBooking]:
    """The sender's bookings made in this batch and missed since: the store knows nothing of them yet."""
    since = context.now - context.office.settings.check_in_after_minutes
    made = [booking for booking in context.ledger.active(context.submission.sender) if booking.id is None]
    return [PastBooking(one, "missed") for one in made if one.day == context.today and one.start < since]


# docs/spec/messages.md §7.5: "says how many wait for the agenda of this service now, how many counters serve it, and
# the estimated wait"
def queue_status(context: Context, request: QueueStatus) -> QueueTold | UnknownService:
    """What the board shows of the service's agenda at this moment."""
    service = context.office.service_of.get(request.service)
    if service is None:
        return UnknownService(request.service, ())
    agenda = context.office.agenda_of[service.agenda]
    now = board.figures(context.office, agenda, context.ledger.queue, context.submission.now)
    return QueueTold(service, now.waiting, now.counters, now.wait, now.open)
