"""Places: whether a wanted start is offered, which starts are free, and the free ones nearest to a wanted one."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import ClosedDay, InPast, NoFreeSlot, OffGrid, OutsideHours, TooFar
from prepazka.core.minutes import reached
from prepazka.core.office.office import Service
from prepazka.core.office.plan import DayPlan, Place

NotOffered = InPast | TooFar | ClosedDay | OutsideHours | OffGrid | NoFreeSlot


# docs/spec/messages.md §4.1: "what is wrong for anybody, from the coarsest on: gone, too far, closed, outside the
# hours, off the grid"
def offered(context: Context, service: Service, day: date, at: time, persons: int) -> Place | NotOffered:
    """The place of a wanted start, free or not, or why no such start is offered (spec/messages.md §4)."""
    beyond = context.beyond(service, day, at)
    if beyond:
        return beyond
    plan = context.plan(service, day)
    place = plan.places.get(at)
    start = place.start.minute if place else reached(day, at, context.office.zone)
    if start < context.earliest:
        return InPast(day, at, context.office.settings.notice_minutes)
    if place and place.start.minute + persons * service.minutes <= place.stretch.closes:
        return place
    return context.closed_day(service, day, persons) or _beside(context, service, plan, at, persons)


def free_places(context: Context, service: Service, day: date, persons: int = 1) -> Iterator[Place]:
    """The free places of a day that can still be booked, in order."""
    lanes = context.ledger.lanes(service.agenda, day)
    return lanes.free_places(context.plan(service, day), persons * service.minutes, context.earliest)


# docs/spec/messages.md §6.4: "Of free starts instead of a taken one, those of the same day come first"
def nearest_free(context: Context, service: Service, day: date, at: time, persons: int) -> Iterator[tuple[date, time]]:
    """Free starts instead of a taken one: the same day's first, then those of the days that `soonest_days` allows.

    Each day's are ordered by their distance from the wanted time, for who wants an afternoon wants one tomorrow too.
    """
    last = min(day + timedelta(days=context.office.settings.soonest_days), context.last_day)
    for one in days(day, last):
        free = [place.start.at for place in free_places(context, service, one, persons)]
        for found in sorted(free, key=lambda start: abs(_minutes(start) - _minutes(at))):
            yield one, found


def days(first: date, last: date) -> Iterator[date]:
    """All days from first to last, both included."""
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


# docs/spec/messages.md §4: "the offered starts next to it"
def _beside(
    context: Context, service: Service, plan: DayPlan, at: time, persons: int
) -> OutsideHours | OffGrid | NoFreeSlot:
    """Why an open day does not offer a start, and what it offers beside it."""
    if not any(since <= at < until for since, until in plan.hours):
        return OutsideHours(service, plan.day, at, plan.hours)
    fitting = [
        place.start.at
        for place in plan.places.values()
        if place.start.minute >= context.earliest
        and place.start.minute + persons * service.minutes <= place.stretch.closes
    ]
    near = (*[start for start in fitting if start < at][-1:], *[start for start in fitting if start > at][:1])
    return OffGrid(service, plan.day, at, near) if near else NoFreeSlot(service, plan.day, plan.day, persons)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
