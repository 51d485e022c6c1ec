"""What if: the people of past days come again, to other hours or counters, and are called by the same rule.

Nothing is invented: those come who came, when they came, and each takes as long as then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from prepazka.core.minutes import Minute, instant, local, reached
from prepazka.core.office.office import Office
from prepazka.core.queue import estimate
from prepazka.core.queue.play import Hall, Shift, play
from prepazka.core.queue.tickets import Ticket
from prepazka.core.reports.past_days import Person, WorkDay

_AT_THE_EDGE = 30
"""Minutes from the opening, or to the closing, within which a counter counts as open from then, or until then."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is tried. closed: weekdays (0 = Monday) without opening. opens, closes: on each day; None: as they were.

    counters: how many there are of each counter, by its id; one of those that are not named.
    """

    closed: frozenset[int] = frozenset()
    opens: time | None = None
    closes: time | None = None
    counters: Mapping[int, int] = field(default_factory=dict)


AS_IT_WAS = Change()


@dataclass(frozen=True, slots=True)
class Played:
    """A day as it went. waits: minutes to the first call, with the hour of arrival. refused: who met a closed door.

    uncalled: who was never called. staffed: minutes of counters, breaks left out.
    """

    day: date
    waits: tuple[tuple[int, int], ...]
    refused: int
    uncalled: int
    staffed: int


def replay(office: Office, days: Sequence[WorkDay], change: Change = AS_IT_WAS) -> Iterator[Played]:
    """Yield each day as it goes with the change."""
    moved: list[Person] = []
    for day in days:
        # docs/spec/reports.md §5: "Who came on a day that is closed now is refused, and comes on the next open day"
        if day.day.weekday() in change.closed:
            moved += day.people
            yield Played(day.day, (), len(day.people), 0, 0)
        else:
            yield _played(office, day, change, [_again(one, day, office) for one in moved])
            moved = []


# docs/spec/reports.md §5: "A large month is played in pieces of some days"
def pieces(people: Mapping[date, int], most: int, change: Change) -> Iterator[tuple[date, ...]]:
    """Yield the days in pieces that can be played one after the other; people: how many came on each, in order.

    A piece ends with the first open day by which it has `most` people, since those of a closed day come on the next.
    """
    piece: list[date] = []
    for day in people:
        piece.append(day)
        if sum(people[one] for one in piece) >= most and day.weekday() not in change.closed:
            yield tuple(piece)
            piece = []
    if piece:
        yield tuple(piece)


def _again(person: Person, day: WorkDay, office: Office) -> Person:
    """Return a person of another day, who comes on this one at the same time of the day."""
    shift = _on_day(person.came, day.day, office) - person.came
    due = None if person.due is None else Minute(person.due + shift)
    return replace(person, came=Minute(person.came + shift), due=due)


def _on_day(at: Minute, day: date, office: Office) -> Minute:
    return reached(day, local(at, office.zone).time(), office.zone)


def _hours(office: Office, day: WorkDay, change: Change) -> tuple[Minute, Minute]:
    opens = day.opens if change.opens is None else reached(day.day, change.opens, office.zone)
    closes = day.closes if change.closes is None else reached(day.day, change.closes, office.zone)
    return opens, closes


def _played(office: Office, day: WorkDay, change: Change, others: Sequence[Person]) -> Played:
    opens, closes = _hours(office, day, change)
    everybody = [*day.people, *others]
    # docs/spec/reports.md §5: "who comes after the closing is refused"
    come = [one for one in everybody if change.closes is None or max(one.came, one.due or one.came) < closes]
    if change.opens is not None:
        # docs/spec/reports.md §5: "who comes before the opening waits from it on"
        come = [replace(one, came=max(one.came, opens)) for one in come]
    course = _course(office, come, _shifts(office, day, change), closes)
    return Played(day.day, course.waits, len(everybody) - len(come), course.uncalled, course.staffed)


class _Course(NamedTuple):
    """How a day went, in the terms of `Played`."""

    waits: tuple[tuple[int, int], ...]
    uncalled: int
    staffed: int


def _shifts(office: Office, day: WorkDay, change: Change) -> list[Shift]:
    """Return who works when: each counter as it did, moved with the hours, as often as the change says."""
    opens, closes = _hours(office, day, change)
    shifts: list[Shift] = []
    for seen in day.seen:
        counter = office.counter_of.get(seen.counter)
        if counter is None:
            continue
        begins = opens if seen.begins <= day.opens + _AT_THE_EDGE else max(seen.begins, opens)
        to_the_end = seen.ends >= day.closes - _AT_THE_EDGE
        ends = None if to_the_end else instant(min(seen.ends, closes))
        breaks = day.breaks.get(counter.agendas[0], ()) if counter.agendas else ()
        pauses = tuple((instant(since), instant(until)) for since, until in breaks)
        for copy in range(change.counters.get(counter.id, 1)):
            own = counter if copy == 0 else replace(counter, id=-(100 * counter.id + copy))
            shifts.append(Shift(own, instant(begins), ends, pauses))
    return shifts


def _course(office: Office, people: Sequence[Person], shifts: Sequence[Shift], closes: Minute) -> _Course:
    tickets = {place: _ticket(place, person, 0) for place, person in enumerate(people, start=1)}
    done = dict.fromkeys(tickets, 0)

    def takes(ticket: Ticket) -> timedelta:
        return people[ticket.id - 1].errands[done[ticket.id]].takes

    def then(ticket: Ticket, now: datetime) -> Ticket | None:
        done[ticket.id] += 1
        errands = people[ticket.id - 1].errands
        if done[ticket.id] == len(errands):
            return None
        return replace(estimate.newcomer(errands[done[ticket.id]].agenda, now), id=ticket.id)

    waits: dict[int, tuple[int, int]] = {}
    last: dict[int, datetime] = {}
    for one in play(Hall(shifts, office.settings, takes, then), tickets.values()):
        if one.what == "called" and one.ticket.id not in waits:
            waits[one.ticket.id] = _wait(office, people[one.ticket.id - 1], one.at)
        elif one.what == "finished":
            last[one.ticket.counter or 0] = one.at
    staffed = sum(_staffed(shift, last.get(shift.counter.id), closes) for shift in shifts)
    return _Course(tuple(waits.values()), len(people) - len(waits), staffed)


def _ticket(number: int, person: Person, errand: int) -> Ticket:
    agenda, came = person.errands[errand].agenda, instant(person.came)
    if person.due is None:
        return replace(estimate.newcomer(agenda, came), id=number, priority=person.priority)
    return replace(estimate.expected(agenda, instant(person.due)), id=number, arrived_at=came)


def _wait(office: Office, person: Person, called: datetime) -> tuple[int, int]:
    """Return the hour of arrival and the minutes to the first call."""
    since = instant(max(person.came, person.due or person.came))
    return local(person.came, office.zone).hour, max(int((called - since).total_seconds() // 60), 0)


def _staffed(shift: Shift, last: datetime | None, closes: Minute) -> int:
    """Return the minutes a counter is staffed: to its end, or until its last client has gone."""
    ends = shift.ends or max(instant(closes), last or shift.begins)
    pauses = sum((min(until, ends) - since for since, until in shift.pauses if since < ends), timedelta())
    return max(int((ends - shift.begins - pauses).total_seconds() // 60), 0)
