"""Whose work is due is asked for thousands of offices at once, and each of the growing tables by its index."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.core.minutes import midnight
from prepazka.flows.inbound.receive import receive
from prepazka.flows.retention import WITHOUT_CONTACT
from prepazka.gateways.values import Inbound
from prepazka.store import due, gateway_holds, gateways, models
from prepazka.store.due import Daytime, Visits
from tests.flows.counters.working_day import DAY, at, book, kept_office, walk_in
from tests.flows.test_indexes import plan
from tests.offices import PRAGUE

pytestmark = pytest.mark.django_db(transaction=True)

OFFICES, GATEWAYS = 6_000, 1_000
NOW = datetime(2026, 8, 3, 8, tzinfo=UTC)
# opt_out is read whole once an hour: it has a row for each number that wants no reminders.
GROWING = ("booking", "inbound", "outbound", "ticket", "watch", "b", "i", "m", "t", "w")
# The few active tickets of all offices.
FEW = "USING INDEX ticket_active"
_SERIES = {
    "sqlite": "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {}) SELECT n FROM c)",
    "postgresql": "(SELECT generate_series(1, {}) AS n)",
}
_LATER = {
    "sqlite": "datetime('{}', '+' || n || ' minutes')",
    "postgresql": "CAST('{}+00' AS timestamptz) + n * interval '1 minute'",
}


def multiply(table: str, times: int, **different: str) -> None:
    """Copy the newest row of a table so often; different: expressions of `n` for columns that differ."""
    with connection.cursor() as cursor:
        columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        names = [name for name in columns if name != "id"]
        chosen = ", ".join(different.get(name, f'pattern."{name}"') for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {chosen} "
            f"FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT 1) AS pattern, "
            f"{_SERIES[connection.vendor].format(times)} AS series"
        )


def later(begin: str) -> str:
    """The n-th minute after a moment."""
    return _LATER[connection.vendor].format(begin)


@pytest.fixture
def statements(transactional_db: None) -> dict[str, Any]:
    """Fill the database with what thousands of offices have; give the statements that ask whose is due."""
    office = kept_office()
    gateways.keep("modem", "gammu", {}, NOW, "test")
    assert gateway_holds.take(["modem"], "here", NOW, NOW + timedelta(seconds=30), {})
    book(office, at(9), "111111", day=date(2026, 8, 4))
    walk_in(office, at(9))
    receive([Inbound("modem", "1", "+420602000777", office.numbers[0], "POMOC")], DAY)
    service = office.services[0].id
    models.WaitlistEntry.objects.create(
        office_id=office.id, service_id=service, day=date(2026, 8, 9), sender="+420602000779", made_at=NOW
    )
    models.OptOut.objects.create(office_id=office.id, sender="+420602000778", since=NOW)
    multiply("office", OFFICES, slug="'mesto-' || n")
    first = models.Office.objects.order_by("id")[1].id
    whose = f"{first} + n % {OFFICES}"
    starts, ends = later("2026-08-04 06:00:00"), later("2026-08-04 06:01:00")
    multiply("booking", OFFICES, office_id=whose, lane="1", starts_at=starts, ends_at=ends)
    starts, ends = later("2025-08-04 06:00:00"), later("2025-08-04 06:01:00")
    erased = {"name": "''", "sender": "''", "day": "'2025-08-04'", "code": "'' || (n % 900000)"}
    multiply("booking", OFFICES, office_id=whose, lane="2", starts_at=starts, ends_at=ends, **erased)
    text = later("2026-07-30 06:00:00")
    multiply("outbound", OFFICES, office_id=whose, text="''", in_reply_to_id="NULL", made_at=text)
    multiply("gateway", GATEWAYS, name="'obec-' || n")
    for state in ("queued", "sending"):
        due_at = later("2026-08-03 10:00:00")
        multiply("outbound", 5 * GATEWAYS, gateway=f"'obec-' || n % {GATEWAYS}", state=f"'{state}'", due_at=due_at)
    multiply("inbound", OFFICES, office_id=whose, gateway_id="'m' || n", text_key="''")
    multiply("ticket", OFFICES, office_id=whose, state="'done'", number="n")
    multiply("watch", OFFICES, office_id=whose)
    multiply("opt_out", OFFICES, office_id=whose)
    if connection.vendor == "postgresql":  # it counts its rows within a minute; SQLite never does
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return asked()


def asked() -> dict[str, Any]:
    said: dict[str, Any] = {}

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.setdefault(sql, params)
        return execute(sql, params, many, context)

    tomorrow = date(2026, 8, 4)
    visits = [Visits(Daytime("Europe/Prague", time(9), time(19)), tomorrow, midnight(date(2026, 8, 3), PRAGUE))]
    with connection.execute_wrapper(note):
        due.to_remind(visits, NOW + timedelta(hours=1))
        due.to_erase(NOW, WITHOUT_CONTACT)
        due.days_over(NOW + timedelta(days=1))
        gateway_holds.with_work("here", NOW)
    return said


def read_whole(of_plan: str) -> list[str]:
    """Return the steps of a plan that read a growing table row by row."""
    lines = [line.strip() for line in of_plan.splitlines()]
    if connection.vendor == "sqlite":
        return [line for line in lines if line.startswith("SCAN ") and line.split()[1] in GROWING and FEW not in line]
    return [line for line in lines if any(f"Seq Scan on {table} " in f"{line} " for table in GROWING)]


def test_whose_work_is_due_is_found_by_indexes_among_thousands_of_offices(statements: dict[str, Any]) -> None:
    plans = {sql: plan(sql, params) for sql, params in statements.items()}
    assert {sql: scans for sql, of_plan in plans.items() if (scans := read_whole(of_plan))} == {}
    for words, indexes in {
        "kind = 'reminder'": ("booking_of_day", "one_telling_a_booking", "one_opt_out_a_number"),
        "kept_since": ("booking_of_day", "outbound_unasked", "watch_of_day", "inbound_by_time"),
        "staffing": ("ticket_active",),
        "m.state = 'queued'": ("outbound_queued", "outbound_in_doubt"),
    }.items():
        [of_plan] = [found for sql, found in plans.items() if words in sql]
        assert [index for index in indexes if index not in of_plan and not _nameless(index)] == [], of_plan


def _nameless(index: str) -> bool:
    """SQLite has no name for the index of a constraint on whole rows."""
    return connection.vendor == "sqlite" and index == "one_opt_out_a_number"
