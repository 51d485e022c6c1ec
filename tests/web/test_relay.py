"""Calls of an office meet in one process, and whatever becomes of that process, the caller serves its call itself."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any
from zlib import crc32

import pytest

from prepazka.web import relay as module
from prepazka.web.relay import LONGEST, Relay, Serve
from tests.waiting import DEADLINE

# What is asked about, and who serves it: the first of two processes.
ABOUT = next(text for text in map(str, range(9)) if crc32(text.encode()) % 2 == 0)
FIRST, SECOND = 0, 1


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def doubled(call: Any) -> Any:
    return {"doubled": call["text"] * 2}


async def ask(relay: Relay, about: str, call: Any) -> Any:
    """What another process answers in time; None when the caller is to serve it."""
    with relay.asking(about, call) as asked:
        return await asked.in_time() if asked else None


async def failing(_: Any) -> Any:
    raise ValueError("a mistake")


def in_two(clock: Clock, serve: Serve, try_it: Callable[[Relay, Relay], Awaitable[None]]) -> None:
    """Let `try_it` use the relays of two processes; the first serves calls about ABOUT."""

    async def main() -> None:
        first, second = Relay(clock), Relay(clock)
        first.open(2)
        second._ways = first._ways  # as after a fork
        loop = asyncio.get_running_loop()
        first.begin(FIRST, serve, loop)
        second.begin(SECOND, serve, loop)
        await try_it(first, second)
        first._loop.remove_reader(first._ways[FIRST].read_end)  # type: ignore[union-attr]  # it has begun
        second.close()

    asyncio.run(main())


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody wait for another process."""
    monkeypatch.setattr(module, "PATIENCE", 0)


def test_one_process_serves_what_all_are_asked_about(clock: Clock) -> None:
    async def try_it(first: Relay, second: Relay) -> None:
        calls = [{"text": text} for text in ("ž", "dvě\n", "x" * 9_000)]
        answers = await asyncio.gather(*(ask(second, ABOUT, call) for call in calls))
        assert answers == [{"doubled": call["text"] * 2} for call in calls]
        assert await ask(first, ABOUT, calls[0]) is None, "its own calls it serves itself"

    in_two(clock, doubled, try_it)


def test_a_single_process_asks_nobody(clock: Clock) -> None:
    async def main() -> None:
        relay = Relay(clock)
        relay.open(1)
        relay.begin(FIRST, doubled, asyncio.get_running_loop())
        assert await ask(relay, ABOUT, {"text": "x"}) is None
        relay.close()

    asyncio.run(main())


def test_before_it_has_its_place_a_process_asks_nobody(clock: Clock) -> None:
    async def main() -> None:
        relay = Relay(clock)
        relay.open(2)
        assert await ask(relay, ABOUT, {"text": "x"}) is None
        relay.close()

    asyncio.run(main())


def test_a_call_that_fails_is_served_by_its_caller(clock: Clock) -> None:
    async def try_it(_: Relay, second: Relay) -> None:
        assert await ask(second, ABOUT, {"text": "x"}) is None
        assert not second._asked

    in_two(clock, failing, try_it)


