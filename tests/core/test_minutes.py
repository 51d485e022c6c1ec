from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.minutes import instant, local, midnight, minute, on_wall, reached
from tests.offices import PRAGUE

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        pytest.param(datetime(2026, 8, 3, 12, 0, tzinfo=UTC), datetime(2026, 8, 3, 12, 0, tzinfo=UTC), id="whole"),
        pytest.param(datetime(2026, 8, 3, 12, 0, 1, tzinfo=UTC), datetime(2026, 8, 3, 12, 1, tzinfo=UTC), id="begun"),
        pytest.param(
            datetime(1969, 12, 31, 23, 59, 30, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), id="before 1970"
        ),
    ],
)
def test_a_minute_is_the_first_not_before_the_moment(moment: datetime, found: datetime) -> None:
    assert instant(minute(moment)) == found


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        pytest.param(SPRING, time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC), id="before the spring change"),
        pytest.param(SPRING, time(2, 30), None, id="skipped in spring"),
        pytest.param(SPRING, time(3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC), id="after the spring change"),
        pytest.param(AUTUMN, time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="the first of two in autumn"),
        pytest.param(AUTUMN, time(3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC), id="after the autumn change"),
    ],
)
def test_wall_time_at_clock_changes(day: date, at: time, utc: datetime | None) -> None:
    assert on_wall(day, at, PRAGUE) == (None if utc is None else minute(utc))


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CHANGES = st.builds(date, st.integers(2000, 2060), st.sampled_from([3, 4, 9, 10, 11]), st.integers(1, 30))


@given(st.one_of(DAYS, CHANGES), st.times(), st.sampled_from(sorted(available_timezones())))
def test_a_time_is_looked_up_where_clocks_change_and_reckoned_elsewhere(day: date, at: time, name: str) -> None:
    zone = ZoneInfo(name)
    for one in (at, at.replace(second=0, microsecond=0)):
        found = minute(datetime.combine(day, one, tzinfo=zone).astimezone(UTC))
        shown = local(found, zone).replace(tzinfo=None) == datetime.combine(day, one)
        assert on_wall(day, one, zone) == (found if shown else None)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        pytest.param(time(1, 59), time(1, 59), id="shown itself"),
        pytest.param(time(2, 0), time(3, 0), id="the jump"),
        pytest.param(time(2, 59), time(3, 0), id="skipped"),
    ],
)
def test_a_skipped_time_is_reached_when_the_clocks_jump(at: time, shown: time) -> None:
    assert local(reached(SPRING, at, PRAGUE), PRAGUE).time() == shown


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 8, 3), 24)])
def test_a_day_lasts_from_midnight_to_midnight(day: date, hours: int) -> None:
    assert midnight(day.replace(day=day.day + 1), PRAGUE) - midnight(day, PRAGUE) == hours * 60
