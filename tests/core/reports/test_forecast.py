"""The forecast on years that were made by a known rule, and on those of which little is known."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from statistics import fmean

import pytest

from prepazka.core.office import holidays
from prepazka.core.reports.forecast import Expected, Past, expected_parts, forecast

TODAY = date(2026, 9, 14)
COMING = [TODAY + timedelta(days=ahead) for ahead in range(1, 29)]
WEEKDAYS = (90, 40, 80, 45, 20)
"""How many people come from Monday to Friday."""


def is_open(day: date) -> bool:
    return day.weekday() < 5 and holidays.name("CZ", day) is None


def usual(day: date) -> float:
    """The known truth: weekdays differ, the summer is busier, and this year a quarter more people come."""
    season = 1.0 + 0.3 * max(0, 1 - abs(day.timetuple().tm_yday - 190) / 120)
    return WEEKDAYS[day.weekday()] * season * (1.25 if day.year == 2026 else 1.0)


def past(count: Callable[[date], int], since: date = date(2025, 1, 1), until: date = TODAY) -> Past:
    days = [since + timedelta(days=ahead) for ahead in range((until - since).days)]
    return Past({day: count(day) for day in days if is_open(day)}, since, is_open)


def told(past: Past, today: date = TODAY, days: Sequence[date] = COMING) -> list[Expected]:
    return list(forecast(past, today, days))


def test_a_year_that_only_grew_is_told_exactly() -> None:
    found = told(past(lambda day: WEEKDAYS[day.weekday()] * (5 if day.year == 2026 else 4)))
    assert [(one.day, one.people) for one in found] == [
        (day, WEEKDAYS[day.weekday()] * 5) for day in COMING if is_open(day)
    ]
    assert all(
        (one.low, one.high, one.basis, one.certainty) == (one.people, one.people, "last_year", "good") for one in found
    )


def noisy(seed: int) -> Callable[[date], int]:
    rng = Random(seed)
    return lambda day: max(0, round(rng.gauss(usual(day), usual(day) ** 0.5)))


def test_on_made_up_years_eight_of_ten_days_are_within_the_range_and_it_beats_last_week() -> None:
    inside, errors, naive = [], [], []
    for seed in range(20):
        count = noisy(seed)
        known = past(count, until=TODAY + timedelta(days=29))
        before = Past({day: came for day, came in known.came.items() if day < TODAY}, known.since, is_open)
        for one in told(before):
            truth, last_week = known.came[one.day], before.count(one.day - timedelta(weeks=4))
            inside.append(one.low <= truth <= one.high)
            errors.append(abs(one.people - truth) / truth)
            if last_week is not None:
                naive.append(abs(last_week - truth) / truth)
    assert len(inside) > 350
    assert 0.7 <= fmean(inside) <= 0.95
    assert fmean(errors) < 0.15
    assert fmean(errors) < 0.9 * fmean(naive)


def test_a_holiday_has_no_forecast_and_that_of_last_year_spoils_none() -> None:
    """Monday, 28 September is a holiday; last year it was a Sunday. On 17 November last year was a Monday."""
    found = {one.day for one in told(past(lambda _: 10))}
    assert date(2026, 9, 28) not in found
    november = date(2026, 11, 16)
    [one] = told(past(lambda _: 10, until=november), november, [november])
    assert one.people == 10


def test_without_last_year_the_last_weeks_tell() -> None:
    found = told(past(lambda day: WEEKDAYS[day.weekday()], since=TODAY - timedelta(weeks=5)))
    assert {(one.day.weekday(), one.people, one.basis) for one in found} == {
        (weekday, people, "lately") for weekday, people in enumerate(WEEKDAYS)
    }


@pytest.mark.parametrize("weeks", [0, 1, 2])
def test_of_what_nobody_knows_nothing_is_told(weeks: int) -> None:
    assert told(past(lambda _: 10, since=TODAY - timedelta(weeks=weeks))) == []


def test_an_office_that_nobody_came_to_expects_nobody() -> None:
    assert {(one.people, one.low, one.high) for one in told(past(lambda _: 0))} == {(0, 0, 0)}


def test_what_is_still_to_come_is_not_looked_at() -> None:
    ordinary = past(lambda _: 10)
    seen = Past({**ordinary.came, **dict.fromkeys(COMING, 1000), TODAY: 1000}, ordinary.since, is_open)
    assert told(seen) == told(ordinary)


def test_one_mad_year_is_not_believed_beyond_twice() -> None:
    found = told(past(lambda day: 100 if day.year == 2026 else 10))
    assert {one.people for one in found} == {20}


@pytest.mark.parametrize(
    ("low", "high", "certainty"), [(8, 12, "good"), (6, 14, "fair"), (2, 18, "rough"), (10, 10, "good")]
)
def test_a_wide_range_is_a_rough_forecast(low: int, high: int, certainty: str) -> None:
    assert Expected(TODAY, 10, low, high, "last_year").certainty == certainty


def test_messages_follow_the_people() -> None:
    assert expected_parts(300, 100, 150) == 450
    assert expected_parts(300, 0, 150) is None
