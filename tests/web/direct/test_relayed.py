"""Messages that another process decides: relayed calls are answered as if this process had decided."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import pytest
from django.db import OperationalError

from prepazka.store import models, moves
from prepazka.web import rsgi
from prepazka.web.api import direct
from prepazka.web.relay import LONGEST, Relay, relay
from tests.web.conftest import NUMBER, TOKEN, message
from tests.web.direct.calls import (
    BODIES,
    THEIRS,
    Answer,
    Call,
    assert_alike,
    call,
)


@pytest.fixture
def relayed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Call], Answer]:
    """Ask a process that relays calls about NUMBER to another one."""
    home = crc32(NUMBER.encode()) % 2

    def relayed(one: Call) -> Answer:
        asyncio.run(between(one))
        return one.answer

    async def between(one: Call) -> None:
        ours, theirs = Relay(), Relay()
        ours.open(2)
        theirs._ways = ours._ways
        loop = asyncio.get_running_loop()
        ours.begin(1 - home, direct.take_relayed, loop)
        theirs.begin(home, direct.take_relayed, loop)
        with monkeypatch.context() as patched:
            patched.setattr(direct, "relay", ours)
            await rsgi.application(one, one)  # type: ignore[arg-type]  # all that is used of them
        loop.remove_reader(theirs._ways[home].read_end)
        ours.close()

    return relayed


# --- relayed to another process -----------------------------------------------------------------


@pytest.mark.parametrize("name", BODIES)
def test_each_body_is_answered_alike_by_another_process(name: str, relayed: Callable[[Call], Answer]) -> None:
    body, content_type = BODIES[name]
    for token in (TOKEN, THEIRS):
        assert_alike(call(body, token, content_type), relayed)


@pytest.mark.parametrize("at", ["2026-08-03T08:59:59+02:00", "1900-01-01T00:00:00Z", None])
def test_the_moment_of_a_message_reaches_the_other_process(at: str | None, relayed: Callable[[Call], Answer]) -> None:
    assert_alike(call(message(text="OBJ ZOP zitra 14:00 NOVAK", at=at)), relayed)


def test_a_repeat_is_answered_alike_by_another_process(relayed: Callable[[Call], Answer]) -> None:
    assert assert_alike(call(), relayed, before=call()).status == 200


@pytest.mark.parametrize("error", [OperationalError("away"), moves.MovedOffice("demo"), ValueError("a mistake")])
def test_what_fails_in_another_process_is_told_to_the_caller(
    monkeypatch: pytest.MonkeyPatch, relayed: Callable[[Call], Answer], error: Exception
) -> None:
    calls: list[int] = []

    def fail(*_: object) -> None:
        calls.append(1)
        raise error

    monkeypatch.setattr(direct, "receive_bound", fail)
    assert assert_alike(call(), relayed).status >= 400
    assert len(calls) == 3, "once alone; in the other process, and again by its caller"


class Slow:
    """Another process that answers after the caller has lost patience: it is slow, and not dead."""

    def __init__(self, relayed_call: Any) -> None:
        self.begun = asyncio.create_task(direct.take_relayed(relayed_call))
        self.is_first = False
        self.dies = False

    async def in_time(self) -> None:
        if self.is_first:
            await self.begun

    async def late(self) -> Any:
        answer = await self.begun
        return None if self.dies else answer


def beside(monkeypatch: pytest.MonkeyPatch, **so: bool) -> Callable[[Call], Answer]:
    """Ask a process whose call another one serves, too, before or after it."""

    async def serve(one: Call) -> None:
        others: list[Slow] = []

        @contextmanager
        def asking(_about: str, relayed_call: Any) -> Iterator[Slow]:
            others.append(Slow(relayed_call))
            vars(others[0]).update(so)
            yield others[0]

        monkeypatch.setattr(relay, "asking", asking)
        await rsgi.application(one, one)  # type: ignore[arg-type]  # all that is used of them
        await others[0].begun

    def beside(one: Call) -> Answer:
        asyncio.run(serve(one))
        return one.answer

    return beside


@pytest.mark.parametrize("is_first", [True, False])
def test_a_call_both_processes_serve_has_one_effect_and_is_told_its_own_answer(
    monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    one = call(message(text="OBJ PTP 6.8. 13:30 HOLUBOVA", id="vlnka-7"))
    assert assert_alike(one, beside(monkeypatch, is_first=is_first)).status == 202
    assert models.Inbound.objects.count() == models.Booking.objects.count() == 1
    assert json.loads(one.answer.body)["reply"] == models.Outbound.objects.get().text


@pytest.mark.parametrize("is_first", [True, False])
def test_a_repeat_both_processes_serve_is_a_repeat(monkeypatch: pytest.MonkeyPatch, is_first: bool) -> None:
    answer = assert_alike(call(), beside(monkeypatch, is_first=is_first), before=call())
    assert (answer.status, json.loads(answer.body)["earlier"]["outcome"]) == (200, "booked")


def test_where_the_other_process_died_after_it_served_the_answer_is_the_one_of_a_repeat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = call()
    answer = beside(monkeypatch, is_first=True, dies=True)(one)
    told = json.loads(answer.body)
    assert (answer.status, told["outcome"], told["earlier"]["outcome"]) == (200, "duplicate", "booked")
    assert told["earlier"]["reply"] == models.Outbound.objects.get().text


def test_a_list_is_not_relayed_for_its_answer_may_be_longer_than_it_can_be_handed_back(
    monkeypatch: pytest.MonkeyPatch, relayed: Callable[[Call], Answer]
) -> None:
    asked = [
        message(text="TERMIN ZCD 7.8.", id=f"volno-{number}") | {"from": f"+4207391234{number}"}
        for number in range(10, 50)
    ]
    answer = assert_alike(call(asked), relayed)
    told = json.loads(answer.body)
    assert (answer.status, {one["outcome"] for one in told}) == (202, {told[0]["outcome"]})
    assert told[0]["outcome"] != "duplicate"
    assert len(answer.body) > LONGEST, "or the test is in vain"


def test_calls_are_relayed(monkeypatch: pytest.MonkeyPatch, relayed: Callable[[Call], Answer]) -> None:
    taken: list[Any] = []
    take = direct.take_relayed

    async def note(relayed_call: Any) -> Any:
        taken.append(relayed_call)
        return await take(relayed_call)

    monkeypatch.setattr(direct, "take_relayed", note)
    assert relayed(call()).status == 202
    assert len(taken) == 1
