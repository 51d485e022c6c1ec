"""The hub: every listener gets the state at once on joining, and after every change."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping

import pytest

from prepazka.web.streams.hub import QUEUE_LENGTH, Hub

DEADLINE = 120.0


class Offices:
    """Offices whose versions a test changes; a frame tells the version it was built at."""

    def __init__(self) -> None:
        self.now: Counter[int] = Counter()
        self.built: Counter[int] = Counter()
        self.away = False

    def versions(self, ids: Collection[int]) -> Mapping[int, int]:
        if self.away:
            raise OSError
        return {id_: self.now[id_] for id_ in ids}

    def build(self, office_id: int) -> bytes:
        self.built[office_id] += 1
        return f"{office_id}:{self.now[office_id]}".encode()


def run(
    play: Callable[[Hub, Offices], Awaitable[None]],
    *,
    refresh_every: float = 1_000,
    poll_every: float = 0.001,
    offices: Offices | None = None,
) -> None:
    offices = offices or Offices()

    async def main() -> None:
        hub = Hub(offices.versions, offices.build, poll_every=poll_every, refresh_every=refresh_every)
        async with asyncio.timeout(DEADLINE):
            await play(hub, offices)
        hub.close()

    asyncio.run(main())


async def frames_until(stream: AsyncIterator[bytes], until: str) -> list[str]:
    """Return the frames of the stream up to this one."""
    frames = []
    async for frame in stream:
        frames.append(frame.decode())
        if frames[-1] == until:
            break
    return frames


def test_a_listener_is_reported_the_present_state_at_once_and_every_one_that_follows() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        stream = hub.subscribe(1)
        assert await frames_until(stream, "1:0") == ["1:0"]
        for version in (1, 2, 3):
            offices.now[1] = version
            assert await frames_until(stream, f"1:{version}") == [f"1:{version}"]

    run(play)


def test_a_change_does_not_wait_until_all_unchanged_states_are_sent_anew() -> None:
    many, built, until_told = 60, list[int](), list[int]()

    async def play(hub: Hub, offices: Offices) -> None:
        streams = [hub.subscribe(one) for one in range(many)]
        await asyncio.gather(*(anext(stream) for stream in streams))
        changing = built[-1]  # the one whose turn comes last
        offices.now[changing] = 1
        at = len(built)
        await frames_until(streams[changing], f"{changing}:1")
        until_told.append(len(built) - at)

    class Noting(Offices):
        def build(self, office_id: int) -> bytes:
            built.append(office_id)
            return super().build(office_id)

    run(play, refresh_every=0, poll_every=0, offices=Noting())  # each frame takes longer than may pass before a poll
    assert until_told[0] < many // 2


def test_an_unchanged_state_is_sent_anew_to_everybody() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        streams = [hub.subscribe(one) for one in range(5)]
        for _ in range(3):
            await asyncio.gather(*(anext(stream) for stream in streams))

    run(play, refresh_every=0)


def test_a_state_is_made_once_for_all_listeners_of_an_office() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        streams = [hub.subscribe(1) for _ in range(50)]
        await asyncio.gather(*(frames_until(stream, "1:0") for stream in streams))
        offices.now[1] = 1
        assert await asyncio.gather(*(frames_until(stream, "1:1") for stream in streams)) == [["1:1"]] * 50
        assert offices.built[1] == 2

    run(play)


def test_another_offices_change_is_not_told() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        mine, other = hub.subscribe(1), hub.subscribe(2)
        await asyncio.gather(frames_until(mine, "1:0"), frames_until(other, "2:0"))
        offices.now[2] = 1
        await frames_until(other, "2:1")
        offices.now[1] = 1
        assert await frames_until(mine, "1:1") == ["1:1"]

    run(play)


def test_a_change_while_a_state_is_built_is_reported_next() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        build = offices.build

        def slow(office_id: int) -> bytes:
            frame = build(office_id)
            if offices.now[1] == 0:
                offices.now[1] = 1  # after what the frame was built from was read
            return frame

        hub._build = slow
        assert await frames_until(hub.subscribe(1), "1:1") == ["1:0", "1:1"]

    run(play)


def test_without_changes_the_state_is_renewed() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        stream = hub.subscribe(1)
        assert [await anext(stream), await anext(stream)] == [b"1:0", b"1:0"]

    run(play, refresh_every=0)


def test_who_does_not_keep_up_is_let_go_and_comes_again_for_the_present_state() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        slow, quick = hub.subscribe(1), hub.subscribe(1)
        await asyncio.gather(frames_until(slow, "1:0"), frames_until(quick, "1:0"))
        for version in range(1, QUEUE_LENGTH + 2):
            offices.now[1] = version
            await frames_until(quick, f"1:{version}")
        assert await frames_until(slow, "never") == []
        assert await frames_until(hub.subscribe(1), f"1:{QUEUE_LENGTH + 1}") == [f"1:{QUEUE_LENGTH + 1}"]

    run(play)


def test_a_database_that_is_away_is_waited_for() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        stream = hub.subscribe(1)
        await frames_until(stream, "1:0")
        offices.away = True
        offices.now[1] = 1
        frames = asyncio.ensure_future(frames_until(stream, "1:1"))
        await asyncio.wait([frames], timeout=0.01)
        offices.away = False
        assert await frames == ["1:1"]

    run(play)


def test_nobody_is_looked_for_when_nobody_listens() -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        stream = hub.subscribe(1)
        await frames_until(stream, "1:0")
        await stream.aclose()
        watching = hub._polling
        assert watching is not None
        await watching
        assert hub.listener_count == 0
        assert await frames_until(hub.subscribe(1), "1:0") == ["1:0"]

    run(play)


@pytest.mark.parametrize("joins", ["before", "after"])
def test_a_hub_that_closes_lets_everybody_go(joins: str) -> None:
    async def play(hub: Hub, offices: Offices) -> None:
        stream = hub.subscribe(1)
        if joins == "before":
            await frames_until(stream, "1:0")
        hub.close()
        assert await frames_until(stream, "never") == []

    run(play)
