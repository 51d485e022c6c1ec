"""Asking when the office is open on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.requests import Request
from prepazka.core.office import calendar
from prepazka.core.office.office import Office
from prepazka.core.office.plan import WallTimes

_LOOKED_THROUGH = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class HoursTold(Outcome):
    """The opening hours of a day, in order; of a closed one none, but the next day that is open, if it is near.

    bookable: whether a time on the open one of these days can be booked by now.
    """

    outcome = "opening_hours"
    day: date
    hours: tuple[WallTimes, ...]
    next_open: date | None = None
    bookable: bool = False


@dataclass(frozen=True, slots=True)
class AskHours(Request):
    """When the office is open on this day."""

    day: date

    def decide(self, context: Context) -> HoursTold:
        """See `hours_told`."""
        return hours_told(context, self)


# docs/spec/messages.md §7.9: "Who asks when the office is open on another day is told that day's hours"
def hours_told(context: Context, request: AskHours) -> HoursTold:
    """Tell the hours of the day; of a closed one also the next day on which the office is open."""
    office, day = context.office, request.day
    hours = tuple(hours_of(office, day))
    if hours:
        return HoursTold(day, hours, bookable=context.today <= day <= context.last_day)
    after, last = max(day, context.today - timedelta(days=1)), day + _LOOKED_THROUGH
    found = (calendar.next_open(office, agenda, after, last) for agenda in office.agendas)
    then = min((one for one in found if one), default=None)
    return HoursTold(day, (), then, bookable=then is not None and then <= context.last_day)


def hours_of(office: Office, day: date) -> Sequence[WallTimes]:
    """The hours in which any agenda of the office is open on a day, in order, none touching the next."""
    walls = sorted(wall for agenda in office.agendas for wall in calendar.starts(office, agenda, day).hours)
    merged: list[WallTimes] = []
    for opens, closes in walls:
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return merged