def test_what_is_too_long_is_not_relayed(clock: Clock) -> None:
    async def try_it(_: Relay, second: Relay) -> None:
        assert await ask(second, ABOUT, {"text": "x" * LONGEST}) is None
        assert await ask(second, ABOUT, {"text": "x" * (LONGEST // 2)}) is None, "its answer is too long"
        assert await ask(second, ABOUT, {"text": "x"}), "nobody waited for anything: it is asked again"

    in_two(clock, doubled, try_it)


@pytest.mark.usefixtures("hasty")
def test_a_process_that_is_silent_is_not_asked_for_a_while(clock: Clock) -> None:
    begun: list[Any] = []

    async def never(call: Any) -> None:
        begun.append(call)
        await asyncio.Event().wait()

    async def try_it(_: Relay, second: Relay) -> None:
        for _round in range(3):
            assert await ask(second, ABOUT, {"text": "x"}) is None
        assert len(second._silent_until) == 1
        clock.now += module.AGAIN_AFTER
        assert second._silent_until == {FIRST: clock.now}
        assert not second._asked

    in_two(clock, never, try_it)


def test_an_answer_that_comes_late_can_still_be_had_by_who_served_the_call_meanwhile(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()

    async def slow(call: Any) -> Any:
        await released.wait()
        return {"slowly": call["text"]}

    async def try_it(first: Relay, second: Relay) -> None:
        with second.asking(ABOUT, {"text": "ř"}) as asked:
            assert asked
            monkeypatch.setattr(module, "PATIENCE", 0)
            assert await asked.in_time() is None
            assert await asked.late() is None, "for as long again"
            while not first._serving:
                await asyncio.sleep(0)
            monkeypatch.setattr(module, "PATIENCE", DEADLINE)
            released.set()
            assert await asked.late() == {"slowly": "ř"}
        assert not second._asked

    in_two(clock, slow, try_it)


def test_a_call_read_too_late_is_left_to_its_caller(clock: Clock) -> None:
    served: list[Any] = []

    async def note(call: Any) -> Any:
        served.append(call)
        return {}

    async def try_it(first: Relay, second: Relay) -> None:
        late = asyncio.create_task(ask(second, ABOUT, {"text": "late"}))
        await asyncio.sleep(0)
        clock.now += module.PATIENCE
        first._read()
        assert await ask(second, ABOUT, {"text": "in time"}) == {}
        late.cancel()
        assert served == [{"text": "in time"}]

    in_two(clock, note, try_it)


def test_a_process_that_reads_nothing_holds_nobody_up(clock: Clock) -> None:
    async def main() -> None:
        relay = Relay(clock)
        relay.open(2)
        relay.begin(SECOND, doubled, asyncio.get_running_loop())
        waiting = [asyncio.create_task(ask(relay, ABOUT, {"text": "x" * 9_000})) for _ in range(100)]
        await asyncio.sleep(0)
        assert await ask(relay, ABOUT, {"text": "x" * 9_000}) is None, "there is no room: the caller serves it at once"
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert not relay._asked
        relay.close()

    asyncio.run(main())


def test_who_left_is_answered_nothing(clock: Clock) -> None:
    async def try_it(_: Relay, second: Relay) -> None:
        left = asyncio.create_task(ask(second, ABOUT, {"text": "left"}))
        await asyncio.sleep(0)
        left.cancel()
        assert await ask(second, ABOUT, {"text": "x"}) == {"doubled": "xx"}
        assert not second._asked

    in_two(clock, doubled, try_it)


def test_a_process_that_was_killed_is_given_up_and_one_made_again_takes_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    relay = Relay()
    relay.open(2)

    async def asks() -> Any:
        loop = asyncio.get_running_loop()
        relay._silent_until.clear()
        relay.begin(SECOND, doubled, loop)
        return await ask(relay, ABOUT, {"text": "x"})

    child = forked(relay)
    monkeypatch.setattr(module, "PATIENCE", DEADLINE)
    assert asyncio.run(asks()) == {"doubled": "xx"}
    kill(child)
    monkeypatch.setattr(module, "PATIENCE", 0)
    assert asyncio.run(asks()) is None
    child = forked(relay)
    monkeypatch.setattr(module, "PATIENCE", DEADLINE)
    assert asyncio.run(asks()) == {"doubled": "xx"}
    kill(child)
    relay._loop = None
    relay.close()


def test_an_answer_to_a_process_that_was_killed_is_none_to_the_one_made_again(clock: Clock) -> None:
    async def slow(call: Any) -> Any:
        await released.wait()
        return call

    async def try_it(first: Relay, killed: Relay) -> None:
        asked = asyncio.create_task(ask(killed, ABOUT, {"text": "of the one that was killed"}))
        await asyncio.sleep(0)
        first._read()
        asyncio.get_running_loop().remove_reader(killed._ways[SECOND].read_end)
        asked.cancel()
        released.set()
        while first._serving:
            await asyncio.sleep(0)
        again = Relay(clock)
        again._ways = first._ways
        again.begin(SECOND, slow, asyncio.get_running_loop())
        assert await ask(again, ABOUT, {"text": "mine"}) == {"text": "mine"}

    released = asyncio.Event()
    in_two(clock, slow, try_it)


def forked(relay: Relay) -> int:
    """Another process that serves the first place until it is killed; its id."""
    child = os.fork()
    if child:
        return child
    try:
        asyncio.run(serve(relay))
    finally:
        os._exit(1)


async def serve(relay: Relay) -> None:
    relay._asked.clear()
    relay.begin(FIRST, doubled, asyncio.get_running_loop())
    await asyncio.Event().wait()


def kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
