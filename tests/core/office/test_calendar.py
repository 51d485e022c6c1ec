from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from prepazka.core.minutes import minute
from prepazka.core.office import calendar
from prepazka.core.office.calendar import next_open, starts
from prepazka.core.office.office import Agenda, Closure, ExtraDay, Hours, Office, WeeklyRule
from prepazka.core.office.plan import Closed, DayPlan
from tests.offices import DOKLADY, EVIDENCE, PRAGUE, demo_office

MONDAY, SATURDAY = date(2026, 8, 3), date(2026, 8, 8)


def office(*rules: WeeklyRule, extra: tuple[ExtraDay, ...] = (), closures: tuple[Closure, ...] = ()) -> Office:
    return replace(demo_office(), agendas=(Agenda(DOKLADY, "doklady", "Doklady", rules, extra),), closures=closures)


def plan(of: Office, day: date = MONDAY) -> DayPlan:
    return starts(of, of.agendas[0], day)


def _time(text: str) -> time:
    hour, minutes = text.split(":")
    return time(int(hour), int(minutes))


def monday(opens: str, closes: str, *breaks: tuple[str, str], step: int = 30, lanes: int = 1) -> WeeklyRule:
    pauses = tuple((_time(since), _time(until)) for since, until in breaks)
    return WeeklyRule(0, Hours(_time(opens), _time(closes), step, lanes, pauses))


def closed_part(since: str | None, until: str | None, agenda: int | None = None) -> Closure:
    return Closure(
        MONDAY,
        MONDAY,
        "školení",
        agenda,
        _time(since) if since else None,
        _time(until) if until else None,
    )


def offered(of: Office, day: date = MONDAY) -> str:
    return " ".join(f"{at:%-H:%M}" for at in plan(of, day).places)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        pytest.param(office(monday("8:00", "10:00")), "8:00 8:30 9:00 9:30", id="every step until closing"),
        pytest.param(office(monday("8:10", "9:30", step=25)), "8:10 8:35 9:00 9:25", id="the grid begins at opening"),
        pytest.param(
            office(monday("8:00", "10:30", ("8:45", "9:10"))), "8:00 8:30 9:10 9:40 10:10", id="and anew after a break"
        ),
        pytest.param(
            office(monday("8:00", "9:00"), monday("13:00", "14:00", step=20, lanes=3)),
            "8:00 8:30 13:00 13:20 13:40",
            id="morning and afternoon are two rules",
        ),
        pytest.param(
            office(monday("13:00", "14:00"), monday("8:00", "9:00")), "8:00 8:30 13:00 13:30", id="in whatever order"
        ),
        pytest.param(
            office(monday("8:00", "9:00"), monday("8:30", "10:00")),
            "8:00 8:30 9:00 9:30",
            id="where rules overlap no start is offered twice",
        ),
        pytest.param(
            office(monday("8:00", "10:30"), closures=(closed_part("8:45", "9:10"),)),
            "8:00 8:30 9:30 10:00",
            id="a closure takes starts and leaves the grid",
        ),
        pytest.param(
            office(monday("8:00", "10:00"), closures=(closed_part(None, "9:00"),)), "9:00 9:30", id="closed until"
        ),
        pytest.param(
            office(monday("8:00", "10:00"), closures=(closed_part("9:00", None),)), "8:00 8:30", id="closed since"
        ),
        pytest.param(
            office(monday("8:00", "10:00"), closures=(closed_part("8:30", "9:30", DOKLADY),)),
            "8:00 9:30",
            id="this agenda closed",
        ),
        pytest.param(
            office(monday("8:00", "10:00"), closures=(closed_part("8:30", "9:30", EVIDENCE),)),
            "8:00 8:30 9:00 9:30",
            id="another agenda closed",
        ),
        pytest.param(office(monday("8:00", "10:00", lanes=0)), "", id="no bookable place, no start"),
    ],
)
def test_the_starts_of_a_day(of: Office, expected: str) -> None:
    assert offered(of) == expected


