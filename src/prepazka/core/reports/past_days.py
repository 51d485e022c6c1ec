"""Past days for a replay: who came, for what and for how long, and which counters worked when."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean

from prepazka.core.minutes import Minute
from prepazka.core.office import calendar
from prepazka.core.office.office import Office
from prepazka.core.reports.visits import Visit, ending


@dataclass(frozen=True, slots=True)
class Errand:
    """What a person is called for: an agenda (its id), and how long it takes."""

    agenda: int
    takes: timedelta


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who came on a past day. errands: in order, at least one; the next begins when one is done."""

    came: Minute
    due: Minute | None
    priority: bool
    errands: tuple[Errand, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """When a counter worked: from its first call to its last act."""

    counter: int
    begins: Minute
    ends: Minute


@dataclass(frozen=True, slots=True)
class WorkDay:
    """A past day: its hours, from the calendar, with its breaks; who worked, and who came."""

    day: date
    opens: Minute
    closes: Minute
    breaks: Mapping[int, tuple[tuple[Minute, Minute], ...]]
    seen: tuple[Seen, ...]
    people: tuple[Person, ...]


def work_days(office: Office, visits: Sequence[Visit], usual: Mapping[int, timedelta] | None = None) -> list[WorkDay]:
    """Return the days on which somebody was called, in order. usual: see `usual_times`; None: of these visits."""
    usual = usual_times(office, visits) if usual is None else usual
    by_day: dict[date, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_day[visit.day].append(visit)
    days = (_work_day(office, day, by_day[day], usual) for day in sorted(by_day))
    return [day for day in days if day.seen]


def _work_day(office: Office, day: date, visits: Sequence[Visit], usual: Mapping[int, timedelta]) -> WorkDay:
    plans = {agenda.id: calendar.starts(office, agenda, day).stretches for agenda in office.agendas}
    seen = tuple(_seen(visits))
    # Days whose hours are not those of the calendar any more began and ended with the counters.
    opens = min([plan[0].opens for plan in plans.values() if plan] or [one.begins for one in seen] or [Minute(0)])
    closes = max([plan[-1].closes for plan in plans.values() if plan] or [one.ends for one in seen] or [Minute(0)])
    breaks = {
        agenda: tuple((one.closes, after.opens) for one, after in pairwise(plan)) for agenda, plan in plans.items()
    }
    people = tuple(person for visit in visits if (person := _person(visit, usual)))
    return WorkDay(day, opens, closes, breaks, seen, people)


def _seen(visits: Sequence[Visit]) -> Iterator[Seen]:
    """Yield when each counter worked, as the events tell."""
    acts: dict[int, list[Minute]] = defaultdict(list)
    for visit in visits:
        for step in visit.steps:
            if step.counter is not None and step.act != "close":
                acts[step.counter].append(step.at)
    for counter in sorted(acts):
        yield Seen(counter, min(acts[counter]), max(acts[counter]))


# docs/spec/reports.md §5: "A person who was never called takes as long as people of the agenda usually do; one who
# went away or cancelled while waiting does not come"
def _person(visit: Visit, usual: Mapping[int, timedelta]) -> Person | None:
    errands = tuple(Errand(agenda, usual[agenda] if took is None else took) for agenda, took in _errands(visit))
    if not errands:
        if ending(visit) in {"left", "withdrawn"}:
            return None
        errands = (Errand(visit.steps[0].agenda, usual[visit.steps[0].agenda]),)
    return Person(visit.arrived, visit.due, visit.priority, errands)


def _errands(visit: Visit) -> Iterator[tuple[int, timedelta | None]]:
    """Yield each time at a counter from the call on: its agenda, and how long; None where the day's end closed it."""
    begun = None
    for step in visit.steps:
        if step.act == "call":
            begun = step
        elif begun is not None and step.after not in {"called", "serving"}:
            yield begun.agenda, None if step.act == "close" else timedelta(minutes=step.at - begun.at)
            begun = None
    if begun is not None:
        yield begun.agenda, None


def usual_times(office: Office, visits: Sequence[Visit]) -> Mapping[int, timedelta]:
    """Return how long a person of each agenda is at the counter; the office's own figure where nobody was."""
    took: dict[int, list[float]] = defaultdict(list)
    agendas = {step.agenda for visit in visits for step in visit.steps}
    for visit in visits:
        for agenda, length in _errands(visit):
            if length is not None:
                took[agenda].append(length.total_seconds())
    own = {agenda.id: agenda.queue.service_minutes * 60 for agenda in office.agendas}
    return {
        agenda: timedelta(seconds=fmean(took[agenda]) if took[agenda] else own.get(agenda, 600))
        for agenda in agendas | own.keys()
    }
