from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.booking.book import BookSoonest
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.misunderstandings import UnknownService
from prepazka.core.booking.outcomes import NoFreeSlot
from prepazka.core.minutes import minute
from tests.core.booking.contexts import (
    FRIDAY,
    MONDAY,
    NOW,
    OTHER,
    TUESDAY,
    ZOP,
    at,
    booking,
    filled,
    full,
    made,
    outcome,
    soonest,
    submission,
    with_settings,
)


@pytest.mark.parametrize(
    ("taken", "now", "notice", "found"),
    [
        pytest.param([], NOW, 0, at(8), id="today's first"),
        pytest.param([], at(8), 0, at(8), id="the start of this minute"),
        pytest.param([], at(8, 1), 0, at(8, 15), id="the next start"),
        pytest.param([], at(8), 31, at(8, 45), id="after the notice"),
        pytest.param([], at(17), 0, at(8, day=TUESDAY), id="tomorrow"),
        pytest.param(filled(MONDAY, time(8), time(8, 15)), NOW, 0, at(8, 30), id="over what is taken"),
        pytest.param([], at(15, day=FRIDAY), 0, at(8, day=date(2026, 8, 10)), id="over the weekend"),
    ],
)
def test_the_soonest_free_start(taken: list[Booking], now: datetime, notice: int, found: datetime) -> None:
    what = outcome(submission(soonest(), now=now), *taken, office=with_settings(notice_minutes=notice))
    assert made(what).start == minute(found)


def test_two_persons_get_two_places_in_a_row() -> None:
    there = made(outcome(soonest(persons=2), *filled(MONDAY, time(8, 15))))
    assert (there.at, there.end - there.start) == (time(8, 30), 30)


WEEK = [MONDAY + timedelta(days=ahead) for ahead in (0, 1, 2, 3, 4)]


def test_the_seventh_day_is_looked_at_and_the_eighth_is_not() -> None:
    assert made(outcome(soonest(), *full(*WEEK))).day == MONDAY + timedelta(days=7)
    full_week = full(*WEEK, MONDAY + timedelta(days=7))
    assert outcome(soonest(), *full_week) == NoFreeSlot(ZOP, MONDAY, MONDAY + timedelta(days=7))


def test_soonest_never_looks_beyond_the_horizon() -> None:
    assert outcome(soonest(), *full(MONDAY), office=with_settings(horizon_days=0)) == NoFreeSlot(ZOP, MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        pytest.param("novák", {}, "already_booked", id="an open booking of that service under that name"),
        pytest.param("DVORAK", {}, "booked", id="another name"),
        pytest.param("NOVAK", {"service": "POP"}, "booked", id="another service"),
        pytest.param("NOVAK", {"sender": OTHER}, "booked", id="another sender"),
    ],
)
def test_soonest_again(name: str, changes: dict[str, object], expected: str) -> None:
    there = replace(booking(date(2026, 9, 14), time(9)), **changes)  # type: ignore[arg-type]  # a table of any fields
    assert outcome(soonest(name), there).outcome == expected


def test_soonest_of_no_service() -> None:
    assert outcome(BookSoonest("XYZ", "NOVAK")) == UnknownService("XYZ", ())
