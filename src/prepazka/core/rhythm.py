"""Whether a gateway that hears nothing is silent for longer than its usual rhythm explains.

Nights, weekends and small offices are quiet without anything being wrong. So a silence is compared with the same hours
of the weeks before it: only hours in which messages always came make it suspicious.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

WEEKS = 4
"""So many weeks before the silence are looked at."""
USUAL = 16
"""So many messages in the same hours of all these weeks but one are usual: by chance, all of them stay away less than
once in years."""

_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole hours in one of the weeks before (1 is the week just before the silence)."""

    week: int
    since: datetime
    until: datetime


# docs/spec/health.md §3: "Public holidays are left out"
def hours_before(last: datetime, now: datetime, zone: tzinfo, is_holiday: Callable[[date], bool]) -> list[Stretch]:
    """Return the hours to compare a silence with, none while it is shorter than an hour.

    last: when the last message was heard; of a longer silence, the first week counts.
    """
    hour = last.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR
    end = min(now, last + _WEEK)
    silent = list[datetime]()
    while hour + _HOUR <= end:
        if not is_holiday(hour.astimezone(zone).date()):
            silent.append(hour)
        hour += _HOUR
    return [
        Stretch(week, _weeks_before(since, week, zone), _weeks_before(until, week, zone))
        for since, until in _joined(silent)
        for week in range(1, WEEKS + 1)
    ]


def is_unusual(heard: Sequence[int]) -> bool:
    """Whether a silence is unusual, by what was heard in the same hours of each of the weeks before.

    One week may have been quiet: a holiday of the office, or an earlier fault.
    """
    return len(heard) == WEEKS and sorted(heard)[1] >= USUAL


def _weeks_before(moment: datetime, weeks: int, zone: tzinfo) -> datetime:
    """Return the moment so many weeks ago at which the clock showed the same: people keep to it when it changes."""
    return (moment.astimezone(zone) - weeks * _WEEK).astimezone(UTC)


def _joined(hours: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    joined = list[tuple[datetime, datetime]]()
    for hour in hours:
        if joined and joined[-1][1] == hour:
            joined[-1] = (joined[-1][0], hour + _HOUR)
        else:
            joined.append((hour, hour + _HOUR))
    return joined
