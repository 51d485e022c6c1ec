"""Gateways over several real processes that come, freeze, thaw and are killed while messages flow.

No gateway is served by two at once, no message is sent twice, none is lost, and no process has more connections than
its pool. With `--long` a thousand gateways over four processes.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from prepazka.bench.gateways import other_clients
from prepazka.store import gateway_holds, gateways, models, offices
from tests.offices import demo_office
from tests.waiting import until

# On SQLite a process that is frozen while it writes holds up all others, whatever they serve.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

ROOT = Path(__file__).parents[2]
NUMBER = "+420739547765"
# Connections that each process may have.
POOL = 8
DOUBT = ["sending", "unknown"]


@dataclass(frozen=True, slots=True)
class Act:
    """What a gateway did."""

    what: str
    gateway: str
    message: str
    process: int
    began: float
    ended: float


@dataclass
class Town:
    """The gateways, the processes that serve them, and what they wrote down."""

    names: list[str]
    log: Path
    start: Callable[[], "subprocess.Popen[bytes]"]
    queued: int = 0
    most_connections: int = 0

    def holders(self) -> Counter[int]:
        """How many gateways each process holds; meanwhile the connections of all are counted."""
        self.most_connections = max(self.most_connections, other_clients())
        held = gateway_holds.listed_gateways().values()
        return Counter(int(one.holder.split("/")[-2]) for one in held if one.holder)

    def queue(self, each: int = 1) -> None:
        """Queue messages for every gateway, to be sent now."""
        now, office = datetime.now(UTC), models.Office.objects.get()
        made = []
        for number in range(each * len(self.names)):
            self.queued += 1
            made.append(
                models.Outbound(
                    office=office,
                    gateway=self.names[number % len(self.names)],
                    kind="called_off",
                    sender=NUMBER,
                    recipient=f"+420602{self.queued:06d}",
                    text="Zruseno.",
                    parts=1,
                    septets=8,
                    priority=1,
                    state="queued",
                    due_at=now,
                    made_at=now,
                    expires_at=now + timedelta(hours=2),
                )
            )
        models.Outbound.objects.bulk_create(made)

    def acts(self) -> list[Act]:
        lines = [line.split() for line in self.log.read_text("utf-8").splitlines()]
        return [
            Act(what, gateway, message, int(process), float(began), float(ended))
            for what, gateway, message, process, began, ended in lines
        ]

    def sent(self) -> Counter[str]:
        return Counter(act.message for act in self.acts() if act.what == "send")

    def all_sent(self) -> bool:
        return not models.Outbound.objects.filter(state="queued").exists()


@pytest.fixture
def town(database_url: str, tmp_path: Path, whole: bool) -> Iterator[Town]:
    """A third of the gateways speak, the others are quiet. Killed processes and those left over are reaped."""
    now = datetime.now(UTC)
    names = [f"obec-{number}" for number in range(1000 if whole else 24)]
    for place, name in enumerate(names):
        gateways.keep(name, "hosted" if place % 3 else "smpp", {}, now, "test")
    offices.keep(demo_office(), now)
    started: list[subprocess.Popen[bytes]] = []
    log = tmp_path / "acts"
    log.touch()

    def start() -> "subprocess.Popen[bytes]":
        given = {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "prepazka.settings",
            "PREPAZKA_STATE": str(tmp_path),
            "PREPAZKA_SECRET_KEY": "0123456789" * 6,
            "PREPAZKA_POOL": str(POOL),
        }
        command = [sys.executable, "-m", "tests.process.recorded", str(log)]
        with (tmp_path / "errors").open("ab") as errors:
            process = subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stderr=errors, stdout=errors)
        started.append(process)
        return process

    yield Town(names, log, start)
    for process in started:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait(30)


def shared(town: Town, *among: "subprocess.Popen[bytes]") -> bool:
    """Whether these processes, and no others, hold all gateways between them, each some."""
    held = town.holders()
    return set(held) == {one.pid for one in among} and sum(held.values()) == len(town.names)


def test_processes_come_freeze_thaw_and_die_and_each_gateway_has_one(town: Town, whole: bool) -> None:
    first, second = town.start(), town.start()
    more = [town.start() for _ in range(2 if whole else 0)]
    until(lambda: shared(town, first, second, *more), "all have their share")
    town.queue(2)
    frozen_at = monotonic()
    second.send_signal(signal.SIGSTOP)
    town.queue()
    until(lambda: shared(town, first, *more), "the frozen one has lost its share")
    town.queue()
    thawed_at = monotonic()
    second.send_signal(signal.SIGCONT)
    until(lambda: shared(town, first, second, *more), "the thawed one has its share again")
    town.queue(2)
    killed_at = datetime.now(UTC)
    first.kill()
    first.wait(30)
    until(lambda: shared(town, second, *more), "the killed one has lost its share")
    taken_after = datetime.now(UTC) - killed_at
    town.queue()
    until(town.all_sent, "all messages are sent")

    assert town.most_connections <= POOL * (2 + len(more))
    assert taken_after < timedelta(seconds=60), "at once on the same machine, not when its holds run out"
    assert two_at_once(town.acts(), second.pid, frozen_at, thawed_at) == []
    sent = town.sent()
    assert {message: times for message, times in sent.items() if times > 1} == {}
    # What was with its peer when its process was killed: nobody knows, and nobody sends it again.
    in_doubt = set(models.Outbound.objects.filter(state__in=DOUBT).values_list("recipient", flat=True))
    handed = set(models.Outbound.objects.filter(state="handed").values_list("recipient", flat=True))
    assert handed | in_doubt == {f"+420602{number + 1:06d}" for number in range(town.queued)}
    assert handed <= set(sent)
    assert len(in_doubt) < len(town.names)


def two_at_once(acts: list[Act], frozen: int, frozen_at: float, thawed_at: float) -> list[tuple[Act, Act]]:
    """Return the acts of two processes on one gateway that overlap; what the frozen one was in the middle of is let."""
    clashes = []
    latest: dict[str, Act] = {}
    for act in sorted(acts, key=lambda one: one.began):
        if act.process == frozen and act.began <= frozen_at and act.ended >= thawed_at:
            continue
        before = latest.get(act.gateway)
        if before and before.process != act.process and before.ended > act.began:
            clashes.append((before, act))
        if before is None or before.ended < act.ended:
            latest[act.gateway] = act
    return clashes
