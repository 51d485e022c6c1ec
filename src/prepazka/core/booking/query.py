"""Asking without booking: the free times of a day, a freed place to wait for, one's own bookings, the live queue."""

from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import (
    ClosedDay,
    FreeTimesListed,
    InPast,
    MineListed,
    NoFreeSlot,
    QueueTold,
    TooFar,
    TooOld,
    UnknownService,
    Watching,
)
from prepazka.core.booking.places import free_places
from prepazka.core.booking.requests import FreeTimes, JoinWaitlist, QueueStatus
from prepazka.core.queue import board


def free_times(
    case: Context, ask: FreeTimes
) -> FreeTimesListed | NoFreeSlot | ClosedDay | InPast | TooFar | UnknownService:
    """Every start of a day that can be booked now, from `since` on when given."""
    service = case.office.service_of.get(ask.service)
    if service is None:
        return UnknownService(ask.service, ())
    refused = case.beyond(service, ask.day) or case.closed_day(service, ask.day)
    if refused:
        return refused
    starts = tuple(
        place.start.at
        for place in free_places(case, service, ask.day)
        if ask.since is None or place.start.at >= ask.since
    )
    if not starts:
        return NoFreeSlot(service, ask.day, ask.day)
    return FreeTimesListed(service, ask.day, starts, ask.since)


def join_waitlist(
    case: Context, ask: JoinWaitlist
) -> Watching | FreeTimesListed | NoFreeSlot | ClosedDay | InPast | TooFar | TooOld | UnknownService:
    """Wait for a freed place; where there are free ones, they are told instead, and where none can come, that."""
    told = free_times(case, FreeTimes(ask.service, ask.day))
    if not isinstance(told, NoFreeSlot):
        return told
    if case.is_old:
        return TooOld()
    plan = case.plan(told.service, ask.day)
    to_come = any(place.start.minute >= case.earliest for place in plan.places.values())
    return Watching(told.service, ask.day) if to_come else told


def mine(case: Context) -> MineListed:
    """The sender's open bookings in order of time."""
    return MineListed(tuple(sorted(case.open_bookings, key=lambda booking: booking.start)))


def queue_status(case: Context, ask: QueueStatus) -> QueueTold | UnknownService:
    """What the board shows of the service's agenda at this moment."""
    service = case.office.service_of.get(ask.service)
    if service is None:
        return UnknownService(ask.service, ())
    agenda = case.office.agenda_of[service.agenda]
    now = board.figures(case.office, agenda, case.books.queue, case.request.now)
    return QueueTold(service, now.waiting, now.counters, now.wait, now.open)
