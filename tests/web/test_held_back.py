"""Refusals by a limit are held back for a moment: who repeats at once is slow, and whoever else calls is not."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from prepazka.web import rsgi
from prepazka.web.probes import Response
from tests.web.test_bodies import Scope


class Asked(Scope):
    """A request without a body."""

    method = "GET"
    headers: dict[str, str] = {}  # noqa: RUF012 -- nobody changes it

    def __init__(self, path: str) -> None:
        self.path = path


@dataclass
class Answered:
    """The side of a request that gets the answer."""

    status: int = 0
    sent: asyncio.Event = field(default_factory=asyncio.Event)

    def response_bytes(self, status: int, _headers: object, _body: bytes) -> None:
        self.status = status
        self.sent.set()


@dataclass
class Pause:
    """The pause of refusals, as long as a test wants it."""

    seconds: list[float] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await self.over.wait()


@pytest.fixture(autouse=True)
def _answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer each path by the status it names."""

    def answer(environ: dict[str, Any]) -> Response:
        return Response(int(environ["PATH_INFO"][1:]), [], b"")

    monkeypatch.setattr(rsgi, "_call_django", answer)
    monkeypatch.setattr(rsgi, "_refusals", rsgi._Refusals())


def call(status: int) -> tuple[Answered, asyncio.Task[None]]:
    answered = Answered()
    called = rsgi.application(Asked(f"/{status}"), answered)  # type: ignore[arg-type]  # all that is used of them
    return answered, asyncio.ensure_future(called)


def test_a_refusal_waits_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        pause = Pause()
        monkeypatch.setattr(asyncio, "sleep", pause.sleep)
        refused, waits = call(429)
        others = [call(status) for status in (200, 404, 503)]
        await asyncio.gather(*(task for _, task in others))
        assert [answered.status for answered, _ in others] == [200, 404, 503]
        assert not refused.sent.is_set()
        pause.over.set()
        await waits
        assert (refused.status, pause.seconds) == (429, [1.0])

    asyncio.run(main())


def test_beyond_so_many_connections_refusals_go_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        pause = Pause()
        monkeypatch.setattr(asyncio, "sleep", pause.sleep)
        monkeypatch.setattr(rsgi, "_MOST_HELD_BACK", 37)
        held = [call(429) for _ in range(38)]
        await asyncio.wait([task for _, task in held], return_when=asyncio.FIRST_COMPLETED)
        assert sum(answered.sent.is_set() for answered, _ in held) == 1
        pause.over.set()
        await asyncio.gather(*(task for _, task in held))
        assert len(pause.seconds) == 37
        _, again = call(429)
        await again
        assert len(pause.seconds) == 38, "the places are free again"

    asyncio.run(main())
