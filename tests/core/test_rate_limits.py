"""The rules of rate limits (docs/spec/safety.md §2)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.rate_limits import HOUR, LIMITS, MINUTE, AddressLimit, RateLimit, Tally, networks_of

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
PLAIN = RateLimit("plain", 7, HOUR, "refuse")
GUESSES = RateLimit("guesses", 5, HOUR, "wait", timedelta(seconds=1), timedelta(seconds=60))
BY_ADDRESS = AddressLimit(PLAIN, GUESSES, RateLimit("wide", 40, HOUR, "ask"))


def tally(limit: RateLimit, count: int, before: int = 0, *, at: datetime = NOON) -> Tally:
    return Tally(limit, limit.slot(at), count, before, at)


@pytest.mark.parametrize(
    ("minutes", "hits"), [(0, 3 + 8), (15, 3 + 6), (45, 3 + 2), (60, 3), (90, 1), (120, 0), (600, 0)]
)
def test_hits_of_the_slot_before_fade(minutes: int, hits: int) -> None:
    assert tally(PLAIN, 3, 8).hits(NOON + timedelta(minutes=minutes)) == hits


def test_a_burst_across_two_slots_counts_as_one() -> None:
    """Seven at 11:59 and two at 12:01: the second of them is beyond."""
    assert Tally(PLAIN, PLAIN.slot(NOON), count=2, before=7).exceeded(NOON + timedelta(minutes=1))


def test_the_figure_itself_still_passes() -> None:
    assert not tally(PLAIN, 7).exceeded(NOON)
    assert tally(PLAIN, 8).exceeded(NOON)
    assert tally(PLAIN, 7).reached(NOON), "one more would be beyond"


@pytest.mark.parametrize(
    ("hits", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (12, 60), (10_000, 60)]
)
def test_the_pause_doubles_up_to_the_longest(hits: int, seconds: int) -> None:
    assert GUESSES.pause_after(hits) == timedelta(seconds=seconds)


def test_a_wait_counts_from_the_last_hit() -> None:
    held = tally(GUESSES, 8)
    assert held.wait(NOON + timedelta(seconds=3)) == timedelta(seconds=5)
    assert held.wait(NOON + timedelta(seconds=8)) == timedelta()
    assert held.wait(NOON - timedelta(days=1)) == timedelta(), "a last hit in the future is a clock set back"


def test_a_limit_that_refuses_lets_wait_until_its_period_is_over() -> None:
    assert tally(PLAIN, 6).wait(NOON + timedelta(minutes=10)) == timedelta()
    assert tally(PLAIN, 7).wait(NOON + timedelta(minutes=10)) == timedelta(minutes=50)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.timedeltas(timedelta(), timedelta(hours=3)))
def test_hits_never_grow_by_waiting(count: int, before: int, later: timedelta) -> None:
    held = tally(GUESSES, count, before)
    assert 0 <= held.hits(NOON + later) <= held.hits(NOON) <= count + before
    assert held.wait(NOON + later) <= GUESSES.longest


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        pytest.param("198.51.100.7", {"4": "198.51.100.7"}, id="IPv4"),
        pytest.param("::ffff:198.51.100.7", {"4": "198.51.100.7"}, id="IPv4 by an IPv6 socket"),
        pytest.param("2001:db8:5:6:7:8:9:a", {"64": "2001:db8:5:6::/64", "48": "2001:db8:5::/48"}, id="IPv6"),
        pytest.param("fe80::1%eth0", {"64": "fe80::/64", "48": "fe80::/48"}, id="IPv6 with its interface"),
        pytest.param("", {"4": "unknown"}, id="no address"),
        pytest.param("unix:/run/x", {"4": "unknown"}, id="a socket file"),
    ],
)
def test_what_an_address_is_counted_as(address: str, networks: dict[str, str]) -> None:
    assert networks_of(address) == networks


def test_a_rotated_host_part_stays_in_its_bucket_and_a_rotated_64_in_the_48() -> None:
    narrow, wide = BY_ADDRESS.buckets("2001:db8:5:6::1", "cancel", office=3)
    assert BY_ADDRESS.buckets("2001:db8:5:6:ffff::2", "cancel", office=3) == [narrow, wide]
    other_narrow, other_wide = BY_ADDRESS.buckets("2001:db8:5:7::1", "cancel", office=3)
    assert other_narrow != narrow
    assert other_wide == wide
    assert [bucket.limit for bucket in (narrow, wide)] == [BY_ADDRESS.ipv6_64, BY_ADDRESS.ipv6_48]
    assert BY_ADDRESS.buckets("2001:db8:5:6::1", "book", office=3)[0] != narrow, "something else is told apart"


def test_every_limit_is_listed_once_and_waits_only_where_it_says_so() -> None:
    assert len({limit.name for limit in LIMITS.values()}) == len(LIMITS) > 15
    for name, limit in LIMITS.items():
        assert name == limit.name
        assert limit.figure > 0
        assert limit.period >= MINUTE
        assert bool(limit.pause) == bool(limit.longest) == (limit.then == "wait"), name
