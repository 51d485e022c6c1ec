"""Messages through the whole path, beside the same rows written by the bare database."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from time import sleep

from django.db import connection

from prepazka.bench import scratch
from prepazka.bench.measure import Row, median, time_once, time_runs
from prepazka.bench.raw import BATCH, BareDatabase, BarePostgresql, BareSqlite
from prepazka.bench.sizes import Sizes
from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.render import render
from prepazka.sms.understand.parse import parse
from prepazka.store import offices

REST = 0.05
"""Seconds between two messages that come alone: after a rest processor and disk are slower, for everybody."""


def connect_bare(url: str, office: Office) -> BareDatabase:
    """Connect to the scratch database by its driver alone."""
    if connection.vendor == "sqlite":
        return BareSqlite(Path(url.removeprefix("sqlite:///")), office)
    return BarePostgresql(url, office)


def bookings(prefix: str, number: str, today: date = scratch.MONDAY) -> Iterator[Inbound]:
    """Yield messages that all succeed: each from another sender for another place, from tomorrow to the horizon."""
    for count in range(60 * 108 * 4):
        place, lane = divmod(count, 4)
        day, start = divmod(place, 108)
        at = today + timedelta(days=day + 1)
        hour, minute = divmod(8 * 60 + 5 * start, 60)
        yield Inbound(
            "bench",
            f"{prefix}-{count}",
            f"+420{602_000_000 + count}",
            number,
            f"OBJ ZOP {at.day}.{at.month}. {hour}:{minute:02d} {('NOVAK', 'HORAK', 'CERNY', 'DVORAK')[lane]}",
        )


def measure(sizes: Sizes) -> list[Row]:
    """Measure batches of a hundred, one message alone, and the language without a database."""
    with scratch.database() as url:
        first, second, third, fourth, filled = scratch.store_towns(5)
        _fill_and_count(filled)
        bare = connect_bare(url, offices.load(third))
        bare.transaction(BATCH)
        bare_batches = [bare.transaction(BATCH) for _ in range(sizes.batches)]
        bare.close()
        bare = connect_bare(url, offices.load(fourth))
        bare_singles = [bare.transaction(1) for _ in range(sizes.singles)]

        messages = bookings("batch", offices.load(first).numbers[0])
        batches = [[next(messages) for _ in range(BATCH)] for _ in range(sizes.batches + 3)]
        batch_times = time_runs(lambda number: _book_all(batches[number]), sizes.batches)
        messages = bookings("single", offices.load(second).numbers[0])
        single_times = time_runs(lambda _: _book_all([next(messages)]), sizes.singles)
        rested_times, bare_rested = _after_rests(lambda: _book_all([next(messages)]), bare, sizes.rested)
        bare.close()
        return [
            Row(
                f"messages in batches of {BATCH}, whole path",
                BATCH / median(batch_times),
                "messages/s",
                BATCH / median(bare_batches),
                "ratio ≥ 0.5",
            ),
            Row(
                "one message alone, p50",
                1e6 * median(single_times),
                "µs",
                1e6 * median(bare_singles),
                "ratio ≤ 3",
            ),
            Row(
                f"the same after {1000 * REST:g} ms of rest, in turn, p50",
                1e6 * median(rested_times),
                "µs",
                1e6 * median(bare_rested),
                "ratio ≤ 3",
            ),
            *measure_language(offices.load(first), sizes.texts),
        ]


def _fill_and_count(office_id: int) -> None:
    """Store some messages and let the database count its rows, as PostgreSQL does by itself within a minute.

    Before, it takes each table for a nearly empty one and reads the whole office to find a sender.
    """
    messages = bookings("fill", offices.load(office_id).numbers[0])
    for _ in range(10):
        _book_all([next(messages) for _ in range(BATCH)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _after_rests(book: Callable[[], None], bare: BareDatabase, count: int) -> tuple[list[float], list[float]]:
    """The seconds of messages and of bare transactions, in turn, each after a rest."""
    ours, its_own = [], []
    for _ in range(count):
        sleep(REST)
        ours.append(time_once(book))
        sleep(REST)
        its_own.append(bare.transaction(1))
    return ours, its_own


def _book_all(messages: Sequence[Inbound]) -> None:
    outcomes = {handled.outcome and handled.outcome.outcome for handled in receive(messages, scratch.NOW)}
    if outcomes != {"booked"}:
        raise RuntimeError(f"the bench measures bookings, not {outcomes}")


def measure_language(office: Office, texts: int) -> list[Row]:
    """Measure parsing a text and rendering its reply, without any database."""
    text = "OBJ ZOP 10.8. 14:00 NOVAK"
    outcome = receive([Inbound("bench", "language", "+420601000000", office.numbers[0], text)], scratch.NOW)[0].outcome
    if outcome is None:
        raise RuntimeError("the bench's own message was not handled")

    def parse_and_render(_number: int) -> None:
        parse(text, office, scratch.MONDAY)
        render(outcome, office, "cs")

    return [
        Row("parse and render a booking, p50", 1e6 * median(time_runs(parse_and_render, texts)), "µs", None, "≤ 60 µs")
    ]
