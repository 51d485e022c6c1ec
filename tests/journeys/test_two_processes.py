"""Two processes of one server are handed the same messages by many callers, and one is killed: each has one effect.

The callers' connections are spread over both processes, and one of these gathers the calls of the office for the other.
"""

import json
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from importlib.resources import files
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, NamedTuple

import pytest

from prepazka.store import models
from tests.attack.serving import children
from tests.play.running import Running
from tests.waiting import DEADLINE

CALLERS, MESSAGES = 8, 40
MONDAY = date(2026, 8, 3)
OURS, THEIRS = "+420739547765", "+420739000099"


class Answer(NamedTuple):
    """What a caller was told of a message."""

    status: int
    reply: str


@pytest.fixture
def running(database_url: str, tmp_path: Path) -> Iterator[Running]:
    running = Running(database_url, tmp_path, workers=2)
    running.at("2026-07-31T10:00")
    text = (files("prepazka") / "demo.toml").read_text("utf-8")
    for slug, number in (("demo", OURS), ("other", THEIRS)):
        file = tmp_path / f"{slug}.toml"
        file.write_text(text.replace(OURS, number).replace('slug = "demo"', f'slug = "{slug}"'), "utf-8")
        running.prepazka("load-office", str(file))
    running.start()
    yield running
    running.kill()
    assert "Traceback" not in running.log.read_text("utf-8", "replace")


@dataclass
class Callers:
    """Hand in all messages, each caller in its own order, and again until it has an answer to each."""

    port: int
    token: str
    token_of_another_office: str
    messages: Sequence[dict[str, str]]
    seed: int
    some: Event = field(default_factory=Event)
    answers: list[tuple[str, Answer]] = field(default_factory=list)

    def call(self, caller: int) -> None:
        order = random.Random(f"{self.seed}-{caller}")
        mine = order.sample(self.messages, len(self.messages))
        connection = HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        for place, message in enumerate(mine):
            self.answers.append((message["id"], self._answer(connection, message)))
            if place % 7 == caller % 7:
                status, _ = self._ask(connection, message, self.token_of_another_office)
                assert status == 403
            if len(self.answers) > CALLERS * MESSAGES // 3:
                self.some.set()
        connection.close()

    def _answer(self, connection: HTTPConnection, message: dict[str, str]) -> Answer:
        status, line = self._ask(connection, message, self.token)
        assert status in {200, 202}, line
        told = line["earlier"] if status == 200 else line
        return Answer(status, told["reply"])

    def _ask(self, connection: HTTPConnection, message: dict[str, str], token: str) -> tuple[int, Any]:
        """Ask until there is an answer: a process may be killed, or the office held up for a moment."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        status, ends = 503, monotonic() + DEADLINE
        while status == 503:
            assert monotonic() < ends
            try:
                connection.request("POST", "/api/v1/messages", json.dumps(message), headers)
                response = connection.getresponse()
                status, line = response.status, json.load(response)
            except (HTTPException, OSError):
                connection.close()
        return status, line


@pytest.mark.parametrize("killed", [0, 1])
def test_each_message_has_one_effect_and_one_answer(running: Running, killed: int) -> None:
    callers = Callers(running.port, token(running, "ours", OURS), token(running, "theirs", THEIRS), [*texts()], killed)
    with ThreadPoolExecutor(CALLERS) as threads:
        calls = [threads.submit(callers.call, caller) for caller in range(CALLERS)]
        callers.some.wait(DEADLINE)
        assert running._process
        os.kill(sorted(children(running._process.pid))[killed], signal.SIGKILL)
        for call in calls:
            call.result(DEADLINE)
    assert len(callers.answers) == CALLERS * MESSAGES
    told: dict[str, list[Answer]] = {}
    for id_, answer in callers.answers:
        told.setdefault(id_, []).append(answer)
    assert all(len({one.reply for one in answers}) == 1 for answers in told.values()), "each is told the same"
    firsts = Counter(sum(one.status == 202 for one in answers) for answers in told.values())
    assert firsts.keys() <= {0, 1}
    assert firsts[0] <= CALLERS, "the process that was killed had stored them, and not yet answered"
    assert models.Inbound.objects.count() == MESSAGES
    assert not models.Inbound.objects.filter(state="waiting").exists()
    assert models.Booking.objects.filter(office__slug="demo").count() == MESSAGES
    assert models.Outbound.objects.filter(kind="reply").count() == MESSAGES


def token(running: Running, gateway: str, number: str) -> str:
    """A new token of a gateway with this number, for messages and the replies to them."""
    purposes = ("--purpose", "messages", "--purpose", "replies")
    return running.prepazka("gateway", "token", gateway, "--number", number, *purposes).split()[-1]


def texts() -> Iterator[dict[str, str]]:
    """Yield bookings of different people, each of a place of its own."""
    for place in range(MESSAGES):
        day, at = MONDAY + timedelta(days=7 * (place // 14)), place % 14
        yield {
            "id": f"m{place}",
            "from": f"+4207771{place:05d}",
            "to": OURS,
            "text": f"OBJ ZOP {day.day}.{day.month}. {8 + at // 4}:{at % 4 * 15:02d} KAREL{'ABCDEFGHIJ'[place % 10]}",
        }
