"""Free times and soonest: rules minus bookings, from one office to thousands, from few bookings to millions."""

from collections.abc import Callable
from functools import partial

from django.db import connection

from prepazka.bench import scratch
from prepazka.bench.measure import Row, median, p99, times
from prepazka.core.asks import Ask, BookSoonest, FreeTimes
from prepazka.core.books import Books, Request
from prepazka.core.clock import minute
from prepazka.core.deciding import decide
from prepazka.core.needs import needs
from prepazka.store import models, offices, reads

_RUNS = 300


def measure(office_count: int, booking_count: int, told: Callable[[str], None]) -> list[Row]:
    """A nearly full week of 5-minute starts in 4 lanes, asked of an office among many with a long past.

    The past is written by the database itself and each office's share of it lies in the same tables and indexes.
    """
    told(f"{office_count:,} offices with {booking_count:,} bookings of the past")
    ids = scratch.keep_towns(office_count)
    with scratch.without_indexes():
        scratch.fill_past(booking_count)
    scratch.fill_week(ids[len(ids) // 2])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    held = models.Booking.objects.count()
    rows = []
    for name, ask in (
        ("free_times", FreeTimes("ZOP", scratch.MONDAY)),
        ("soonest", BookSoonest("ZOP", "NOVAK")),
    ):
        taken = times(partial(_look, ids[len(ids) // 2], ask), _RUNS)
        rows.append(
            Row(
                f"{name}, {office_count:,} offices, {held:,} bookings, p50",
                1e6 * median(taken),
                "µs",
                None,
                "≤ 1,000 µs, flat",
                f"p99 {1e6 * p99(taken):,.0f} µs",
            )
        )
    return rows


def _look(office_id: int, ask: Ask, _number: int) -> None:
    """Read and decide, keeping nothing: what the answer costs besides the transaction around it."""
    office = offices.load(office_id)
    request = Request(ask, scratch.NOW, "+420777123456", codes=("482913",))
    facts = reads.facts(office, needs([request], office), minute(scratch.NOW))
    outcome = decide(request, office, Books(office, facts))
    if outcome.outcome not in {"free_times", "booked"}:
        raise RuntimeError(f"the bench measures free times, but there came {outcome}")
