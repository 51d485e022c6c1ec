"""Every statement of the counters uses an index, on both databases, however many days have passed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.core.actor import Actor
from prepazka.core.queue.tickets import Destination
from prepazka.flows.counters import arrive, board, call, hall, seat
from prepazka.flows.counters.close_day import close_days
from prepazka.flows.counters.forgotten import see_to_counters
from prepazka.store import models
from tests.flows.counters.working_day import at, book, called, kept_office, sit, ticket, walk_in
from tests.flows.test_indexes import plan

pytestmark = pytest.mark.django_db(transaction=True)

GROWING = {"ticket", "t", "ticket_event", "booking"}
# Only what is open is in this index, so all of it may be read.
OPEN = "ticket_active"


@pytest.fixture
def statements(transactional_db: None) -> dict[str, Any]:
    """Return all different statements of a day at the counters, each with some parameters."""
    office = kept_office()
    models.Agenda.objects.update(walk_ins_per_day=100)
    models.Office.objects.update(version=99)
    for number in range(4):
        book(office, at(9, 15 * number), f"11111{number}")
    said: dict[str, Any] = {}

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.setdefault(sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        arrive.check_in(office.id, "111110", at(9))
        arrive.check_in(office.id, "111110", at(9))
        arrive.late_ticket(office.id, "111111", at(9, 40))
        walk_in(office, at(9))
        sit(office, 0, "novak")
        one = called(office, "novak", at(9, 1))
        one = ticket(call.serve(office.id, "novak", one.ref, at(9, 2)))
        call.serve(office.id, "novak", one.ref._replace(version=one.version - 1), at(9, 2))
        call.done(office.id, "novak", one.ref, at(9, 3))
        one = called(office, "novak", at(9, 4))
        call.transfer(office.id, "novak", one.ref, at(9, 5), Destination())
        seat.pause(office.id, "novak", at(9, 6), paused=True)
        seat.seat(office.id, "novak")
        board.board(office, at(9, 7))
        board.versions([office.id])
        board.queue(office, at(9, 7))
        hall.hall(office, at(9, 7))
        hall.stop_tickets(office.id, office.agendas[0].id, Actor("vedouci", at(9, 8)), stopped=True)
        seat.stay(office.id, "novak", at(9, 8))
        seat.seats_of("novak")
        see_to_counters(at(9, 8))
        close_days(at(9) + timedelta(days=1))
        seat.stand_up(office.id, "novak", at(9))
    return said


def read_whole(of_plan: str) -> list[str]:
    """Return the steps of a plan that scan a growing table row by row."""
    lines = [line.strip() for line in of_plan.splitlines()]
    if connection.vendor == "sqlite":
        scans = [line for line in lines if line.startswith("SCAN ") and line.split()[1] in GROWING]
    else:
        scans = [line for line in lines if any(f"Seq Scan on {table} " in f"{line} " for table in GROWING)]
    return [line for line in scans if OPEN not in line]


def test_nothing_that_grows_is_read_whole(statements: dict[str, Any]) -> None:
    asked = {
        sql: params for sql, params in statements.items() if sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
    }
    assert len(asked) > 20, "the day no longer reaches the statements"
    whole = {sql: scans for sql, params in asked.items() if (scans := read_whole(plan(sql, params)))}
    assert whole == {}


@pytest.mark.parametrize(
    ("words", "index"),
    [
        pytest.param("t.state IN ('waiting'", OPEN, id="queue"),
        pytest.param("t.state IN ('called', 'serving')", "one_client_a_counter", id="client at a counter"),
        pytest.param("t.called_at IS NOT NULL", "ticket_called", id="last calls"),
        pytest.param("state = 'done' AND ended_at IS NOT NULL", "ticket_done", id="what the last took"),
        pytest.param("NOT EXISTS (SELECT 1 FROM ticket", "booking_taken", id="bookings to come"),
        pytest.param("NOT EXISTS (SELECT 1 FROM ticket", "one_ticket_a_booking", id="of which none has arrived"),
        pytest.param("FROM booking WHERE office_id", "booking_by_code", id="a code"),
        pytest.param("t.booking_id = ", "one_ticket_a_booking", id="the ticket of a booking"),
    ],
)
def test_the_index_meant_serves(statements: dict[str, Any], words: str, index: str) -> None:
    meant = [(sql, params) for sql, params in statements.items() if words in sql]
    assert meant
    if connection.vendor == "sqlite":  # with a handful of rows PostgreSQL may as well take another
        assert [sql for sql, params in meant if index not in plan(sql, params)] == []
