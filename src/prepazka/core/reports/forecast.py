"""The forecast of coming days: from the same weekdays a year ago, how this year differs, and the calendar.

The range comes from the past too: the same rule is applied to the last weeks, and how far it was off there says how far
it will be off.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Literal

YEAR = timedelta(weeks=52)
"""A year of whole weeks: the same weekday."""

LATELY = 8
"""How many past weeks show how this year differs from the last."""

_NEAR = (-2, -1, 0, 1, 2)  # weeks around the same week of the last year
_ENOUGH_DAYS = 3  # similar days, for a forecast by them
_ENOUGH_PAIRS = 10  # days of both years, for how they differ
_LEAST_TREND, _MOST_TREND = 0.5, 2.0
_FAIR, _ROUGH = 0.5, 1.0  # the width of a range, as a share of the forecast itself

Basis = Literal["last_year", "lately"]
Certainty = Literal["good", "fair", "rough"]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an agenda. came: how many people came on each day; a day that is missing had none.

    since: the first day anything is known of; is_open: whether the agenda was, or will be, open on a day.
    """

    came: Mapping[date, int]
    since: date
    is_open: Callable[[date], bool]

    def count(self, day: date) -> int | None:
        """Return how many came on a day the agenda was open; None for a closed or an unknown one."""
        return self.came.get(day, 0) if day >= self.since and self.is_open(day) else None


@dataclass(frozen=True, slots=True)
class Expected:
    """How many people are expected on a day: probably, and between what figures in eight of ten cases."""

    day: date
    people: int
    low: int
    high: int
    basis: Basis

    @property
    def certainty(self) -> Certainty:
        """How wide the range is beside the forecast."""
        width = (self.high - self.low) / max(self.people, 1)
        return "good" if width <= _FAIR else "fair" if width <= _ROUGH else "rough"


# docs/spec/reports.md §4: "A closed day has no forecast, and neither has one like which fewer than 3 days are known"
def forecast(past: Past, today: date, days: Sequence[date]) -> Iterator[Expected]:
    """Yield the forecast of those days that are open and can be told. today: nothing of it, or after it, is known."""
    trend = _trend(past, today)
    off = {basis: _how_far_off(past, today, trend, basis) for basis in _BASES}
    for day in days:
        if not past.is_open(day):
            continue
        for basis in _BASES:
            similar = _SIMILAR[basis](past, day, today)
            if len(similar) >= _ENOUGH_DAYS:
                yield _expected(day, similar, trend if basis == "last_year" else 1.0, off[basis], basis)
                break


_BASES: tuple[Basis, ...] = ("last_year", "lately")


# docs/spec/reports.md §4: "the same weekday of five weeks around it a year ago"
def _a_year_ago(past: Past, day: date, today: date) -> list[int]:
    weeks = (day - YEAR + timedelta(weeks=week) for week in _NEAR)
    return [count for near in weeks if near < today and (count := past.count(near)) is not None]


# docs/spec/reports.md §4: "Where last year is not known, the same weekday of the last 8 weeks"
def _lately(past: Past, day: date, today: date) -> list[int]:
    weekdays = (today - timedelta(days=back) for back in range(1, 7 * LATELY + 1))
    return [count for near in weekdays if near.weekday() == day.weekday() and (count := past.count(near)) is not None]


_SIMILAR: Mapping[Basis, Callable[[Past, date, date], list[int]]] = {"last_year": _a_year_ago, "lately": _lately}


# docs/spec/reports.md §4: "the people of the last 8 weeks, divided by those of the same days a year ago"
def _trend(past: Past, today: date) -> float:
    pairs = [
        (now, then)
        for day in _last_days(today)
        if (now := past.count(day)) is not None and (then := past.count(day - YEAR)) is not None
    ]
    before = sum(then for _, then in pairs)
    if len(pairs) < _ENOUGH_PAIRS or not before:
        return 1.0
    return min(max(sum(now for now, _ in pairs) / before, _LEAST_TREND), _MOST_TREND)


def _last_days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(1, 7 * LATELY + 1)]


def _how_far_off(past: Past, today: date, trend: float, basis: Basis) -> tuple[float, float] | None:
    """Return between what parts of its forecast eight of ten of the last days were; None where too few are known."""
    parts = []
    for day in _last_days(today):
        came = past.count(day)
        similar = _a_year_ago(past, day, today) if basis == "last_year" else _others(past, day, today)
        usual = median(similar) * (trend if basis == "last_year" else 1.0) if len(similar) >= _ENOUGH_DAYS else 0
        if came is not None and usual:
            parts.append(came / usual)
    if len(parts) < _ENOUGH_PAIRS:
        return None
    parts.sort()
    return parts[len(parts) // 10], parts[-1 - len(parts) // 10]


def _others(past: Past, day: date, today: date) -> list[int]:
    """Return how many came on the other days of this weekday lately."""
    return [
        count
        for near in _last_days(today)
        if near != day and near.weekday() == day.weekday() and (count := past.count(near)) is not None
    ]


def _expected(
    day: date, similar: Sequence[int], trend: float, off: tuple[float, float] | None, basis: Basis
) -> Expected:
    usual = median(similar) * trend
    low, high = (usual * off[0], usual * off[1]) if off else (min(similar) * trend, max(similar) * trend)
    people = round(usual)
    return Expected(day, people, min(int(low), people), max(-int(-high // 1), people), basis)


# docs/spec/reports.md §4: "as many SMS for each person as in the last 4 weeks"
def expected_parts(parts: int, people: int, expected: int) -> int | None:
    """Return in how many SMS coming messages will go. parts, people: of the last weeks; None where nobody came then."""
    return round(parts / people * expected) if people else None
