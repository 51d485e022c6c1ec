"""Gateways are shared out among living processes: one owner each, and as few as possible change hands."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from prepazka.core.sharing import BEAT, GONE, Sighting, living, owner, share, sight

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
names = st.text("abcdefgh/0123456789", min_size=1, max_size=12)


@given(st.sets(names, min_size=1, max_size=40), st.sets(names, min_size=1, max_size=6))
def test_every_gateway_has_exactly_one_owner(gateways: set[str], processes: set[str]) -> None:
    shares = [share(gateways, process, processes) for process in processes]
    assert sorted(gateway for one in shares for gateway in one) == sorted(gateways)


@given(st.sets(names, min_size=1, max_size=40), st.sets(names, min_size=2, max_size=6), st.data())
def test_only_the_gateways_of_a_process_that_goes_move(
    gateways: set[str], processes: set[str], data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(sorted(processes)))
    for gateway in gateways:
        before = owner(gateway, processes)
        after = owner(gateway, processes - {gone})
        assert before in {after, gone}


def test_a_thousand_gateways_are_shared_evenly_and_a_fifth_process_takes_a_fifth() -> None:
    gateways = [f"obec-{number}" for number in range(1000)]
    four = [f"node-{number}/17/4711" for number in range(4)]
    five = [*four, "node-9/1/1"]
    assert all(200 <= len(share(gateways, one, four)) <= 300 for one in four)
    moved = [gateway for gateway in gateways if owner(gateway, four) != owner(gateway, five)]
    assert 150 <= len(moved) <= 250
    assert {owner(gateway, five) for gateway in moved} == {"node-9/1/1"}


def test_without_a_living_process_nobody_owns_anything() -> None:
    with pytest.raises(ValueError, match="empty"):
        owner("modem", [])
    assert share(["modem"], "here", ["elsewhere"]) == frozenset()


@given(
    st.sets(names, min_size=1, max_size=20),
    st.sets(names, min_size=1, max_size=5),
    st.dictionaries(names, st.sets(names, max_size=20), max_size=5),
    st.data(),
)
def test_who_cannot_serve_a_gateway_leaves_it_to_those_who_can(
    gateways: set[str], processes: set[str], others: dict[str, set[str]], data: st.DataObject
) -> None:
    cannot = others | {one: data.draw(st.sets(st.sampled_from(sorted(gateways)))) for one in sorted(processes)}
    shares = {one: share(gateways, one, processes, cannot) for one in processes}
    served = sorted(gateway for one in shares.values() for gateway in one)
    assert served == sorted(name for name in gateways if any(name not in cannot[one] for one in processes))
    assert all(not shares[one] & cannot[one] for one in processes)
    for one in processes:
        assert share(gateways, one, processes) - cannot[one] <= shares[one], "what one can serve stays where it was"


def seen_alone(beat: datetime, now: datetime) -> frozenset[str]:
    return living(sight({}, {"other": beat}, now), now)


def test_who_is_seen_for_the_first_time_lives_unless_its_beat_is_old() -> None:
    assert seen_alone(NOW - 3 * SECOND, NOW) == {"other"}
    assert seen_alone(NOW + 50 * SECOND, NOW) == {"other"}, "its clock is ahead"
    assert seen_alone(NOW - timedelta(hours=1), NOW) == frozenset()


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=2), timedelta(hours=-2)])
def test_clocks_that_differ_bury_nobody(ahead: timedelta) -> None:
    known: dict[str, Sighting] = {}
    for tick in range(30):
        now = NOW + tick * BEAT
        known = sight(known, {"other": now + ahead}, now)
        assert tick == 0 or living(known, now) == {"other"}
    stopped = NOW + 29 * BEAT
    for second in range(1, 30):
        now = stopped + second * SECOND
        known = sight(known, {"other": stopped + ahead}, now)
        assert living(known, now) == ({"other"} if second * SECOND <= GONE else frozenset())


class Processes(RuleBasedStateMachine):
    """Processes that come, beat by clocks of their own, freeze, thaw and go, while each watches all others."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.clocks: dict[str, timedelta] = {}
        self.beats: dict[str, datetime] = {}
        self.beaten: dict[str, datetime] = {}
        self.frozen: set[str] = set()
        self.views: dict[str, dict[str, Sighting]] = {}
        self.born = 0

    @rule(ahead=st.integers(-7200, 7200))
    def comes(self, ahead: int) -> None:
        if len(self.clocks) < 5:
            self.born += 1
            process = f"node/{self.born}/1"
            self.clocks[process] = ahead * SECOND
            self.views[process] = {}
        self.go_on(2)

    @rule(data=st.data())
    def freezes(self, data: st.DataObject) -> None:
        if lively := self.lively():
            self.frozen.add(data.draw(st.sampled_from(lively)))
        self.go_on(2)

    @rule(data=st.data())
    def thaws(self, data: st.DataObject) -> None:
        if self.frozen:
            self.frozen.discard(data.draw(st.sampled_from(sorted(self.frozen))))
        self.go_on(2)

    @rule(data=st.data(), orderly=st.booleans())
    def goes(self, data: st.DataObject, orderly: bool) -> None:
        if self.clocks:
            process = data.draw(st.sampled_from(sorted(self.clocks)))
            del self.clocks[process], self.views[process]
            self.frozen.discard(process)
            if orderly:
                self.beats.pop(process, None)
        self.go_on(2)

    @rule(beats=st.integers(1, 8))
    def go_on(self, beats: int) -> None:
        """Time goes on: all that are not frozen beat, and then look."""
        for _ in range(beats):
            self.now += BEAT
            for process in self.lively():
                self.beats[process] = self.now + self.clocks[process]
                self.beaten[process] = self.now
            for process in self.lively():
                self.views[process] = sight(self.views[process], self.beats, self.now + self.clocks[process])

    def lively(self) -> list[str]:
        return sorted(self.clocks.keys() - self.frozen)

    def sees(self, process: str) -> frozenset[str]:
        return living(self.views[process], self.now + self.clocks[process])

    @invariant()
    def nobody_who_beats_is_buried(self) -> None:
        for process in self.lively():
            assert set(self.lively()) <= self.sees(process)

    @invariant()
    def who_has_not_beaten_for_long_is_buried_by_all(self) -> None:
        silent = {one for one in self.beats if self.now - self.beaten[one] > GONE + 2 * BEAT}
        for process in self.lively():
            known = {one for one in silent if self.now - self.known_since(process, one) > GONE}
            assert not known & self.sees(process)

    @invariant()
    def all_who_see_the_same_share_everything_out(self) -> None:
        gateways = [f"obec-{number}" for number in range(12)]
        views = {process: self.sees(process) for process in self.lively()}
        for seen in set(views.values()):
            owners = [owner(gateway, seen) for gateway in gateways]
            assert [one in seen for one in owners] == [True] * len(gateways)
            for process in seen:
                assert share(gateways, process, seen) == {
                    gateway for gateway, one in zip(gateways, owners, strict=True) if one == process
                }

    def known_since(self, process: str, other: str) -> datetime:
        seen = self.views[process].get(other)
        return seen.since - self.clocks[process] if seen else self.now


TestProcesses = Processes.TestCase
