"""Measures by medians of repeated runs, and prints each figure with its ratio to the bare database's."""

import gc
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    figure: ours. against: the bare database's, None where it has none. unit: of both. target: of the ratio or of
    our figure.
    """

    what: str
    figure: float
    unit: str
    against: float | None = None
    target: str = ""
    note: str = ""

    @property
    def ratio(self) -> str:
        """Our figure divided by the bare database's."""
        return "" if self.against is None else f"{self.figure / self.against:.2f}"


def format_table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table, ready for docs/performance.md."""
    lines = ["| what | ours | the database's own | ratio | target | note |", "|---|---|---|---|---|---|"]
    for row in rows:
        against = "" if row.against is None else f"{_number(row.against)} {row.unit}"
        ours = f"{_number(row.figure)} {row.unit}"
        lines.append(f"| {row.what} | {ours} | {against} | {row.ratio} | {row.target} | {row.note} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def report(progress: str) -> None:
    """Print the progress on stderr: the large sizes take long."""
    print(f"bench: {progress} …", file=sys.stderr, flush=True)  # noqa: T201 -- progress of long work


def time_runs(run: Callable[[int], object], count: int, *, warm_up: int = 3) -> list[float]:
    """Return the seconds of each of `count` runs; `run` gets the number of the run, negative ones to warm up."""
    for number in range(warm_up):
        run(-1 - number)
    gc.collect()
    return [time_once(partial(run, number)) for number in range(count)]


def time_once(run: Callable[[], object]) -> float:
    """Return the seconds of one run."""
    began = perf_counter()
    run()
    return perf_counter() - began


def p99(seconds: list[float]) -> float:
    """Return the 99th percentile."""
    return quantiles(seconds, n=100)[98]


__all__ = ["Row", "format_table", "median", "p99", "report", "time_once", "time_runs"]
