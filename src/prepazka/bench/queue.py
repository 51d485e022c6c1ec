"""The counters beside the bare database: calls, check-ins, the board; and estimated waits beside real ones."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import fmean
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.db import connection

from prepazka import officefile
from prepazka.bench import day, scratch
from prepazka.bench.measure import Row, median, time_runs
from prepazka.bench.sizes import Sizes
from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, TicketGiven
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.counters import arrive, board, call, seat
from prepazka.store import models, offices

# Within the opening hours of the demo office.
_NOW = scratch.NOW + timedelta(hours=4)


def measure(sizes: Sizes) -> list[Row]:
    """Measure acts one after another, each a transaction of its own, while the same number of people wait."""
    with scratch.database() as url:
        demo = replace(officefile.load_demo(), slug="bench", numbers=())
        office = offices.load(offices.keep(demo, _NOW))
        seat.sit_down(office.id, office.counters[0].id, "bench", _NOW)
        for _ in range(sizes.waiting):
            _require_ticket(arrive.walk_in(office.id, "ZOP", _NOW))
        calls = _time_calls(office, sizes.acts)
        reads = time_runs(lambda _: board.board(office, _NOW), sizes.acts)
        codes = _make_bookings(office, sizes.acts)
        check_ins = time_runs(
            lambda number: _require_ticket(arrive.check_in(office.id, codes[number], _NOW)), sizes.acts
        )
        with _bare_act(url, office) as transaction:
            bare = [transaction() for _ in range(sizes.acts)]
    waits = [wait for seed in range(sizes.days) for wait in _simulate_day(office, seed)]
    return [
        Row(f"call next, {sizes.waiting} waiting", 1 / median(calls), "calls/s", 1 / median(bare)),
        Row("check in by code", 1 / median(check_ins), "check-ins/s", 1 / median(bare)),
        Row(f"the board read, {sizes.waiting} waiting", 1e6 * median(reads), "µs"),
        Row(
            f"estimated and real wait, {sizes.days} simulated days",
            day.mean_error(waits),
            "min apart",
            note=f"of {fmean(wait.actual for wait in waits):.1f} min on average; too long by {day.bias(waits):.1f}",
        ),
    ]


def _require_ticket(outcome: object) -> None:
    if not isinstance(outcome, TicketGiven):
        raise RuntimeError(f"the bench measures tickets, not {outcome}")


def _call_next(office: Office) -> Ticket:
    outcome = call.call_next(office.id, "bench", _NOW)
    if not isinstance(outcome, Acted):
        raise RuntimeError(f"the bench measures calls, not {outcome}")
    return outcome.ticket


def _time_calls(office: Office, runs: int) -> list[float]:
    """Return the seconds of each call; each client is parked afterwards, so that the same number waits every time."""
    seconds = []
    for _ in range(runs):
        began = perf_counter()
        ticket = _call_next(office)
        seconds.append(perf_counter() - began)
        call.park(office.id, "bench", ticket.ref, _NOW, _NOW)
    return seconds


def _make_bookings(office: Office, runs: int) -> dict[int, str]:
    """Make a booking for each run and return its code by the run's number; a check-in needs no free lane."""
    service = office.service_of["ZOP"]
    codes = {number: f"{500_000 + number}" for number in range(-3, runs)}
    models.Booking.objects.bulk_create(
        models.Booking(
            office_id=office.id,
            agenda_id=service.agenda,
            service_id=service.id,
            lane=lane,
            starts_at=_NOW,
            ends_at=_NOW + timedelta(minutes=15),
            day=scratch.MONDAY,
            name="NOVAK",
            sender="",
            code=code,
            state="booked",
            channel="desk",
            text_key="",
            made_at=scratch.NOW,
            changed_at=scratch.NOW,
        )
        for lane, code in enumerate(codes.values())
    )
    return codes


def _simulate_day(office: Office, seed: int) -> list[day.Waited]:
    opens = datetime.combine(scratch.MONDAY, datetime.min.time(), ZoneInfo("Europe/Prague")) + timedelta(hours=8)
    return day.simulate_day(office, [day.Demand(10, 8), day.Demand(20, 12)], opens, 9, seed)


@contextmanager
def _bare_act(url: str, office: Office) -> Iterator[Callable[[], float]]:
    """Yield the least an act must write, in one commit: the ticket, its event, the version of the queue."""
    ticket = models.Ticket.objects.filter(office_id=office.id, state="waiting").values_list("id", flat=True)[0]
    if connection.vendor == "sqlite":
        base: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
        begin, mark = "BEGIN IMMEDIATE", "?"
    else:
        base = psycopg.connect(url, autocommit=True)
        begin, mark = "BEGIN", "%s"
    versions = iter(range(1_000_000, 2_000_000))

    def transaction() -> float:
        version = next(versions)
        began = perf_counter()
        base.execute(begin)
        base.execute(f"UPDATE ticket SET version = {mark} WHERE id = {mark}", (version, ticket))  # noqa: S608 -- no value
        base.execute(
            "INSERT INTO ticket_event (ticket_id, at, who, act, before, after, version) "  # noqa: S608 -- no value
            f"VALUES ({mark}, '2026-08-03 09:00:00', 'bench', 'recall', 'called', 'called', {mark})",
            (ticket, version),
        )
        base.execute(f"UPDATE queue_state SET version = version + 1 WHERE office_id = {mark}", (office.id,))  # noqa: S608
        base.execute("COMMIT")
        return perf_counter() - began

    yield transaction
    base.close()
