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
    """Measure the same queries on new databases of growing size."""
    rows = []
    for filling in sizes.fillings:
        report(f"{filling.offices:,} offices with {filling.bookings:,} bookings of the past")
        with scratch.database():
            rows += _measure(filling, sizes.queries)
    return rows


def _measure(filling: Filling, runs: int) -> list[Row]:
    """Measure a nearly full week of 5-minute starts in 4 lanes, of one office among many with a long past.

    The database itself writes the past bookings, shared evenly among all offices.
    """
    ids = scratch.store_towns(filling.offices)
    with scratch.without_indexes():
        scratch.fill_past(filling.bookings)
    office_id = ids[len(ids) // 2]
    scratch.fill_week(office_id)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    bookings = models.Booking.objects.count()
    rows = []
    for name, request in (
        ("free_times", FreeTimes("ZOP", scratch.MONDAY)),
        ("soonest", BookSoonest("ZOP", "NOVAK")),
    ):
        driver = median(_time_driver(office_id, request, runs))
        seconds = time_runs(partial(_query, office_id, request), runs)
        own = median(seconds) - driver
        rows.append(
            Row(
                f"{name}, {filling.offices:,} offices, {bookings:,} bookings, p50",
                1e6 * median(seconds),
                "µs",
                1e6 * driver,
                "own ≤ 1,000 µs, flat",
                f"own {1e6 * own:,.0f} µs; p99 {1e6 * p99(seconds):,.0f} µs",
            )
        )
    return rows


def _time_driver(office_id: int, request: Request, runs: int) -> list[float]:
    """Return the seconds the bare driver needs for the same statements, all rows fetched."""
    statements: list[str] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        statements.append(connection.ops.last_executed_query(context["cursor"].cursor, sql, params))
        return result

    with connection.execute_wrapper(record):
        _query(office_id, request, 0)
    bare = connection.connection

    def run_statements(_number: int) -> None:
        for statement in statements:
            bare.execute(statement).fetchall()

    return time_runs(run_statements, runs)


def _query(office_id: int, request: Request, _number: int) -> None:
    """Read and decide without storing anything: the cost of the answer besides the transaction around it."""
    office = offices.load(office_id)
    submission = Submission(request, scratch.NOW, "+420777123456", codes=("482913",))
    snapshot = reads.snapshot(office, read_set([submission], office), minute(scratch.NOW))
    outcome = decide(submission, office, Ledger(office, snapshot))
    if outcome.outcome not in {"free_times", "booked"}:
        raise RuntimeError(f"the bench measures free times, not {outcome}")