def test_stretches_tell_hours_and_places() -> None:
    of = office(monday("8:00", "9:00", lanes=2), monday("13:00", "14:00", ("13:20", "13:40"), lanes=3))
    hours = plan(of).hours
    assert hours == (
        (time(8), time(9)),
        (time(13), time(13, 20)),
        (time(13, 40), time(14)),
    )
    assert [stretch.lanes for stretch in plan(of).stretches] == [2, 3, 3]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2026, 8, 3), "8:00", id="before"),
        pytest.param(date(2026, 8, 10), "10:00", id="from its first day"),
        pytest.param(date(2026, 8, 24), "10:00", id="to its last day"),
        pytest.param(date(2026, 8, 31), "9:00", id="and after"),
    ],
)
def test_a_weekly_rule_is_valid_between_its_dates(day: date, hours: str) -> None:
    first, last = date(2026, 8, 10), date(2026, 8, 24)
    of = office(
        replace(monday("8:00", "8:30"), valid_to=first - timedelta(days=1)),
        replace(monday("10:00", "10:30"), valid_from=first, valid_to=last),
        replace(monday("9:00", "9:30"), valid_from=last + timedelta(days=1)),
    )
    assert offered(of, day) == hours


HOURS = Hours(time(9), time(10), 30, 1)
HOLIDAY = date(2026, 9, 28)  # a Monday


@pytest.mark.parametrize(
    ("of", "day", "why"),
    [
        pytest.param(demo_office(), SATURDAY, Closed("weekend"), id="weekend"),
        pytest.param(demo_office(), HOLIDAY, Closed("holiday", "Den české státnosti"), id="holiday"),
        pytest.param(office(monday("8:00", "9:00")), date(2026, 8, 4), Closed("no_hours"), id="weekday without rules"),
        pytest.param(
            office(monday("8:00", "9:00"), closures=(Closure(MONDAY, SATURDAY, "stěhování"),)),
            MONDAY,
            Closed("closure", "stěhování"),
            id="closure, its first day",
        ),
        pytest.param(
            office(closures=(Closure(MONDAY, SATURDAY, "stěhování"),)),
            SATURDAY,
            Closed("closure", "stěhování"),
            id="a closure wins over the weekend",
        ),
        pytest.param(
            office(monday("8:00", "9:00"), closures=(Closure(HOLIDAY, HOLIDAY, "stěhování"),)),
            HOLIDAY,
            Closed("closure", "stěhování"),
            id="and before the holiday",
        ),
        pytest.param(
            office(extra=(ExtraDay(MONDAY, HOURS),), closures=(Closure(MONDAY, MONDAY, "stěhování"),)),
            MONDAY,
            Closed("closure", "stěhování"),
            id="and wins over an extra day",
        ),
        pytest.param(
            office(monday("8:00", "9:00"), closures=(closed_part("7:00", "9:00"),)),
            MONDAY,
            Closed("closure", "školení"),
            id="closed in part, but the part is all",
        ),
        pytest.param(
            office(monday("8:00", "9:00"), closures=(Closure(MONDAY, MONDAY, "stěhování", DOKLADY),)),
            MONDAY,
            Closed("closure", "stěhování"),
            id="this agenda closed",
        ),
    ],
)
def test_why_a_day_offers_nothing(of: Office, day: date, why: Closed) -> None:
    assert plan(of, day) == DayPlan(day, closed=why)


@pytest.mark.parametrize(
    "day",
    [pytest.param(MONDAY, id="weekday"), pytest.param(SATURDAY, id="weekend"), pytest.param(HOLIDAY, id="holiday")],
)
def test_an_extra_day_replaces_the_hours_of_its_date(day: date) -> None:
    of = office(monday("13:00", "15:00"), extra=(ExtraDay(day, HOURS),))
    assert offered(of, day) == "9:00 9:30"


def test_an_office_may_keep_no_holidays() -> None:
    of = replace(office(monday("8:00", "8:30")), holidays=None)
    assert offered(of, HOLIDAY) == "8:00"


