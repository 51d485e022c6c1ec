"""Playing a month again in pieces, one a request, so that the page tells how far it is: it asks for the next by itself.

What was played so far is kept in the session of who asked. Of a small month nothing is kept: it is one piece.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from prepazka.core.office.office import Office
from prepazka.core.reports.month import report
from prepazka.core.reports.past_days import usual_times, work_days
from prepazka.core.reports.replay import Change, Played, pieces, replay
from prepazka.core.reports.spread import Spread, spread, within
from prepazka.store import reports
from prepazka.store.statistics import Period
from prepazka.web import clock
from prepazka.web.access import StaffRequest

MOST_PEOPLE = 2_000
"""Of one piece, unless a single day has more: about a second's work."""

_KEPT_FOR = timedelta(minutes=10)
_KEPT_AT_ONCE = 3
_KEY = "playing"


@dataclass(frozen=True, slots=True)
class Course:
    """Days as they were played: how many waited so many minutes, by the hour they came in, and the sums of the days."""

    waits: Mapping[tuple[int, int], int] = field(default_factory=dict)
    refused: int = 0
    uncalled: int = 0
    staffed: int = 0

    def with_days(self, days: Iterable[Played]) -> "Course":
        """Return the sum of these days and the ones before."""
        played = list(days)
        return Course(
            Counter(self.waits) + Counter(wait for day in played for wait in day.waits),
            self.refused + sum(day.refused for day in played),
            self.uncalled + sum(day.uncalled for day in played),
            self.staffed + sum(day.staffed for day in played),
        )

    @property
    def spread(self) -> Spread | None:
        """How the waits are spread."""
        return spread(minutes for (_hour, minutes), count in self.waits.items() for _ in range(count))

    @property
    def ninety_by_hour(self) -> Mapping[int, int]:
        """Within how many minutes nine tenths were called, by the hour they came in."""
        counts: dict[int, dict[int, int]] = {}
        for (hour, minutes), count in self.waits.items():
            counts.setdefault(hour, {})[minutes] = count
        return {hour: within(found, 0.9) for hour, found in counts.items()}

    def kept(self) -> list[Any]:
        """Return it as JSON can keep it."""
        waits = [[*wait, count] for wait, count in sorted(self.waits.items())]
        return [waits, self.refused, self.uncalled, self.staffed]

    @classmethod
    def of_kept(cls, kept: list[Any]) -> "Course":
        """Return what `kept` made."""
        waits, *sums = kept
        return cls({(hour, minutes): count for hour, minutes, count in waits}, *sums)


@dataclass(frozen=True, slots=True)
class Playing:
    """A month on its way. people: how many came on each day somebody was called on, in order; done: days played.

    usual: how long a person of each agenda (its id) takes, in seconds. was, was_by_hour, unserved: what really was;
    before and after: played without and with the change.
    """

    people: Mapping[date, int]
    usual: Mapping[int, float]
    was: Spread | None
    was_by_hour: Mapping[int, int]
    unserved: int
    done: int = 0
    before: Course = Course()
    after: Course = Course()

    @property
    def days(self) -> int:
        """How many days are played in all."""
        return len(self.people)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be played."""
        return self.done >= self.days


# docs/spec/reports.md §5: "A large month is played in pieces of some days"
def play_on(request: StaffRequest, office: Office, period: Period, change: Change) -> Playing:
    """Play the next piece of what this request asks for, and return how far it is."""
    now, key = clock.now(), _key(office, period, change)
    kept = _kept(request, now)
    begun = _of_json(kept[key]) if key in kept else _begin(office, period)
    played = begun if begun.is_done else _play(office, begun, change)
    others = {name: one for name, one in kept.items() if name != key}
    if not played.is_done:
        last = dict(list(others.items())[-(_KEPT_AT_ONCE - 1) :])
        request.session[_KEY] = {**last, key: _json(played) | {"at": now.timestamp()}}
    elif key in kept:
        request.session[_KEY] = others
    return played


def _begin(office: Office, period: Period) -> Playing:
    """Read the whole month: what it was, how long people take, and who came on which day."""
    visits = reports.visits(office, period)
    found = report(office, [], visits, [], period.last)
    usual = usual_times(office, visits)
    return Playing(
        people={day.day: len(day.people) for day in work_days(office, visits, usual)},
        usual={agenda: took.total_seconds() for agenda, took in usual.items()},
        was=found.waits,
        was_by_hour={hour: one.ninety for hour, one in found.waits_by_hour.items()},
        unserved=found.endings.get("closed", 0),
    )


def _play(office: Office, begun: Playing, change: Change) -> Playing:
    left = dict(list(begun.people.items())[begun.done :])
    piece = next(pieces(left, MOST_PEOPLE, change))
    usual = {agenda: timedelta(seconds=took) for agenda, took in begun.usual.items()}
    days = work_days(office, reports.visits(office, Period(piece[0], piece[-1])), usual)
    return Playing(
        begun.people,
        begun.usual,
        begun.was,
        begun.was_by_hour,
        begun.unserved,
        begun.done + len(piece),
        begun.before.with_days(replay(office, days)),
        begun.after.with_days(replay(office, days, change)),
    )


def _key(office: Office, period: Period, change: Change) -> str:
    """Return a name of what is asked for: of the office as it is now, the month and the change."""
    tried = (sorted(change.closed), change.opens, change.closes, sorted(change.counters.items()))
    return sha256(f"{office!r} {period!r} {tried!r}".encode()).hexdigest()[:16]


def _kept(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """Return what is on its way, but what nobody went on with for a while."""
    kept: dict[str, Any] = request.session.get(_KEY, {})
    return {key: one for key, one in kept.items() if now.timestamp() - one["at"] <= _KEPT_FOR.total_seconds()}


def _json(playing: Playing) -> dict[str, Any]:
    was = playing.was
    return {
        "people": [[day.isoformat(), count] for day, count in playing.people.items()],
        "usual": list(playing.usual.items()),
        "was": was and [was.count, was.total, was.median, was.ninety, was.longest],
        "hours": list(playing.was_by_hour.items()),
        "unserved": playing.unserved,
        "done": playing.done,
        "before": playing.before.kept(),
        "after": playing.after.kept(),
    }


def _of_json(kept: dict[str, Any]) -> Playing:
    return Playing(
        {date.fromisoformat(day): count for day, count in kept["people"]},
        dict(kept["usual"]),
        Spread(*kept["was"]) if kept["was"] else None,
        dict(kept["hours"]),
        kept["unserved"],
        kept["done"],
        Course.of_kept(kept["before"]),
        Course.of_kept(kept["after"]),
    )
