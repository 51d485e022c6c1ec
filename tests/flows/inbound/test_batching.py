"""Concurrent callers share one call of `receive`, and each gets its own results."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.core.booking.outcomes import HelpGiven
from prepazka.flows.inbound import batching
from prepazka.flows.inbound.batching import Batcher
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import UnknownNumber
from prepazka.gateways.values import Inbound

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
CALLERS = 8


Results = list[list[Handled] | BaseException]


def message(id_: str, to: str = NUMBER) -> Inbound:
    return Inbound("test", id_, "+420777123456", to, "POMOC")


class Office:
    """Stands for `receive`: records its calls, and blocks the first one until it is released."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.moments: list[datetime] = []
        self.entered, self.let_go = asyncio.Event(), asyncio.Event()
        self.fails: Exception | None = None

    async def receive(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        self.calls.append([inbound.id for inbound in inbounds])
        self.moments.append(now)
        if len(self.calls) == 1:
            self.entered.set()
            await self.let_go.wait()
        elif self.fails:
            raise self.fails
        for inbound in inbounds:
            if inbound.recipient != NUMBER:
                raise UnknownNumber(inbound.recipient)
        return [Handled(inbound.id, HelpGiven()) for inbound in inbounds]


def meanwhile(office: Office, others: Sequence[Sequence[Inbound]]) -> Results:
    """Let all other callers come during the first call; return what they got."""

    async def main() -> Results:
        gather = Batcher(office.receive)
        first = asyncio.create_task(gather.hand_in([message("first")], NOW))
        await office.entered.wait()
        rest = [
            asyncio.create_task(gather.hand_in(inbounds, NOW + timedelta(seconds=place)))
            for place, inbounds in enumerate(others)
        ]
        await asyncio.sleep(0)
        office.let_go.set()
        assert ids(await first) == ["first"]
        return await asyncio.gather(*rest, return_exceptions=True)

    return asyncio.run(main())


def ids(result: list[Handled] | BaseException) -> list[str]:
    assert isinstance(result, list)
    return [handled.id for handled in result]


def test_after_several_at_once_the_next_call_waits_for_company(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not wait after a single caller, and never longer than the last call took."""
    waits: list[float] = []

    async def give_up(all_came: Coroutine[Any, Any, object], seconds: float) -> None:
        all_came.close()
        waits.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(batching, "wait_for", give_up)
    meanwhile(Office(), [])
    assert waits == []
    office = Office()
    meanwhile(office, [[message("second")], [message("third")]])
    assert office.calls == [["first"], ["second", "third"]]
    assert len(waits) == 2, "after a call that others waited for, and after one of several"
    assert all(0 < one <= batching.LONGEST_WAIT for one in waits)


def test_who_comes_while_it_waits_for_company_shares_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    office, later = Office(), list[asyncio.Task[list[Handled]]]()
    office.let_go.set()

    async def main() -> None:
        gather = Batcher(office.receive)

        async def come_again(all_came: Coroutine[Any, Any, object], _: float) -> None:
            if later:
                all_came.close()
                raise TimeoutError
            later.extend(asyncio.create_task(gather.hand_in([message(id_)], NOW)) for id_ in ("c", "d"))
            await all_came  # and not until any time is over

        monkeypatch.setattr(batching, "wait_for", come_again)
        await asyncio.gather(*(gather.hand_in([message(id_)], NOW) for id_ in ("a", "b")))
        await asyncio.gather(*later)

    asyncio.run(main())
    assert office.calls == [["a", "b"], ["c", "d"]]


def test_who_is_alone_does_not_wait() -> None:
    office = Office()
    office.let_go.set()

    async def main() -> None:
        gather = Batcher(office.receive)
        assert ids(await gather.hand_in([message("a"), message("b")], NOW)) == ["a", "b"]
        assert ids(await gather.hand_in([message("c")], NOW)) == ["c"]

    asyncio.run(main())
    assert office.calls == [["a", "b"], ["c"]]


def test_all_who_come_meanwhile_share_the_next_call() -> None:
    office = Office()
    others = [[message(f"{caller}-{turn}") for turn in range(caller)] for caller in range(1, CALLERS)]
    assert [*map(ids, meanwhile(office, others))] == [[one.id for one in own] for own in others]
    assert office.calls == [["first"], [one.id for own in others for one in own]]


def test_the_shared_call_is_made_at_the_latest_moment() -> None:
    office = Office()
    meanwhile(office, [[message(str(caller))] for caller in range(3)])
    assert office.moments == [NOW, NOW + timedelta(seconds=2)]


def test_an_unknown_number_hits_only_who_named_it() -> None:
    good, bad, other = meanwhile(Office(), [[message("a")], [message("b", "+420111111111")], [message("c")]])
    assert ids(good) == ["a"]
    assert isinstance(bad, UnknownNumber)
    assert ids(other) == ["c"]


def test_a_failure_is_told_to_all_who_shared_the_call() -> None:
    office = Office()
    office.fails = ConnectionError("away")
    assert [*map(type, meanwhile(office, [[message("a")], [message("b")]]))] == [ConnectionError] * 2


def test_after_a_failure_the_next_caller_is_served() -> None:
    office = Office()

    async def main() -> None:
        gather = Batcher(office.receive)
        office.let_go.set()
        await gather.hand_in([message("first")], NOW)
        office.fails = ConnectionError("away")
        with pytest.raises(ConnectionError):
            await gather.hand_in([message("a")], NOW)
        office.fails = None
        assert ids(await gather.hand_in([message("a")], NOW)) == ["a"]

    asyncio.run(main())


def test_a_caller_who_left_keeps_nobody_from_the_answer() -> None:
    office = Office()

    async def main() -> None:
        gather = Batcher(office.receive)
        left = asyncio.create_task(gather.hand_in([message("left")], NOW))
        await office.entered.wait()
        stays = asyncio.create_task(gather.hand_in([message("stays")], NOW))
        await asyncio.sleep(0)
        left.cancel()
        office.let_go.set()
        assert ids(await stays) == ["stays"]

    asyncio.run(main())
    assert office.calls == [["left"], ["stays"]]
