"""Event streams: many listeners of one office on one process, and whether each hears of every call, and how soon."""

import asyncio
import json
import resource
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from functools import lru_cache

from prepazka.bench import scratch
from prepazka.bench.http import serving
from prepazka.bench.measure import Row, median
from prepazka.bench.sizes import Sizes
from prepazka.core.office.office import Counter, Hours, WeeklyRule
from prepazka.core.queue.outcomes import Acted
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import offices

# Seconds between calls: more than a look, so that each is a state of its own; and in which all must have joined.
_PAUSE = 0.7
_JOINED = 60.0


@dataclass
class _Ear:
    """One listener: when it first heard of each number being called."""

    heard: dict[str, float] = field(default_factory=dict)
    joined: bool = False


def measure(sizes: Sizes) -> list[Row]:
    """Start the server on a scratch database, listen, and call."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a line for each listener
    ears = [_Ear() for _ in range(sizes.listeners)]
    with scratch.database() as url:
        office_id = _open_office()
        with serving(url, workers=1) as server:
            idle = server.memory()
            stop = threading.Event()
            listening = threading.Thread(target=lambda: asyncio.run(_listen(server.port, ears, stop)))
            listening.start()
            deadline = time.monotonic() + _JOINED
            while not all(ear.joined for ear in ears) and time.monotonic() < deadline:
                time.sleep(0.1)
            called = _call(office_id, sizes.calls)
            time.sleep(2)
            memory = server.memory()
            stop.set()
            listening.join()
    delays = sorted(
        ear.heard[number] - at for ear in ears if ear.joined for number, at in called.items() if number in ear.heard
    )
    expected = len(ears) * len(called)
    joined = sum(ear.joined for ear in ears)
    return [
        Row(
            f"calls heard by {joined:,} listeners on one process, {len(called)} calls",
            100 * len(delays) / expected,
            "%",
            None,
            "100 %",
            f"after p50 {1e3 * median(delays):.0f} ms, p99 {1e3 * delays[len(delays) * 99 // 100]:.0f} ms, "
            f"at most {1e3 * delays[-1]:.0f} ms (< 1,000)",
        ),
        Row("memory of `prepazka serve` with them", memory, "MiB", None, "", f"idle {idle:.0f} MiB"),
    ]


def _open_office() -> int:
    """An office that is open now, whenever that is."""
    town = scratch.make_town(1)
    (agenda,) = town.agendas
    always = tuple(WeeklyRule(day, Hours(wall(0), wall(23, 55), 5, 4)) for day in range(7))
    office = replace(
        town, agendas=(replace(agenda, rules=always),), counters=(Counter(1, "jedna", "Přepážka 1", (agenda.id,)),)
    )
    return offices.keep(office, datetime.now(UTC))


def _call(office_id: int, calls: int) -> dict[str, float]:
    """Call one after another; each number with when its call was committed."""
    counter = offices.load(office_id).counters[0]
    (service,) = offices.load(office_id).services
    now = datetime.now(UTC)
    seat.sit_down(office_id, counter.id, "bench", now)
    called = {}
    for number in range(calls):
        at = now + timedelta(seconds=number)
        arrive.add_walk_in(office_id, service.code, at, "bench")
        acted = call.call_next(office_id, "bench", at)
        assert isinstance(acted, Acted)  # noqa: S101 -- somebody waits, nobody is there
        called[acted.ticket.label] = time.monotonic()
        time.sleep(_PAUSE)
        served = call.serve(office_id, "bench", acted.ticket.ref, at)
        assert isinstance(served, Acted)  # noqa: S101 -- it is the ticket as it is
        call.done(office_id, "bench", served.ticket.ref, at)
    return called


async def _listen(port: int, ears: list[_Ear], stop: threading.Event) -> None:
    tasks = [asyncio.create_task(_hear(port, ear)) for ear in ears]
    while not stop.is_set():
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _hear(port: int, ear: _Ear) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /api/v1/offices/mesto-1/board/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    while line := await reader.readline():
        if line.startswith(b"data: "):
            ear.joined = True
            for number in _calling(line):
                ear.heard.setdefault(number, time.monotonic())
    writer.close()


@lru_cache(maxsize=16)  # all hear the same, and reading it must not be what is measured
def _calling(line: bytes) -> list[str]:
    return [one["number"] for one in json.loads(line.removeprefix(b"data: "))["calling"]]
