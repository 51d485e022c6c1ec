"""Held places: how long they wait, by the moments they were chosen and their message was handed over."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.booking.hold import LONGEST, Waiting, at_once, fate

CHOSEN = datetime(2026, 8, 3, 7, 30, 12, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return CHOSEN + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("handed", "now", "expected"),
    [
        pytest.param(None, 0, "waits", id="just chosen"),
        pytest.param(None, 59, "waits", id="the message has a minute"),
        pytest.param(None, 60, "stands", id="not handed over in a minute: it stands"),
        pytest.param(None, 9_000, "stands", id="and so it does after an outage"),
        pytest.param(2, 2, "waits", id="just handed over"),
        pytest.param(2, 601, "waits", id="ten minutes from the hand-over"),
        pytest.param(2, 602, "ends", id="not a second longer"),
        pytest.param(60, 659, "waits", id="from a late hand-over"),
        pytest.param(60, 660, "ends", id="from a late hand-over, over"),
        pytest.param(61, 59, "waits", id="handed over too late, not known yet"),
        pytest.param(61, 61, "stands", id="handed over too late: it stands, whoever saw it first"),
        pytest.param(1_800, 1_801, "stands", id="after an outage, the message left before the worker came"),
    ],
)
def test_a_held_place_waits_stands_or_ends(handed: int | None, now: int, expected: str) -> None:
    place = Waiting(CHOSEN, None if handed is None else after(handed))
    assert fate(place, after(now)) == expected


@given(st.none() | st.integers(0, 4_000), st.integers(0, 4_000))
def test_no_place_waits_longer_than_it_may(handed: int | None, now: int) -> None:
    place = Waiting(CHOSEN, None if handed is None else after(handed))
    assert fate(place, after(now)) != "waits" or after(now) < CHOSEN + LONGEST
    assert place.until <= CHOSEN + LONGEST


def test_a_network_of_64_bits_holds_less_than_an_address_many_share() -> None:
    assert (at_once("203.0.113.9"), at_once("2001:db8:1:2::/64")) == (30, 3)
