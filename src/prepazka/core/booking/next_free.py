"""The next day with a free place, told where nothing is free or the day is closed: looked for after a batch.

Most batches need it for none of their requests, so what it needs is not read with what deciding needs.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from prepazka.core.booking.context import Context
from prepazka.core.booking.ledger import ReadSet, Span
from prepazka.core.booking.outcomes import ClosedDay, NextFree, NoFreeSlot, Outcome, SlotFull
from prepazka.core.booking.places import days, free_places
from prepazka.core.minutes import Minute, midnight
from prepazka.core.office.office import Office, Service


def needed(outcomes: Iterable[Outcome], office: Office, now: Minute, today: date) -> ReadSet | None:
    """Return what must be read for these outcomes; None where nothing has to."""
    agendas = {service.agenda for one in outcomes if (service := _refused_service(one))}
    return read_of(agendas, office, now, today) if agendas else None


def read_of(agendas: Iterable[int], office: Office, now: Minute, today: date) -> ReadSet:
    """Return the read set of the free places of these agendas (ids), as far ahead as anybody may book."""
    begin = midnight(today, office.zone)
    end = midnight(today + timedelta(days=office.settings.horizon_days + 1), office.zone)
    reoffer = office.settings.reoffer_minutes
    return ReadSet(
        spans=tuple(Span(agenda, begin, end) for agenda in sorted(agendas)),
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
    """Return the first day after `after` on which so many persons find a place; one before it where none is."""
    later = days(max(after + timedelta(days=1), context.today), context.last_day)
    earlier = days(context.today, min(after, context.last_day))
    for day in (*later, *earlier):
        if any(True for _ in free_places(context, service, day, persons)):
            return day
    return None


def _next_free(context: Context, service: Service, after: date, persons: int) -> NextFree:
    return NextFree(next_free_day(context, service, after, persons), context.last_day)


def _refused_service(outcome: Outcome) -> Service | None:
    """Return the service of which the outcome says that nothing is free, or that it is closed."""
    match outcome:
        case NoFreeSlot(service=service) | SlotFull(service=service, offers=()) | ClosedDay(service=service):
            return service
        case _:
            return None
