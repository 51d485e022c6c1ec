"""How figures are taken and shown: medians of repeated runs, and each as a ratio to what it is held against."""

import gc
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. figure and against are in `unit`; target is what the ratio or the figure should meet."""

    what: str
    figure: float
    unit: str
    against: float | None = None
    target: str = ""
    note: str = ""

    @property
    def ratio(self) -> str:
        """Our figure in relation to the database's own."""
        return "" if self.against is None else f"{self.figure / self.against:.2f}"


def format_table(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown, so that it can stand in docs/performance.md as it is."""
    lines = ["| what | ours | the database's own | ratio | target | note |", "|---|---|---|---|---|---|"]
    for row in rows:
        against = "" if row.against is None else f"{_number(row.against)} {row.unit}"
        ours = f"{_number(row.figure)} {row.unit}"
        lines.append(f"| {row.what} | {ours} | {against} | {row.ratio} | {row.target} | {row.note} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def report(progress: str) -> None:
    """Print on stderr what is measured now: the large sizes take long."""
    print(f"bench: {progress} …", file=sys.stderr, flush=True)  # noqa: T201 -- progress of long work


def time_runs(what: Callable[[int], object], count: int, *, warm_up: int = 3) -> list[float]:
    """Seconds of each of `count` runs; `what` is given the run's number."""
    for number in range(warm_up):
        what(-1 - number)
    gc.collect()
    taken = []
    for number in range(count):
        began = perf_counter()
        what(number)
        taken.append(perf_counter() - began)
    return taken


def p99(taken: list[float]) -> float:
    """The time 99 of 100 runs stay within."""
    return quantiles(taken, n=100)[98]


__all__ = ["Row", "format_table", "median", "p99", "report", "time_runs"]
