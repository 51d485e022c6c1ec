"""Concurrent acts at the counters: no ticket is called twice, no number given twice, on both databases."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, seat
from prepazka.store import models, offices
from tests.journeys import desks
from tests.journeys.conftest import forget_everything

CLERKS = ("novak", "svoboda", "dvorak")
NOW = datetime(2026, 8, 3, 8, tzinfo=UTC)

AtOnce = Callable[..., Counter[str]]


@pytest.fixture
def office(office_id: int) -> Office:
    """Three clerks at three counters, all of which serve everything."""
    for row in models.Counter.objects.filter(office_id=office_id):
        row.agendas.set(models.Agenda.objects.filter(office_id=office_id))
    models.Office.objects.filter(id=office_id).update(version=99)
    office = offices.load(office_id)
    for counter, clerk in zip(office.counters, CLERKS, strict=True):
        seat.sit_down(office_id, counter.id, clerk, NOW)
    return office


def waiting(office: Office, count: int) -> list[str]:
    return [desks.come(arrive.walk_in(office.id, "ZOP", NOW)) for _ in range(count)]


def calls() -> Counter[str]:
    """Return how often each ticket was called, by its events."""
    made = models.TicketEvent.objects.filter(act="call").values_list("ticket__prefix", "ticket__number")
    return Counter(f"{prefix}{number}" for prefix, number in made)


def test_every_ticket_is_called_to_one_counter(office: Office, at_once: AtOnce) -> None:
    numbers = waiting(office, 30)
    received = at_once(desks.serve_all, [(office.id, clerk, NOW) for clerk in CLERKS])
    assert received == calls() == Counter(numbers)
    assert set(models.Ticket.objects.values_list("state", flat=True)) == {"done"}


def test_the_last_ticket_is_called_once(office: Office, at_once: AtOnce) -> None:
    (number,) = waiting(office, 1)
    received = at_once(desks.press_next, [(office.id, clerk, NOW) for clerk in CLERKS])
    assert received == {number: 1, "nobody_waits": 2}


def test_one_clerks_presses_at_once_are_one_press(office: Office, at_once: AtOnce) -> None:
    first, *_ = waiting(office, 3)
    assert at_once(desks.press_next, [(office.id, "novak", NOW)] * 3) == {first: 3}
    assert calls() == {first: 1}


def test_without_lock_and_version_the_same_ticket_is_called_by_all(office: Office, at_once: AtOnce) -> None:
    """What the guards prevent."""
    first, *_ = waiting(office, 3)
    received = at_once(desks.next_without_lock, [(office.id, clerk, NOW, False) for clerk in CLERKS])
    assert received == {first: 3}


def test_the_version_alone_keeps_a_ticket_to_one_counter(office: Office, at_once: AtOnce) -> None:
    """Without the lock a process loses in the database, reads again and calls another ticket."""
    numbers = waiting(office, 3)
    received = at_once(desks.next_without_lock, [(office.id, clerk, NOW, True) for clerk in CLERKS])
    assert sum(received.values()) == len(CLERKS)
    assert set(received) <= set(numbers)
    assert all(count == 1 for count in received.values())
    assert calls() == received


def test_no_number_comes_twice(office: Office, at_once: AtOnce) -> None:
    given = at_once(desks.take_numbers, [(office.id, 10, NOW)] * 3)
    assert given == Counter(f"D{number}" for number in range(1, 31))


@contextmanager
def without_constraint() -> Iterator[None]:
    """Remove the constraint of unique numbers, and restore it on an empty table."""
    options = models.Ticket._meta
    (unique,) = (one for one in options.constraints if one.name == "one_ticket_a_number")
    all_of_them = options.constraints
    options.constraints = [one for one in all_of_them if one is not unique]  # SQLite makes the table anew, from these
    with connection.schema_editor() as editor:
        editor.remove_constraint(models.Ticket, unique)
    try:
        yield
    finally:
        forget_everything()
        options.constraints = all_of_them
        with connection.schema_editor() as editor:
            editor.add_constraint(models.Ticket, unique)


def test_without_guards_numbers_come_twice(office: Office, at_once: AtOnce) -> None:
    """What the guards prevent: all processes have read the highest number before one takes the next."""
    with without_constraint():
        assert at_once(desks.number_without_lock, [(office.id, NOW, False)] * 3) == {"D1": 3}


def test_the_constraint_alone_keeps_numbers_apart(office: Office, at_once: AtOnce) -> None:
    given = at_once(desks.number_without_lock, [(office.id, NOW, False)] * 2)
    assert given == {"D1": 1, "D2": 1}


def test_the_series_alone_keeps_numbers_apart(office: Office, at_once: AtOnce) -> None:
    with without_constraint():
        given = at_once(desks.number_without_lock, [(office.id, NOW, True)] * 3)
        assert given == {"D1": 1, "D2": 1, "D3": 1}


def test_a_code_typed_at_all_kiosks_at_once_has_one_ticket(office: Office, at_once: AtOnce) -> None:
    book(office, NOW, "111111")
    came = at_once(desks.type_code, [(office.id, "111111", NOW)] * 3)
    assert came == {"D1": 1, "already_used": 2}
    assert models.Ticket.objects.count() == 1


def test_nobody_waits_for_a_booking_cancelled_at_the_same_moment(office: Office, at_once: AtOnce) -> None:
    codes = [f"{number:06}" for number in range(10)]
    for number, code in enumerate(codes):
        book(office, NOW, code, lane=number)
    at_once(desks.type_or_cancel, [(office.id, codes, False, NOW), (office.id, codes, True, NOW)])
    assert set(models.Booking.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(models.Ticket.objects.values_list("state", flat=True)) <= {"withdrawn"}


def book(office: Office, start: datetime, code: str, lane: int = 0) -> None:
    service = office.service_of["ZOP"]
    values: dict[str, Any] = {"name": "NOVAK", "sender": "", "state": "booked", "channel": "desk", "text_key": ""}
    models.Booking.objects.create(
        office_id=office.id,
        agenda_id=service.agenda,
        service_id=service.id,
        lane=lane,
        starts_at=start,
        ends_at=start + timedelta(minutes=15),
        day=start.date(),
        code=code,
        made_at=NOW,
        changed_at=NOW,
        **values,
    )
