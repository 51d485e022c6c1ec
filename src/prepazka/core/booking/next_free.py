"""The next day with a free place, told where nothing is free, the day is closed or the office cancels a booking.

Most batches need it for none of their requests, so what it needs is not read with what deciding needs.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from prepazka.core.booking import limits
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import ClosedDay, NextFree, NoFreeSlot, Outcome, SlotFull
from prepazka.core.booking.places import days, free_places
from prepazka.core.booking.snapshot import ReadSet, Span
from prepazka.core.minutes import Minute, midnight
from prepazka.core.office import calendar
from prepazka.core.office.office import Office, Service


class Instead(NamedTuple):
    """What is told to somebody whose booking the office cancels.

    free: the day to ask for, one with a place. watched: where there is none, a day on which one may be freed. Neither
    where the service takes no bookings.
    """

    free: date | None = None
    watched: date | None = None


def needed(
    outcomes: Iterable[tuple[str, Outcome]], office: Office, now: Minute, asked_on: tuple[date, date]
) -> ReadSet | None:
    """Return what must be read for these outcomes, each with its sender; None where nothing has to. See `read_of`."""
    refused = [(sender, service.agenda) for sender, one in outcomes if (service := _refused_service(one))]
    senders, agendas = {sender for sender, _ in refused}, {agenda for _, agenda in refused}
    return read_of(agendas, office, now, asked_on, senders) if refused else None


def read_of(
    agendas: Iterable[int],
    office: Office,
    now: Minute,
    asked_on: tuple[date, date],
    senders: Iterable[str] = (),
) -> ReadSet:
    """Return the read set of the free places of these agendas (ids), as far ahead as anybody may book.

    asked_on: the days of the first and the last request. senders: for whom they are; their bookings are read where they
    limit the days.
    """
    first, last = asked_on
    begin = midnight(first, office.zone)
    end = midnight(last + timedelta(days=office.settings.horizon_days + 1), office.zone)
    reoffer = office.settings.reoffer_minutes
    return ReadSet(
        spans=tuple(Span(agenda, begin, end) for agenda in sorted(set(agendas))),
        senders=frozenset(filter(None, senders)) if _days_are_limited(office) else frozenset(),
        freed_since=Minute(now - reoffer) if reoffer else None,
    )


# docs/spec/messages.md §4: "The day that is taught instead is one on which the service is open and has a free place"
def with_next_free(context: Context, outcome: Outcome) -> Outcome:
    """Return the outcome with the day that is told instead, if it says that nothing is free or the day is closed."""
    match outcome:
        case SlotFull(service=service, day=last, persons=persons, offers=()):
            return replace(outcome, next_free=_next_free(context, service, last, persons))
        case NoFreeSlot(service=service, last=last, persons=persons):
            return replace(outcome, next_free=_next_free(context, service, last, persons))
        case ClosedDay(service=service, day=day, persons=persons):
            return replace(outcome, next_free=_next_free(context, service, day, persons))
        case _:
            return outcome


def next_free_day(context: Context, service: Service, after: date, persons: int = 1) -> date | None:
    """Return the first day after `after` on which so many persons find a place; one before it where none is.

    A day on which the sender may hold no more is passed over, as the soonest start does.
    """
    later = days(max(after + timedelta(days=1), context.today), context.last_day)
    earlier = days(context.today, min(after, context.last_day))
    held = context.open_bookings if _days_are_limited(context.office) else ()
    for day in (*later, *earlier):
        if limits.of_day(context.office.settings, day, held) is None and _has_place(context, service, day, persons):
            return day
    return None


# docs/spec/administration.md §5: "The message names a day on which the service then has a place for as many people"
def instead_of(context: Context, booking: Booking) -> Instead:
    """Return what to tell whose booking the office cancels; the office is the one after the change."""
    service = context.office.service_of.get(booking.service)
    if service is None or context.paused(service):
        return Instead()
    if free := next_free_day(context, service, booking.day, booking.persons):
        return Instead(free)
    since = (booking.day, context.today)
    opens = (calendar.next_open(context.office, service, after, context.last_day) for after in since)
    return Instead(watched=next(filter(None, opens), None))


def _has_place(context: Context, service: Service, day: date, persons: int) -> bool:
    return any(True for _ in free_places(context, service, day, persons))


def _days_are_limited(office: Office) -> bool:
    return office.settings.open_per_sender_and_day is not None


def _next_free(context: Context, service: Service, after: date, persons: int) -> NextFree:
    return NextFree(next_free_day(context, service, after, persons), context.last_day)


def _refused_service(outcome: Outcome) -> Service | None:
    """Return the service of which the outcome says that nothing is free, or that it is closed."""
    match outcome:
        case NoFreeSlot(service=service) | SlotFull(service=service, offers=()) | ClosedDay(service=service):
            return service
        case _:
            return None
