"""Runs the measurements and prints them as one table."""

import platform
from collections.abc import Callable, Mapping

from django.db import connection

from prepazka.bench import freetimes, http, messages, node, queue, reports, streams
from prepazka.bench.measure import Row, format_table, report
from prepazka.bench.sizes import FULL, SMALL, USUAL, Sizes

# Each part fills scratch databases of its own, so that it measures the same whether it runs alone or after others.
PARTS: Mapping[str, Callable[[Sizes], list[Row]]] = {
    "messages": messages.measure,
    "freetimes": freetimes.measure,
    "http": http.measure,
    "node": node.measure,
    "queue": queue.measure,
    "reports": reports.measure,
    "streams": streams.measure,
}


def run(*, full: bool = False, small: bool = False, only: str | None = None) -> None:
    """Measure, and print the table on stdout and the progress on stderr.

    full: all sizes of docs/performance.md. small: a trial of seconds. only: one of `PARTS`.
    """
    sizes = FULL[connection.vendor] if full else SMALL if small else USUAL
    rows = []
    for name in PARTS if only is None else [only]:
        report(name)
        rows += PARTS[name](sizes)
    print(f"{_machine()}\n\n{format_table(rows)}")  # noqa: T201 -- the command's answer


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    return f"{connection.vendor} {version}, Python {platform.python_version()}, {platform.machine()}"
