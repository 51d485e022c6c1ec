"""The calendar: which starts an agenda offers on a day, or why it offers none."""

import weakref
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from prepazka.core.minutes import Minute, on_wall, reached
from prepazka.core.office import holidays
from prepazka.core.office.office import Agenda, Closure, Hours, Office, Service
from prepazka.core.office.plan import Closed, DayPlan, Start, Stretch, WallTimes

_PLANS_KEPT = 1_000  # of one office
_SATURDAY = 5

_Plans = dict[tuple[int, date], DayPlan]
_PLANS: dict[int, tuple[weakref.ref[Office], _Plans]] = {}


# docs/spec/messages.md §6.4: "A closure wins over everything. An extra day replaces the weekly hours of its date and
# wins over a public holiday."
def starts(office: Office, agenda: Agenda, day: date) -> DayPlan:
    """Return the starts an agenda offers on a day, or why it offers none (spec/messages.md §6).

    A closure wins over everything; an extra day replaces the weekly rules and wins over a public holiday.
    """
    plans = _plans_of(office)
    plan = plans.get((agenda.id, day))
    if plan is None:
        if len(plans) >= _PLANS_KEPT:  # an office value may live as long as the process
            plans.clear()
        plan = plans[agenda.id, day] = _make_plan(office, agenda, day)
    return plan


# docs/spec/administration.md §4: "a service limited to weekdays is offered on no other day"
def starts_of(office: Office, service: Service, day: date) -> DayPlan:
    """Return the starts a service is offered at on a day: those of its agenda, on its weekdays."""
    plan = starts(office, office.agenda_of[service.agenda], day)
    if plan.closed is None and service.weekdays and day.weekday() not in service.weekdays:
        return DayPlan(day, closed=Closed("no_hours"))
    return plan


# docs/spec/counters.md §5.3: "A closure that takes the rest of the hours away ends the day when it begins"
def day_end(office: Office, agenda: Agenda, day: date) -> Minute | None:
    """Return when an agenda's day ends as it really is, closures included; None on a day without hours.

    A closure of the rest of the day ends it when it begins, also in a midday break, in which the clerks were still at
    their counters. For clients the day was over before that break: what is left to them are the plan's stretches.
    """
    plan, hours = starts(office, agenda, day), _hours_of_day(office, agenda, day)
    closures = _closures_of(office, agenda, day)
    if isinstance(hours, Closed) or any(_is_whole_day(closure) for closure in closures):
        return None
    usual = end = max(one.closes for one in hours)
    for since, until in sorted(map(_times_of, closures), reverse=True):
        if since < end <= until:
            end = since
    if end < usual:
        return reached(day, end, office.zone)
    return plan.stretches[-1].closes if plan.stretches else None


def next_open(office: Office, of: Agenda | Service, after: date, last: date) -> date | None:
    """Return the first day after `after`, up to and including `last`, on which the agenda or service offers starts."""
    for ahead in range(1, (last - after).days + 1):
        day = after + timedelta(days=ahead)
        if _plan(office, of, day).places:
            return day
    return None


def last_open(office: Office, of: Agenda | Service, first: date, last: date) -> date | None:
    """Return the last day from `first` to `last`, both included, on which the agenda or service offers starts."""
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        if _plan(office, of, day).places:
            return day
    return None


def _plan(office: Office, of: Agenda | Service, day: date) -> DayPlan:
    return starts_of(office, of, day) if isinstance(of, Service) else starts(office, of, day)


def _plans_of(office: Office) -> _Plans:
    """Return the cached plans of this office value; they are dropped together with it."""
    kept = _PLANS.get(id(office))
    # Python may have given the id of a deleted office to another one.
    if kept is None or kept[0]() is not office:
        kept = _PLANS[id(office)] = (weakref.ref(office), {})
        weakref.finalize(office, _PLANS.pop, id(office), None)
    return kept[1]


def _make_plan(office: Office, agenda: Agenda, day: date) -> DayPlan:
    closures = _closures_of(office, agenda, day)
    for closure in closures:
        if _is_whole_day(closure):
            return DayPlan(day, closed=_closed_by(closure))
    hours = _hours_of_day(office, agenda, day)
    if isinstance(hours, Closed):
        return DayPlan(day, closed=hours)
    stretches = tuple(_stretches(office, day, hours, closures))
    if stretches:
        return DayPlan(day, stretches)
    return DayPlan(day, closed=_closed_by(closures[0]) if closures else Closed("no_hours"))


def _closed_by(closure: Closure) -> Closed:
    return Closed("closure", closure.reason, closure.reasons)


def _closures_of(office: Office, agenda: Agenda, day: date) -> list[Closure]:
    return [one for one in office.closures if one.first <= day <= one.last and one.agenda in (None, agenda.id)]


def _is_whole_day(closure: Closure) -> bool:
    return closure.since is None and closure.until is None


def _times_of(closure: Closure) -> WallTimes:
    return closure.since or time.min, closure.until or time.max


def _hours_of_day(office: Office, agenda: Agenda, day: date) -> Sequence[Hours] | Closed:
    """Return the hours of a day before closures, in order."""
    found = [extra.hours for extra in agenda.extra_days if extra.day == day]
    if not found:
        holiday = holidays.name(office.holidays, day) if office.holidays else None
        if holiday:
            return Closed("holiday", holiday)
        found = [
            rule.hours
            for rule in agenda.rules
            if rule.weekday == day.weekday()
            and (rule.valid_from is None or rule.valid_from <= day)
            and (rule.valid_to is None or day <= rule.valid_to)
        ]
    if not found:
        return Closed("weekend" if day.weekday() >= _SATURDAY else "no_hours")
    return sorted(found, key=lambda hours: hours.opens)


# docs/spec/messages.md §6.4: "After a break the grid of starts begins anew; a closure only takes starts away."
def _stretches(office: Office, day: date, hours: Sequence[Hours], closures: Sequence[Closure]) -> Iterator[Stretch]:
    """Yield the stretches with at least one start, or without bookable places, in order.

    After a break the grid begins anew, as the counters do; a closure only takes starts away, so that people who know
    the office's times still find them. Where hours overlap, the earlier ones win.
    """
    taken = list(map(_times_of, closures))
    for one in hours:
        for piece in _without((one.opens, one.closes), one.breaks):
            grid = list(_start_times(piece, one.step))
            for wall in _without(piece, taken):
                offered = tuple(
                    Start(found, at)
                    for at in grid
                    if wall[0] <= at < wall[1] and (found := on_wall(day, at, office.zone)) is not None
                )
                if one.lanes == 0:
                    offered = ()  # open, but only for people without a booking
                if offered or one.lanes == 0:
                    opens, closes = (reached(day, edge, office.zone) for edge in wall)
                    yield Stretch(opens, closes, wall, one.lanes, offered)
        taken.append((one.opens, one.closes))


def _start_times(piece: WallTimes, step: int) -> Iterator[time]:
    """Yield the wall times from the beginning of a piece, every `step` minutes."""
    beginning, end = (at.hour * 60 + at.minute for at in piece)
    for minutes in range(beginning, end, step):
        yield time(*divmod(minutes, 60))


def _without(whole: WallTimes, gaps: Sequence[WallTimes]) -> Iterator[WallTimes]:
    """Yield what remains of a time when the gaps are cut out, in order."""
    since, until = whole
    for gap_since, gap_until in sorted(gaps):
        if gap_since < until and since < gap_until:
            if since < gap_since:
                yield since, gap_since
            since = gap_until
    if since < until:
        yield since, until
