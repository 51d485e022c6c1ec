"""Every statement on a message's way is served by an index, on both databases, however large the tables are."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from prepazka.flows.erase import erase
from prepazka.flows.receive import receive, work
from prepazka.store import offices
from tests.flows import script
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 5, tzinfo=UTC)
# Whatever an office has few of (services, closures) may be read whole.
GROWING = ("booking", "inbound", "outbound", "watch")


@pytest.fixture
def statements(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """All different statements of a heap of messages, of the worker and of erasing, each with some parameters."""
    monkeypatch.setattr(secrets, "randbelow", script.Draws().randbelow)
    slow = replace(demo_office(), slug="slow", settings=replace(demo_office().settings, reoffer_minutes=30))
    offices.keep(replace(slow, numbers=("+420739000000",)), NOW)
    office_id = offices.keep(demo_office(), NOW)
    said: dict[str, Any] = {}

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.setdefault(sql, params)
        return execute(sql, params, many, context)

    messages = list(script.mixed(600))
    with connection.execute_wrapper(note):
        for first in range(0, len(messages), 50):
            receive(messages[first : first + 50])
            receive(
                [
                    replace(message, recipient="+420739000000", gateway="slow")
                    for message in messages[first : first + 50]
                ]
            )
        work(NOW)
        erase(office_id, NOW + timedelta(days=90))
    return said


def plan(sql: str, params: Any) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # With its parameters as parameters: a partial index serves only what stands in the statement itself.
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return "\n".join(str(row[3]) for row in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(str(row[0]) for row in cursor.fetchall())


def read_whole(of_plan: str) -> list[str]:
    """Tables that are looked through row by row."""
    if connection.vendor == "sqlite":
        scans = [line.removeprefix("SCAN ") for line in of_plan.splitlines() if line.startswith("SCAN ")]
        return [scan for scan in scans if scan.split()[0] in GROWING and "inbound_waiting" not in scan]
    return [line.strip() for line in of_plan.splitlines() if any(f"Seq Scan on {table}" in line for table in GROWING)]


def test_nothing_that_grows_is_read_whole(statements: dict[str, Any]) -> None:
    asked = {
        sql: params for sql, params in statements.items() if sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
    }
    assert len(asked) > 12, "the heap of messages no longer reaches the statements"
    whole = {sql: scans for sql, params in asked.items() if (scans := read_whole(plan(sql, params)))}
    assert whole == {}
