"""Event streams: many listeners of one office on one process; how many calls reach each of them, and how soon."""

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

# Seconds between calls: longer than the hub's poll, so that each call is an event of its own.
_PAUSE = 0.7
# Listeners from one address.
_OF_ADDRESS = 250
# Seconds for all listeners to connect.
_CONNECT_TIMEOUT = 60.0


@dataclass
class _Listener:
    """A connection to the stream. received: when each called number first arrived."""

    received: dict[str, float] = field(default_factory=dict)
    connected: bool = False


def measure(sizes: Sizes) -> list[Row]:
    """Start the server on a scratch database, connect the listeners, and call tickets."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a socket for each listener
    listeners = [_Listener() for _ in range(sizes.listeners)]
    with scratch.database() as url:
        office_id = _make_office()
        with serving(url, workers=1) as server:
            idle = server.memory()
            stop = threading.Event()
            listening = threading.Thread(target=lambda: asyncio.run(_listen(server.port, listeners, stop)))
            listening.start()
            deadline = time.monotonic() + _CONNECT_TIMEOUT
            while not all(listener.connected for listener in listeners) and time.monotonic() < deadline:
                time.sleep(0.1)
            called = _call_tickets(office_id, sizes.calls)
            time.sleep(2)
            memory = server.memory()
            stop.set()
            listening.join()
    delays = sorted(
        listener.received[number] - at
        for listener in listeners
        if listener.connected
        for number, at in called.items()
        if number in listener.received
    )
    expected = len(listeners) * len(called)
    connected = sum(listener.connected for listener in listeners)
    return [
        Row(
            f"calls received by {connected:,} listeners on one process, {len(called)} calls",
            100 * len(delays) / expected,
            "%",
            None,
            "100 %",
            f"after p50 {1e3 * median(delays):.0f} ms, p99 {1e3 * delays[len(delays) * 99 // 100]:.0f} ms, "
            f"at most {1e3 * delays[-1]:.0f} ms (< 1,000)",
        ),
        Row("memory of `prepazka serve` with them", memory, "MiB", None, "", f"idle {idle:.0f} MiB"),
    ]


def _make_office() -> int:
    """Store an office that is open all day, every day, and return its id."""
    town = scratch.make_town(1)
    (agenda,) = town.agendas
    always = tuple(WeeklyRule(day, Hours(wall(0), wall(23, 55), 5, 4)) for day in range(7))
    office = replace(
        town, agendas=(replace(agenda, rules=always),), counters=(Counter(1, "jedna", "Přepážka 1", (agenda.id,)),)
    )
    return offices.keep(office, datetime.now(UTC))


def _call_tickets(office_id: int, calls: int) -> dict[str, float]:
    """Call one ticket after another; return the monotonic time of each commit by ticket number."""
    counter = offices.load(office_id).counters[0]
    (service,) = offices.load(office_id).services
    now = datetime.now(UTC)
    seat.sit_down(office_id, counter.id, "bench", now)
    called = {}
    for number in range(calls):
        at = now + timedelta(seconds=number)
        arrive.add_walk_in(office_id, service.code, at, "bench")
        acted = call.call_next(office_id, "bench", at)
        assert isinstance(acted, Acted)  # noqa: S101 -- one ticket waits, the counter is free
        called[acted.ticket.label] = time.monotonic()
        time.sleep(_PAUSE)
        served = call.serve(office_id, "bench", acted.ticket.ref, at)
        assert isinstance(served, Acted)  # noqa: S101 -- nothing else changes the ticket
        call.done(office_id, "bench", served.ticket.ref, at)
    return called


async def _listen(port: int, listeners: list[_Listener], stop: threading.Event) -> None:
    tasks = [asyncio.create_task(_receive(port, place, listener)) for place, listener in enumerate(listeners)]
    while not stop.is_set():
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _receive(port: int, place: int, listener: _Listener) -> None:
    """Listen from one of many addresses of the loopback: a network has only so many listeners."""
    address = f"127.0.{place // _OF_ADDRESS + 1}.1"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    writer.write(b"GET /api/v1/offices/mesto-1/board/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    while line := await reader.readline():
        if line.startswith(b"data: "):
            listener.connected = True
            for number in _called_numbers(line):
                listener.received.setdefault(number, time.monotonic())
    writer.close()


@lru_cache(maxsize=16)  # all listeners get the same event; its parsing must not dominate the measurement
def _called_numbers(line: bytes) -> list[str]:
    return [called["number"] for called in json.loads(line.removeprefix(b"data: "))["calling"]]
