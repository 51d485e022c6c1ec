"""The running server: bookings over HTTP, a race for the same places, start time, and memory when idle."""

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from prepazka.bench import children, processor, scratch
from prepazka.bench.measure import Row, median, p99
from prepazka.bench.messages import bookings
from prepazka.bench.sizes import Sizes
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices

CLIENTS = 8
WORKERS = 2
# Seconds for a server to start, on a machine as busy as can be.
_ANSWERS_WITHIN = 600.0
_TOKEN = "bench"  # noqa: S105 -- of a scratch database, on the loopback


def measure(sizes: Sizes) -> list[Row]:
    """Start the server on a scratch database and measure it by several clients at once."""
    with scratch.database() as url:
        office_id, contested = scratch.store_towns(2)
        gateway = models.Gateway.objects.create(
            name="bench",
            kind="http",
            token_sha256=hashlib.sha256(_TOKEN.encode()).hexdigest(),
            token_purposes=["messages", "replies"],
            made_at=scratch.NOW,
        )
        models.Number.objects.update(gateway=gateway)
        with serving(url, workers=1) as server:
            start = Row("start of `prepazka serve` to its first answer", server.started_in, "s", None, "≤ 3 s")
            idle = Row("memory of `prepazka serve` idle, all processes", server.memory(), "MiB", None, "≤ 120 MiB")
        with serving(url, workers=WORKERS) as server:
            messages = bookings("http", offices.load(office_id).numbers[0], _today())
            shares = [[next(messages) for _ in range(sizes.bookings)] for _ in range(CLIENTS)]
            began = time.perf_counter()
            answers = _hand_in(server.port, shares)
            seconds = time.perf_counter() - began
            contest = _measure_contest(server.port, contested, sizes.contests)
    return [
        Row(
            f"bookings over HTTP, {CLIENTS} clients, {WORKERS} processes",
            CLIENTS * sizes.bookings / seconds,
            "bookings/s",
            None,
            "≥ 300/s",
            f"p50 {1e3 * median(answers.seconds):.1f} ms (< 20), p99 {1e3 * p99(answers.seconds):.1f} ms; "
            f"{_list_outcomes(answers.outcomes)}",
        ),
        contest,
        start,
        idle,
    ]


def _today() -> date:
    return datetime.now(UTC).date()


def _measure_contest(port: int, office_id: int, contests: int) -> Row:
    """Let all clients book the same start, which has four lanes, again and again."""
    number = offices.load(office_id).numbers[0]
    day = _today() + timedelta(days=1)
    outcomes: Counter[str] = Counter()
    for contest in range(contests):
        at = f"{8 + contest // 12}:{contest % 12 * 5:02d}"
        shares = [
            [
                Inbound(
                    "bench",
                    f"contest-{contest}-{client}",
                    f"+420{603_000_000 + contest * CLIENTS + client}",
                    number,
                    f"OBJ ZOP {day.day}.{day.month}.{day.year} {at} NOVAK",
                )
            ]
            for client in range(CLIENTS)
        ]
        outcomes += _hand_in(port, shares).outcomes
    places = models.Booking.objects.filter(office_id=office_id, state="booked")
    doubled = places.count() - places.values("lane", "starts_at").distinct().count()
    return Row(
        f"double bookings when {CLIENTS} clients want the same 4 places, {contests} times",
        doubled,
        "",
        None,
        "0",
        _list_outcomes(outcomes),
    )


def _list_outcomes(outcomes: Counter[str]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))


@dataclass(frozen=True, slots=True)
class _Answers:
    """The seconds of every request, and how often each outcome came."""

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


def _hand_in(port: int, shares: Sequence[Sequence[Inbound]]) -> _Answers:
    """Hand in each share by a client of its own, one message a request."""
    answers = _Answers()

    def client(share: Sequence[Inbound]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for message in share:
            body = {"id": message.id, "from": message.sender, "to": message.recipient, "text": message.text}
            began = time.perf_counter()
            connection.request(
                "POST",
                "/api/v1/messages",
                json.dumps(body),
                {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"},
            )
            answer = json.load(connection.getresponse())
            answers.seconds.append(time.perf_counter() - began)
            answers.outcomes[answer.get("outcome", answer.get("title"))] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@dataclass(frozen=True, slots=True)
class Server:
    """A running `prepazka serve`; started_in: seconds to the first answer."""

    port: int
    started_in: float
    process: int

    def memory(self) -> float:
        """Return the MiB of all its processes together, shared pages counted once."""
        return sum(map(_proportional_set, processor.process_tree(self.process))) / 1024

    def processor(self) -> float:
        """Return the seconds of processor that all its processes have taken."""
        return processor.of_tree(self.process)


@contextmanager
def serving(url: str, *, workers: int) -> Iterator[Server]:
    """Run the server on a free port of the loopback until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "prepazka", "serve", "--port", str(port), "--workers", str(workers)]
    began = time.perf_counter()
    process = children.start(command, environment={**os.environ, "DATABASE_URL": url}, silent=True)
    try:
        _wait_until_ready(port, process)
        started_in = time.perf_counter() - began
        _wait_until_loaded(port)
        yield Server(port, started_in, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _ANSWERS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("`prepazka serve` did not answer")


def _wait_until_loaded(port: int) -> None:
    """Wait for what a process loads behind its first answer: `/readyz` waits for it, too."""
    check = "loading"
    while check == "loading":
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/readyz")
        check = json.load(connection.getresponse()).get("check", "")
        connection.close()


def _proportional_set(pid: int) -> int:
    """Return the KiB of a process, each shared page divided among the processes that share it (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
