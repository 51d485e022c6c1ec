"""Runs the measurements and prints them as one table."""

import platform
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import FrameType
from typing import NoReturn

from django.db import connection

from prepazka.bench import (
    freetimes,
    gateways,
    http,
    kannel,
    messages,
    node,
    pages,
    queue,
    reports,
    scratch,
    smpp,
    streams,
)
from prepazka.bench.country import peak
from prepazka.bench.measure import Row, format_table, report
from prepazka.bench.sizes import FULL, SMALL, USUAL, Sizes

# Each part fills scratch databases of its own, so that it measures the same whether it runs alone or after others.
PARTS: Mapping[str, Callable[[Sizes], list[Row]]] = {
    "messages": messages.measure,
    "freetimes": freetimes.measure,
    "http": http.measure,
    "node": node.measure,
    "pages": pages.measure,
    "queue": queue.measure,
    "reports": reports.measure,
    "streams": streams.measure,
    "smpp": smpp.measure,
    "kannel": kannel.measure,
    "gateways": gateways.measure,
    "country": peak.measure,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be measured. full: all sizes of docs/performance.md; small: a trial of seconds; only: one of `PARTS`.

    seconds, share: of the part `country`, how long all comes at once, and at which share of the country's rates.
    """

    full: bool = False
    small: bool = False
    only: str | None = None
    seconds: float | None = None
    share: float | None = None

    def sizes(self) -> Sizes:
        """Return how much work each part does."""
        sizes = FULL[connection.vendor] if self.full else SMALL if self.small else USUAL
        peak = replace(
            sizes.peak,
            seconds=sizes.peak.seconds if self.seconds is None else self.seconds,
            share=sizes.peak.share if self.share is None else self.share,
        )
        return replace(sizes, peak=peak)


def run(wanted: Wanted) -> None:
    """Measure, and print the table on stdout and the progress on stderr."""
    signal.signal(signal.SIGTERM, _end)  # or scratch databases would be left
    scratch.sweep()
    sizes = wanted.sizes()
    rows = []
    for name in PARTS if wanted.only is None else [wanted.only]:
        report(name)
        rows += PARTS[name](sizes)
    print(f"{_machine()}\n\n{format_table(rows)}")  # noqa: T201 -- the command's answer


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    return f"{connection.vendor} {version}, Python {platform.python_version()}, {platform.machine()}"
