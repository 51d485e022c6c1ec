"""Free times and soonest: rules minus bookings, from one office to thousands, from few bookings to millions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection

from prepazka.bench import scratch
from prepazka.bench.measure import Row, median, p99, report, time_runs
from prepazka.bench.sizes import Filling, Sizes
from prepazka.core.booking.book import BookSoonest
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.query import FreeTimes
from prepazka.core.booking.readset import read_set
from prepazka.core.booking.requests import Request
from prepazka.core.minutes import minute
from prepazka.store import models, offices, reads


def measure(sizes: Sizes) -> list[Row]:
    """The same queries on databases filled more and more, each a new one."""
    rows = []
    for filling in sizes.fillings:
        report(f"{filling.offices:,} offices with {filling.bookings:,} bookings of the past")
        with scratch.database():
            rows += _measure(filling, sizes.queries)
    return rows


def _measure(filling: Filling, runs: int) -> list[Row]:
    """A nearly full week of 5-minute starts in 4 lanes, asked of an office among many with a long past.

    The past is written by the database itself and each office's share of it lies in the same tables and indexes.
    """
    ids = scratch.keep_towns(filling.offices)
    with scratch.without_indexes():
        scratch.fill_past(filling.bookings)
    scratch.fill_week(ids[len(ids) // 2])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    held = models.Booking.objects.count()
    rows = []
    asked = ids[len(ids) // 2]
    for name, request in (
        ("free_times", FreeTimes("ZOP", scratch.MONDAY)),
        ("soonest", BookSoonest("ZOP", "NOVAK")),
    ):
        alone = median(_alone(asked, request, runs))
        taken = time_runs(partial(_look, asked, request), runs)
        own = median(taken) - alone
        rows.append(
            Row(
                f"{name}, {filling.offices:,} offices, {held:,} bookings, p50",
                1e6 * median(taken),
                "µs",
                1e6 * alone,
                "own ≤ 1,000 µs, flat",
                f"own {1e6 * own:,.0f} µs; p99 {1e6 * p99(taken):,.0f} µs",
            )
        )
    return rows


def _alone(office_id: int, request: Request, runs: int) -> list[float]:
    """Seconds the bare driver takes for the same queries, one after another, all rows fetched."""
    texts: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        texts.append(connection.ops.last_executed_query(context["cursor"].cursor, sql, params))
        return result

    with connection.execute_wrapper(note):
        _look(office_id, request, 0)
    driver = connection.connection

    def ask_alone(_number: int) -> None:
        for text in texts:
            driver.execute(text).fetchall()

    return time_runs(ask_alone, runs)


def _look(office_id: int, request: Request, _number: int) -> None:
    """Read and decide, keeping nothing: what the answer costs besides the transaction around it."""
    office = offices.load(office_id)
    submission = Submission(request, scratch.NOW, "+420777123456", codes=("482913",))
    snapshot = reads.snapshot(office, read_set([submission], office), minute(scratch.NOW))
    outcome = decide(submission, office, Ledger(office, snapshot))
    if outcome.outcome not in {"free_times", "booked"}:
        raise RuntimeError(f"the bench measures free times, but there came {outcome}")
