"""Minutes: how the core counts time, and the way to and from an office's local clock.

A `Minute` is a whole number of minutes since 1970-01-01 00:00 UTC. It is exact across both clock
changes, costs nothing to compare and hash, and is the same on every database.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NewType
from zoneinfo import ZoneInfo

Minute = NewType("Minute", int)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)

# Moments are believed from the first of these years until before the second.
YEARS = (2000, 2100)


def minute(moment: datetime) -> Minute:
    """The first whole minute not before an aware moment: 14:00:00 is 14:00, 14:00:01 is already 14:01."""
    return Minute(-((_EPOCH - moment) // _MINUTE))


def begun(moment: datetime) -> Minute:
    """The minute an aware moment is in, as a clock shows it: 14:00:59 is 14:00."""
    return Minute((moment - _EPOCH) // _MINUTE)


def instant(at: Minute) -> datetime:
    """The aware UTC datetime of a minute."""
    return _EPOCH + at * _MINUTE


def local(at: Minute, zone: ZoneInfo) -> datetime:
    """The office's wall clock at a minute."""
    return instant(at).astimezone(zone)


@lru_cache(maxsize=256)  # the messages of a batch have few moments, and each asks three times
def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The date on the office's wall clock at an aware moment."""
    return moment.astimezone(zone).date()


@lru_cache(maxsize=4096)
def _first_minute(day: date, zone: ZoneInfo) -> Minute | None:
    """The minute of midnight of a day on which the clocks are not changed, as nearly every day; else None."""
    hours = [datetime.combine(day, at, tzinfo=zone) for at in (*map(time, range(24)), time(23, 59))]
    offsets = {hour.replace(fold=fold).utcoffset() or timedelta() for hour in hours for fold in (0, 1)}
    whole = len(offsets) == 1 and not any(offset % _MINUTE for offset in offsets)
    return minute(hours[0].astimezone(UTC)) if whole else None


def on_wall(day: date, at: time, zone: ZoneInfo) -> Minute | None:
    """The minute at which the office's wall clock shows `at` on `day`; None if the clocks skip it that night.

    A time shown twice (the autumn change) is the first of the two.
    """
    first = _first_minute(day, zone)
    if first is not None and not at.second and not at.microsecond:
        return Minute(first + at.hour * 60 + at.minute)
    moment = datetime.combine(day, at, tzinfo=zone)
    found = minute(moment.astimezone(UTC))
    return found if local(found, zone).replace(tzinfo=None) == datetime.combine(day, at) else None


def reached(day: date, at: time, zone: ZoneInfo) -> Minute:
    """The minute at which the wall clock of `day` first shows `at` or later: when the clocks jump, if they skip it."""
    found = on_wall(day, at, zone)
    if found is not None:
        return found
    wall = datetime.combine(day, at)
    before_jump = minute(wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
    while local(before_jump, zone).replace(tzinfo=None) < wall:
        before_jump = Minute(before_jump + 1)
    return before_jump


@lru_cache(maxsize=4096)
def midnight(day: date, zone: ZoneInfo) -> Minute:
    """The first minute of a day on the office's wall clock."""
    return reached(day, time(), zone)


def believable(moment: datetime) -> bool:
    """Whether a network's clock can have said this; not every database and zone can hold what lies far outside."""
    return YEARS[0] <= moment.year < YEARS[1]
