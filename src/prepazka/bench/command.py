"""Runs the measurements, each on a scratch database of its own, and prints them as one table."""

import platform
import sys
from collections.abc import Callable, Sequence
from functools import partial

from django.db import connection

from prepazka.bench import freetimes, http, messages, queue, scratch, streams
from prepazka.bench.measure import Row, show

# Offices and past bookings of each size; the whole of what docs/performance.md shows.
SMALL: Sequence[tuple[int, int]] = [(1, 10_000), (100, 100_000)]
FULL = {
    "sqlite": [(1, 10_000), (1, 1_000_000), (100, 1_000_000), (6_000, 1_000_000)],
    "postgresql": [(1, 10_000), (1, 1_000_000), (100, 1_000_000), (6_000, 10_000_000)],
}


def run(*, full: bool, only: str | None) -> None:
    """Measure and print; `only`: messages, freetimes, http or queue. What is being done is told on stderr."""
    sizes = FULL[connection.vendor] if full else SMALL
    parts: list[tuple[str, Callable[[str], list[Row]]]] = [
        ("messages", messages.measure),
        *(("freetimes", partial(_freetimes, offices, bookings)) for offices, bookings in sizes),
        ("http", http.measure),
        ("queue", queue.measure),
        ("streams", streams.measure),
    ]
    rows = []
    for name, measure in parts:
        if only in (None, name):
            _tell(f"bench: {name} …")
            with scratch.database() as url:
                rows += measure(url)
    print(f"{_machine()}\n\n{show(rows)}")  # noqa: T201 -- the command's answer


def _freetimes(offices: int, bookings: int, _url: str) -> list[Row]:
    return freetimes.measure(offices, bookings, lambda what: _tell(f"bench: {what} …"))


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)  # noqa: T201 -- progress of long work


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    return f"{connection.vendor} {version}, Python {platform.python_version()}, {platform.machine()}"
