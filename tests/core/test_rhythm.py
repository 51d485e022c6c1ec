"""A gateway that hears nothing is suspected at the hours at which messages always came, and never on quiet ones."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from prepazka.core.office import holidays
from prepazka.core.rhythm import WEEKS, hours_before, is_unusual

PRAGUE = ZoneInfo("Europe/Prague")
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 8, 3, 10, 20, tzinfo=UTC)


def no_holiday(_: date) -> bool:
    return False


def czech(day: date) -> bool:
    return holidays.name("CZ", day) is not None


TUESDAY, FRIDAY_EVENING = datetime(2026, 9, 15, 8, tzinfo=UTC), datetime(2026, 9, 18, 18, tzinfo=UTC)


def is_silent(heard: "Counter[datetime]", last: datetime, now: datetime) -> bool:
    weeks: Counter[int] = Counter()
    for stretch in hours_before(last, now, PRAGUE, czech):
        hour = stretch.since
        while hour < stretch.until:
            weeks[stretch.week] += heard[hour]
            hour += HOUR
    return is_unusual([weeks[week] for week in range(1, WEEKS + 1)])


def test_the_same_whole_hours_of_four_weeks_are_compared() -> None:
    found = hours_before(MONDAY, MONDAY + timedelta(hours=3), PRAGUE, no_holiday)
    first, after = MONDAY.replace(hour=11, minute=0), MONDAY.replace(hour=13, minute=0)
    assert [(one.week, one.since, one.until) for one in found] == [
        (week, first - timedelta(weeks=week), after - timedelta(weeks=week)) for week in (1, 2, 3, 4)
    ]


def test_holidays_are_left_out() -> None:
    eve = datetime(2026, 9, 27, 15, tzinfo=UTC)  # 28 September is a holiday: Prague's, from 22:00 UTC on
    found = hours_before(eve, eve + timedelta(hours=40), PRAGUE, czech)
    assert {(one.since + timedelta(weeks=one.week), one.until + timedelta(weeks=one.week)) for one in found} == {
        (datetime(2026, 9, 27, 16, tzinfo=UTC), datetime(2026, 9, 27, 22, tzinfo=UTC)),
        (datetime(2026, 9, 28, 22, tzinfo=UTC), datetime(2026, 9, 29, 7, tzinfo=UTC)),
    }


def test_people_keep_to_the_clock_when_it_is_changed() -> None:
    monday = datetime(2026, 10, 26, 8, tzinfo=UTC)  # 9:00 in winter; the Monday before had summer time
    found = hours_before(monday, monday + 2 * HOUR, PRAGUE, no_holiday)
    assert {one.since.astimezone(PRAGUE).hour for one in found} == {10}


@pytest.mark.parametrize("minutes", [-120, 0, 39, 99])
def test_less_than_an_hour_is_no_silence(minutes: int) -> None:
    assert hours_before(MONDAY, MONDAY + timedelta(minutes=minutes), PRAGUE, no_holiday) == []


def test_a_silence_of_months_is_told_by_its_first_week() -> None:
    found = hours_before(MONDAY, MONDAY + timedelta(days=100), PRAGUE, no_holiday)
    assert len(found) == WEEKS
    assert max(one.until for one in found) <= MONDAY, "what came before the silence, not the silence itself"


@pytest.mark.parametrize(
    ("weeks", "unusual"),
    [
        pytest.param([16, 17, 30, 16], True, id="always"),
        pytest.param([0, 17, 30, 16], True, id="one week was a holiday"),
        pytest.param([0, 17, 30, 0], False, id="two were quiet"),
        pytest.param([15, 15, 90, 90], False, id="a few"),
        pytest.param([20, 20, 20], False, id="not known for long enough"),
    ],
)
def test_one_quiet_week_is_forgiven(weeks: list[int], unusual: bool) -> None:
    assert is_unusual(weeks) == unusual


# How many messages come in an hour of a weekday, and of a weekend's day: a small office, and a large one.
OFFICES = {"small": (2.5, 0.1), "large": (40.0, 1.5)}


def year_of(busy: float, quiet: float, seed: int) -> list[datetime]:
    """Return the moments of a year's messages: most of them at the hours of work, few at night."""
    random, day, found = Random(seed), date(2026, 1, 1), []
    while day < date(2027, 1, 1):
        for hour in range(24):
            rate = quiet if day.weekday() > 4 or czech(day) or not 7 <= hour < 18 else busy
            begin = datetime(day.year, day.month, day.day, hour, tzinfo=PRAGUE).astimezone(UTC)
            at = random.expovariate(rate)
            while at < 1:
                found.append(begin + at * HOUR)
                at += random.expovariate(rate)
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize("seed", [7, 8])
@pytest.mark.parametrize("name", OFFICES)
def test_a_year_without_faults_has_no_alarm(name: str, seed: int) -> None:
    moments = year_of(*OFFICES[name], seed)
    heard = Counter(at.replace(minute=0, second=0, microsecond=0) for at in moments)
    alarms = [
        last for last, following in pairwise(moments) if following - last > HOUR and is_silent(heard, last, following)
    ]
    assert alarms == []


@pytest.mark.parametrize(
    ("name", "fault", "known_after"),
    [
        pytest.param("small", TUESDAY, timedelta(hours=26), id="a small office, the next morning"),
        pytest.param("large", TUESDAY, timedelta(hours=2), id="a large one, in two hours"),
        pytest.param("large", FRIDAY_EVENING, timedelta(hours=62), id="on Monday, after a weekend"),
    ],
)
def test_a_gateway_that_falls_silent_is_told(name: str, fault: datetime, known_after: timedelta) -> None:
    moments = [at for at in year_of(*OFFICES[name], seed=11) if at < fault]
    heard = Counter(at.replace(minute=0, second=0, microsecond=0) for at in moments)
    assert is_silent(heard, moments[-1], fault + known_after)
