from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.booking.lanes import Lanes
from prepazka.core.minutes import Minute, midnight
from prepazka.core.office.calendar import starts
from tests.offices import PRAGUE, demo_office

MONDAY = date(2026, 8, 3)
MIDNIGHT = midnight(MONDAY, PRAGUE)

minutes = st.integers(0, 90)
lengths = st.integers(1, 40)
held = st.lists(st.tuples(minutes, lengths, st.integers(0, 4)))


def taken_minutes(places: list[tuple[int, int, int]]) -> dict[int, set[int]]:
    taken: dict[int, set[int]] = {lane: set() for lane in range(5)}
    for start, length, lane in places:
        taken[lane] |= set(range(start, start + length))
    return taken


def day_of(places: list[tuple[int, int, int]]) -> Lanes:
    busy = [(Minute(MIDNIGHT + start), Minute(MIDNIGHT + start + length), 1 << lane) for start, length, lane in places]
    return Lanes(MIDNIGHT, busy)


@given(held, minutes, lengths, st.integers(1, 5))
def test_the_lowest_lane_not_taken_is_free_unless_all_are_taken_at_some_time(
    places: list[tuple[int, int, int]], start: int, length: int, lanes: int
) -> None:
    wanted = set(range(start, start + length))
    busy = {lane for lane, taken in taken_minutes(places).items() if taken & wanted}
    expected = min(set(range(6)) - busy) if len(busy) < lanes else None
    found = day_of(places).free_lane(Minute(MIDNIGHT + start), Minute(MIDNIGHT + start + length), lanes)
    assert found == expected


@given(held, st.lists(st.tuples(minutes, lengths, st.integers(0, 4))), minutes, lengths)
def test_what_is_released_is_free_and_nothing_else(
    places: list[tuple[int, int, int]], released: list[tuple[int, int, int]], start: int, length: int
) -> None:
    lanes = Lanes(MIDNIGHT)
    taken = taken_minutes(places)
    for begin, minutes_long, lane in places:
        lanes.take(lane, Minute(MIDNIGHT + begin), Minute(MIDNIGHT + begin + minutes_long))
    for begin, minutes_long, lane in released:
        lanes.release(lane, Minute(MIDNIGHT + begin), Minute(MIDNIGHT + begin + minutes_long))
        taken[lane] -= set(range(begin, begin + minutes_long))
    busy = {lane for lane, of_lane in taken.items() if of_lane & set(range(start, start + length))}
    found = lanes.free_lane(Minute(MIDNIGHT + start), Minute(MIDNIGHT + start + length), 6)
    assert found == min(set(range(6)) - busy)


@given(
    st.lists(st.tuples(st.integers(440, 1030), lengths, st.integers(0, 3)), max_size=60),
    st.integers(1, 200),
    st.integers(-100, 1100),
)
def test_free_places_are_the_starts_with_a_free_lane_that_fit(
    places: list[tuple[int, int, int]], length: int, earliest: int
) -> None:
    office = demo_office()
    plan = starts(office, office.agendas[0], MONDAY)
    lanes = day_of(places)
    expected = [
        place
        for place in plan.places.values()
        if place.start.minute >= MIDNIGHT + earliest
        and place.start.minute + length <= place.stretch.closes
        and lanes.free_lane(place.start.minute, Minute(place.start.minute + length), place.stretch.lanes) is not None
    ]
    assert list(lanes.free_places(plan, length, Minute(MIDNIGHT + earliest))) == expected


@pytest.mark.parametrize("mask", [0b1, 0b10, 0b11, 0b101, 1 << 70])
def test_a_mask_says_which_lanes_are_taken(mask: int) -> None:
    start, end = Minute(MIDNIGHT + 480), Minute(MIDNIGHT + 495)
    lanes = Lanes(MIDNIGHT, [(start, end, mask)])
    assert lanes.free_lane(start, end, mask.bit_count()) is None
    assert lanes.free_lane(start, end, mask.bit_count() + 1) == next(lane for lane in range(72) if not mask >> lane & 1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_of_clock_changes_have_their_own_length(day: date, hours: int) -> None:
    begin, end = midnight(day, PRAGUE), midnight(day + timedelta(days=1), PRAGUE)
    last = Minute(end - 15)
    lanes = Lanes(begin, [(last, end, 1)])
    assert end - begin == hours * 60
    assert lanes.free_lane(last, end, 1) is None
    assert lanes.free_lane(Minute(last - 15), last, 1) == 0