@pytest.mark.parametrize(
    "days",
    [
        pytest.param("1.1. 3.4. 6.4. 1.5. 8.5. 5.7. 6.7. 28.9. 28.10. 17.11. 24.12. 25.12. 26.12.", id="2026"),
        pytest.param("1.1. 26.3. 29.3. 1.5. 8.5. 5.7. 6.7. 28.9. 28.10. 17.11. 24.12. 25.12. 26.12.", id="2027"),
    ],
)
def test_the_thirteen_czech_holidays_close_the_office(request: pytest.FixtureRequest, days: str) -> None:
    year = int(request.node.callspec.id)
    hours = Hours(time(8), time(9), 30, 1)
    of = office(*(WeeklyRule(weekday, hours) for weekday in range(7)))
    whole_year = (date(year, 1, 1) + timedelta(days=ahead) for ahead in range(365))
    closed = [day for day in whole_year if plan(of, day).closed]
    assert " ".join(f"{day.day}.{day.month}." for day in closed) == days


@pytest.mark.parametrize(
    ("day", "utc_times"),
    [
        pytest.param(date(2026, 3, 28), "00:30 01:00 01:30 02:00 02:30", id="any night, an hour from UTC"),
        pytest.param(date(2026, 3, 29), "00:30 01:00 01:30", id="spring: 2:00 and 2:30 are skipped"),
        pytest.param(
            date(2026, 10, 25), "23:30 00:00 00:30 02:00 02:30", id="autumn: the second 2:00 and 2:30 are not"
        ),
    ],
)
def test_an_office_open_at_night_when_the_clocks_change(day: date, utc_times: str) -> None:
    night = Hours(time(1, 30), time(4), 30, 1)
    places = plan(office(*(WeeklyRule(weekday, night) for weekday in range(7))), day).places.values()
    utc = [datetime.fromtimestamp(place.start.minute * 60, UTC) for place in places]
    assert " ".join(f"{moment:%H:%M}" for moment in utc) == utc_times


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        pytest.param((time(1), time(2, 30)), 60, id="closing while skipped closes at the jump"),
        pytest.param((time(2, 30), time(4)), 60, id="opening while skipped opens at the jump"),
        pytest.param((time(1), time(4)), 120, id="a stretch across the jump is an hour shorter"),
    ],
)
def test_stretches_in_the_spring_night_have_their_true_length(hours: tuple[time, time], minutes: int) -> None:
    of = office(WeeklyRule(6, Hours(*hours, 10, 1)))
    [stretch] = plan(of, date(2026, 3, 29)).stretches
    assert stretch.closes - stretch.opens == minutes


def test_hours_that_are_skipped_whole_are_no_hours() -> None:
    of = office(WeeklyRule(6, Hours(time(2), time(3), 30, 1)))
    assert plan(of, date(2026, 3, 29)).closed == Closed("no_hours")


@pytest.mark.parametrize(
    ("after", "last", "found"),
    [
        pytest.param(date(2026, 8, 7), date(2026, 9, 1), date(2026, 8, 10), id="over a weekend"),
        pytest.param(date(2026, 8, 7), date(2026, 8, 10), date(2026, 8, 10), id="up to the last day"),
        pytest.param(date(2026, 8, 7), date(2026, 8, 9), None, id="not beyond it"),
        pytest.param(date(2026, 12, 23), date(2027, 1, 31), date(2026, 12, 28), id="over Christmas"),
    ],
)
def test_the_next_open_day(after: date, last: date, found: date | None) -> None:
    of = demo_office()
    assert next_open(of, of.agendas[0], after, last) == found


def test_the_demo_office_offers_what_its_page_says() -> None:
    of = demo_office()
    hours = {day: plan(of, MONDAY + timedelta(days=day)).hours for day in range(5)}
    long = ((time(8), time(11, 30)), (time(12, 30), time(17)))
    short = ((time(8), time(15)),)
    assert hours == {0: long, 1: short, 2: long, 3: short, 4: ((time(8), time(14, 30)),)}


def test_a_plan_is_made_once_and_not_all_are_kept_for_ever() -> None:
    of = demo_office()
    assert plan(of) is plan(of)
    for ahead in range(2_000):
        plan(of, MONDAY + timedelta(days=ahead))
    assert len(calendar._plans_of(of)) <= 1_000


def test_plans_are_forgotten_with_their_office() -> None:
    of = demo_office()
    plan(of)
    kept = len(calendar._PLANS)
    del of
    assert len(calendar._PLANS) == kept - 1


def test_a_start_is_the_minute_its_wall_time_says() -> None:
    start = plan(demo_office()).places[time(14)].start
    assert start.minute == minute(datetime(2026, 8, 3, 14, tzinfo=PRAGUE))
