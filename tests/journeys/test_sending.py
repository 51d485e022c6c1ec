"""Sending, killed with SIGKILL at every step, and by many processes at once: nothing lost, nothing twice.

Steps are the moments before and after each statement and each message the gateway takes.
"""

import json
import multiprocessing
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from prepazka.core.delivery import LEASE, WAIT, message_id
from prepazka.flows.outbound import notify
from prepazka.flows.outbound.deliver import deliver
from prepazka.gateways.values import Capabilities
from prepazka.sms.reply.render import Reply
from prepazka.store import models, offices
from tests.journeys.conftest import NOW, NUMBER, child, forget_everything

_FORKS = multiprocessing.get_context("forkserver")
PROCESSES = 3
COUNT = 2
Kill = Callable[[str, Capabilities, Callable[[set[str]], None]], None]


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return tmp_path / "network"


def queue(office_id: int, count: int, kind: str) -> set[str]:
    """Queue so many messages; return their ids."""
    office = offices.load(office_id)
    route = notify.Route("wire", NUMBER)
    until = NOW + timedelta(hours=4)
    tidings = [
        notify.Notification(kind, f"+42060200{n:04d}", Reply(f"zprava {n}", 8, 1), until, route=route)
        for n in range(count)
    ]
    assert notify.enqueue(office, tidings, NOW) == count
    return {message_id(row, made_at) for row, made_at in models.Outbound.objects.values_list("id", "made_at")}


def arrived(network: Path) -> Counter[str]:
    """Return how many copies of each message the network got."""
    return Counter(network.read_text().split()) if network.exists() else Counter()


def states() -> dict[str, str]:
    found = models.Outbound.objects.values_list("id", "made_at", "state")
    return {message_id(row, made_at): state for row, made_at, state in found}


@pytest.fixture
def kill_at_every_step(office_id: int, network: Path, run: Callable[..., Any]) -> Kill:
    """After each kill, and after other processes delivered when lease and wait ended, `look` at the result."""

    def kill(kind: str, capabilities: Capabilities, look: Callable[[set[str]], None]) -> None:
        wire = child.Wire(network, capabilities)
        queue(office_id, COUNT, kind)
        steps = run(child.send_off, wire, NOW, None)["steps"]
        assert steps > COUNT * 8
        for fatal in range(steps):
            forget_everything()
            network.unlink(missing_ok=True)
            ids = queue(office_id, COUNT, kind)
            assert run(child.send_off, wire, NOW, fatal) is None, f"step {fatal} was not reached"
            for later in (LEASE, LEASE + WAIT):
                while deliver(wire, NOW + later):
                    pass
            assert set(arrived(network)) <= ids
            look(ids)

    return kill


def test_killed_with_a_gateway_that_keeps_our_ids_each_message_is_sent_once(
    network: Path, kill_at_every_step: Kill
) -> None:
    def look(ids: set[str]) -> None:
        assert arrived(network) == Counter(ids)
        assert set(states().values()) == {"handed"}

    kill_at_every_step("notice", Capabilities(batch=2, idempotent=True), look)


def test_killed_with_one_that_does_not_what_may_have_been_sent_is_not_sent_again(
    network: Path, kill_at_every_step: Kill
) -> None:
    def look(ids: set[str]) -> None:
        copies, known = arrived(network), states()
        assert max(copies.values(), default=0) <= 1
        assert {id_ for id_ in ids if known[id_] == "handed"} <= set(copies)
        assert {known[id_] for id_ in ids - set(copies)} <= {"unknown"}
        assert list(known.values()).count("unknown") <= 2, "no more than the batch that was claimed"

    kill_at_every_step("notice", Capabilities(batch=2), look)


def test_killed_a_reply_arrives_at_least_once_and_at_most_twice(network: Path, kill_at_every_step: Kill) -> None:
    def look(ids: set[str]) -> None:
        copies = arrived(network)
        assert set(copies) == ids
        assert max(copies.values()) <= 2
        assert sum(copies.values()) <= COUNT + 2, "no more copies than the batch that was claimed"
        assert set(states().values()) == {"handed"}

    kill_at_every_step("reply", Capabilities(batch=2), look)


@pytest.mark.parametrize("batch", [1, 4])
def test_processes_that_send_at_once_share_the_messages(
    office_id: int, network: Path, start: Callable[..., Any], tmp_path: Path, batch: int
) -> None:
    ids = queue(office_id, 40, "reply")
    barrier = _FORKS.Barrier(PROCESSES)
    reports = [tmp_path / f"{place}.json" for place in range(PROCESSES)]
    running = [
        start(child.contend_sending, child.Wire(network, Capabilities(batch=batch)), NOW, barrier, report)
        for report in reports
    ]
    for process in running:
        process.join(120)
        assert process.exitcode == 0
    assert arrived(network) == Counter(ids)
    assert sum(json.loads(report.read_text()) for report in reports) == 40
    assert set(states().values()) == {"handed"}


def test_processes_that_send_at_once_keep_one_pace(
    office_id: int, network: Path, start: Callable[..., Any], tmp_path: Path
) -> None:
    queue(office_id, 40, "reply")
    barrier = _FORKS.Barrier(PROCESSES)
    capabilities = Capabilities(batch=4, per_minute=10)
    running = [
        start(child.contend_sending, child.Wire(network, capabilities), NOW, barrier, tmp_path / f"{place}.json")
        for place in range(PROCESSES)
    ]
    for process in running:
        process.join(120)
        assert process.exitcode == 0
    assert arrived(network).total() == 10
