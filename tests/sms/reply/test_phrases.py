import re
from datetime import date, time

import pytest
from hypothesis import given

from prepazka.sms.reply.phrases import runs
from prepazka.sms.reply.render import templates_of
from tests.sms.reply.outcomes import DAY_OF_STARTS, OFFICE

CZECH = templates_of(OFFICE, "cs").phrases


def every(step: int, first: str, last: str) -> tuple[time, ...]:
    """Starts from first to last, both included."""
    begin, end = (minutes(at) for at in (first, last))
    return tuple(time(*divmod(minute, 60)) for minute in range(begin, end + 1, step))


def minutes(at: str) -> int:
    hour, minute = map(int, at.split(":"))
    return hour * 60 + minute


def told(starts: str) -> tuple[time, ...]:
    """The starts a reply tells, uncompressed."""
    found: list[time] = []
    for item in starts.split(", "):
        run = re.fullmatch(r"(\d+:\d\d)-(\d+:\d\d) po (\d+) min", item)
        found.extend(every(int(run[3]), run[1], run[2]) if run else every(1, item, item))
    return tuple(found)


@pytest.mark.parametrize(
    ("starts", "text"),
    [
        pytest.param((*every(15, "8:00", "11:30"), time(13, 15)), "8:00-11:30 po 15 min, 13:15", id="of-the-spec"),
        pytest.param((time(8),), "8:00", id="one"),
        pytest.param(every(15, "8:00", "8:30"), "8:00, 8:15, 8:30", id="three-are-shorter-one-by-one"),
        pytest.param(every(15, "8:00", "8:45"), "8:00-8:45 po 15 min", id="four-make-a-run"),
        pytest.param(
            (*every(15, "8:00", "9:00"), *every(15, "13:00", "14:00")),
            "8:00-9:00 po 15 min, 13:00-14:00 po 15 min",
            id="lunch-between",
        ),
        pytest.param(
            (time(8), *every(10, "9:00", "9:30")), "8:00, 9:00-9:30 po 10 min", id="a-single-start-before-a-run"
        ),
    ],
)
def test_starts_are_compressed(starts: tuple[time, ...], text: str) -> None:
    assert CZECH.starts(list(runs(starts))) == text


@given(DAY_OF_STARTS)
def test_compressed_starts_give_all_starts_back(starts: tuple[time, ...]) -> None:
    assert told(CZECH.starts(list(runs(starts)))) == starts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("cs", "pon 10.8.", id="czech"),
        pytest.param("en", "Mon 10 Aug", id="english"),
        pytest.param("sk", "pon 10.8.", id="slovak"),
        pytest.param("uk", "пн 10.8.", id="ukrainian"),
    ],
)
def test_a_day_has_its_weekday(language: str, text: str) -> None:
    assert templates_of(OFFICE, language).phrases.day(date(2026, 8, 10)) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        pytest.param(15, "15 min", id="minutes"),
        pytest.param(90, "90 min", id="no-whole-hours"),
        pytest.param(120, "2 hod", id="whole-hours"),
        pytest.param(0, "0 min", id="none"),
    ],
)
def test_a_duration_has_its_unit(minutes: int, text: str) -> None:
    assert CZECH.duration(minutes) == text
