"""The tasks of the counters' drills: clerks and kiosks that act at once, without a guard, or are killed."""

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# isort: split -- what stands above has set Django up
from django.db import connection

from prepazka.core.booking.cancel import Cancel
from prepazka.core.queue.outcomes import Acted, TicketGiven
from prepazka.core.queue.tickets import Destination, Ticket, TicketRef
from prepazka.flows import transaction
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, call, close_day, seat
from prepazka.store import models, queue
from tests.journeys.child import Steps, _read_then_wait, connect


def come(came: Any) -> str:
    """Return the ticket's number, or the outcome without one."""
    return came.ticket.label if isinstance(came, TicketGiven | Acted) else str(came.outcome)


def serve_all(database: str, office_id: int, clerk: str, now: datetime, barrier: Any, report: Path) -> None:
    """Call and serve as a clerk until nobody waits; report the numbers called."""
    connect(database)
    connection.ensure_connection()
    barrier.wait()
    numbers = []
    while isinstance(received := call.call_next(office_id, clerk, now), Acted):
        numbers.append(received.ticket.label)
        serving = call.serve(office_id, clerk, received.ticket.ref, now)
        assert isinstance(serving, Acted)
        assert isinstance(call.done(office_id, clerk, serving.ticket.ref, now), Acted)
    report.write_text(json.dumps(numbers))


def press_next(database: str, office_id: int, clerk: str, now: datetime, barrier: Any, report: Path) -> None:
    """Click "next" once."""
    connect(database)
    connection.ensure_connection()
    barrier.wait()
    report.write_text(json.dumps([come(call.call_next(office_id, clerk, now))]))


def take_numbers(database: str, office_id: int, count: int, now: datetime, barrier: Any, report: Path) -> None:
    """Take one ticket after another at a kiosk."""
    connect(database)
    connection.ensure_connection()
    barrier.wait()
    report.write_text(json.dumps([come(arrive.walk_in(office_id, "ZOP", now)) for _ in range(count)]))


def type_code(database: str, office_id: int, code: str, now: datetime, barrier: Any, report: Path) -> None:
    """Type a code at a kiosk."""
    connect(database)
    connection.ensure_connection()
    barrier.wait()
    report.write_text(json.dumps([come(arrive.check_in(office_id, code, now))]))


def type_or_cancel(
    database: str, office_id: int, codes: Sequence[str], cancel: bool, now: datetime, barrier: Any, report: Path
) -> None:
    """Type one code after another at a kiosk, or cancel them all by telephone."""
    connect(database)
    connection.ensure_connection()
    barrier.wait()
    for code in codes:
        if cancel:
            submit(office_id, BookingRequest(Cancel(code, now.date()), "web"), now)
        else:
            arrive.check_in(office_id, code, now)
    report.write_text("[]")


# --- guards forgotten ------------------------------------------------------------------------------


def _forget_the_lock() -> None:
    vars(queue)["lock"] = lambda office_id: None
    if connection.vendor == "sqlite":  # a transaction of SQLite would let nobody else read on at the same time
        vars(transaction)["transaction"] = SimpleNamespace(atomic=nullcontext)


def next_without_lock(
    database: str, office_id: int, clerk: str, now: datetime, guarded: bool, barrier: Any, report: Path
) -> None:
    """Call without the lock: all processes have read the queue before one calls. guarded: by the version."""
    connect(database)
    _forget_the_lock()
    vars(queue)["active"] = _read_then_wait(queue.active, barrier)
    if not guarded:
        vars(queue)["change"] = _overwrite
    report.write_text(json.dumps([come(call.call_next(office_id, clerk, now))]))


def _overwrite(_office_id: int, _before: Ticket, after: Ticket, *_: Any) -> None:
    models.Ticket.objects.filter(id=after.id).update(**queue._changing(after))


def number_without_lock(
    database: str, office_id: int, now: datetime, counted: bool, barrier: Any, report: Path
) -> None:
    """Take a ticket without the lock. counted: the number is drawn, else it is the highest plus one."""
    connect(database)
    _forget_the_lock()
    if not counted:
        vars(queue)["draw_number"] = _read_then_wait(_highest_and_one, barrier)
    else:
        barrier.wait()
    report.write_text(json.dumps([come(arrive.walk_in(office_id, "ZOP", now))]))


def _highest_and_one(office_id: int, day: Any, prefix: str) -> int:
    """Return the next number as a program that repeats numbers would."""
    numbers = models.Ticket.objects.filter(office_id=office_id, day=day, prefix=prefix).values_list("number", flat=True)
    return max(numbers, default=0) + 1


# --- presses that may be killed --------------------------------------------------------------------

Press = Callable[[int, datetime], Any]


def _ref(label: str, version: int) -> TicketRef:
    ticket = models.Ticket.objects.get(prefix=label[0], number=int(label[1:]))
    return TicketRef(ticket.id, version)


def _counter(office_id: int, place: int) -> int:
    return models.Counter.objects.filter(office_id=office_id).order_by("position")[place].id


def _elsewhere(office_id: int) -> Destination:
    return Destination(agenda=models.Agenda.objects.get(office_id=office_id, key="evidence").id)


MORNING: list[Press] = [
    lambda office, now: arrive.check_in(office, "111111", now),
    lambda office, now: seat.sit_down(office, _counter(office, 0), "novak", now),
    lambda office, now: call.call_next(office, "novak", now),
    lambda office, now: call.serve(office, "novak", _ref("D1", 2), now),
]
"""What happened before: a clerk serves the first client."""

PRESSES: list[Press] = [
    lambda office, now: arrive.check_in(office, "222222", now),
    lambda office, now: call.call_next(office, "novak", now, ending=_ref("D1", 3)),
    lambda office, now: call.transfer(office, "novak", _ref("D2", 2), now, _elsewhere(office)),
    lambda office, now: close_day.close_days(now + timedelta(days=1)),
]
"""The rest of a short day: one act of each kind. An act without an answer is repeated."""


def press(database: str, office_id: int, now: datetime, fatal: int | None, done: Path, report: Path) -> None:
    """Do one act after another, recording each that was answered; report how many steps it took."""
    connect(database)
    connection.ensure_connection()
    steps = Steps(fatal)
    connection._commit = steps.around_commit(connection._commit)  # type: ignore[attr-defined]  # no public seam
    with connection.execute_wrapper(steps.around_statement):
        for place, one in enumerate(PRESSES):
            one(office_id, now)
            done.write_text(str(place + 1))
    report.write_text(json.dumps({"steps": steps.count}))
