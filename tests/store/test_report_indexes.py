"""Every statement of a report, of a forecast and of the statistics uses its index, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import costs, folding, models, reports, statistics
from prepazka.store.statistics import Period
from tests.flows.counters.working_day import DAY, at, book, kept_office, walk_in
from tests.flows.test_indexes import plan

pytestmark = pytest.mark.django_db(transaction=True)

GROWING = ("ticket", "t", "ticket_event", "e", "booking", "inbound", "outbound")


@pytest.fixture
def statements(transactional_db: None) -> dict[str, Any]:
    """Return all different statements, each with some parameters."""
    office = kept_office()
    book(office, at(9), "111111")
    walk_in(office, at(9))
    receive([Inbound("modem", "1", "+420602000777", office.numbers[0], "POMOC")], DAY)
    models.Booking.objects.update(name="")
    models.Inbound.objects.update(text_key="")
    models.Outbound.objects.update(state="delivered", due_at=None)
    models.Office.objects.update(version=99)
    said: dict[str, Any] = {}

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.setdefault(sql, params)
        return execute(sql, params, many, context)

    period = Period(DAY.date(), DAY.date())
    with connection.execute_wrapper(note):
        reports.visits(office, period)
        reports.booked(office, period)
        reports.booking_rows(office, period)
        reports.people_by_day(office, period)
        reports.first_day(office)
        costs.sent_by_gateway(office, period)
        reports.is_folded(office, period)
        folding.oldest()
        folding.oldest_day(office.id)
        fold_everything(office)
        statistics.bookings(office, period)
        statistics.waits(office, period)
        statistics.tickets(office, period)
        statistics.messages(office, period)
        statistics.cancellations(office, period)
    return said


@transaction.atomic
def fold_everything(office: Office) -> None:
    """Say all that folding says, of a day and of messages."""
    for fold in (folding.fold_sent, folding.fold_received):
        assert fold(office.id, office.zone, datetime(2027, 1, 1, tzinfo=UTC)) == 1
    assert folding.fold_day(office, DAY.date())


def read_whole(of_plan: str) -> list[str]:
    """Return the steps of a plan that read a growing table row by row."""
    lines = [line.strip() for line in of_plan.splitlines()]
    if connection.vendor == "sqlite":
        return [line for line in lines if line.startswith("SCAN ") and line.split()[1] in GROWING]
    return [line for line in lines if any(f"Seq Scan on {table} " in f"{line} " for table in GROWING)]


def test_nothing_that_grows_is_read_whole(statements: dict[str, Any]) -> None:
    assert len(statements) >= 12
    whole = {sql: scans for sql, params in statements.items() if (scans := read_whole(plan(sql, params)))}
    assert whole == {}


# SQLite has no name for the index of a constraint on whole rows (one_event_a_version, one_ticket_a_number).
@pytest.mark.parametrize(
    ("words", "index"),
    [
        pytest.param("FROM ticket t JOIN ticket_event", "ticket_of_day", id="the tickets of some days"),
        pytest.param("FROM ticket t JOIN ticket_event", "sqlite_autoindex_ticket_event", id="and their events"),
        pytest.param("booking.persons", "booking_taken", id="bookings one by one"),
        pytest.param("GROUP BY 1, 2, 3, 4", "booking_taken", id="bookings counted"),
        pytest.param("GROUP BY 1, 2, 3, 4", "one_ticket_a_booking", id="and who came"),
        pytest.param("GROUP BY agenda_id, day", "ticket_of_day", id="people by day"),
        pytest.param("SELECT MIN(day) FROM ticket", "sqlite_autoindex_ticket_", id="the first day"),
        pytest.param("GROUP BY gateway", "outbound_by_month", id="messages sent"),
    ],
)
def test_the_index_meant_serves(statements: dict[str, Any], words: str, index: str) -> None:
    meant = [(sql, params) for sql, params in statements.items() if words in sql]
    assert meant
    if connection.vendor == "sqlite":  # with a handful of rows PostgreSQL may as well take another
        assert [sql for sql, params in meant if index not in plan(sql, params)] == []
