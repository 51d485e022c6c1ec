"""Nothing stays in a session of PostgreSQL where a pooler lends it for one transaction, and then to somebody else.

Without a pooler the statements sent again and again stay planned.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from structlog.testing import capture_logs

from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import marks, offices
from prepazka.store.models import Mark
from prepazka.store.sql import rows
from tests.offices import demo_office
from tests.poolers import pooler

__all__ = ["pooler"]

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
PREPARED = "SELECT name FROM pg_prepared_statements"

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_rows_that_are_read_one_by_one_leave_no_cursor() -> None:
    marks.put_all(["first", "second", "third"], NOW)
    reading = Mark.objects.order_by("name").iterator(chunk_size=1)
    assert next(reading).name == "first"
    assert rows("SELECT name FROM pg_cursors") == []
    assert [one.name for one in reading] == ["second", "third"]


@pytest.fixture
def connected(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Django's settings of the tests' connection, which is made anew by them, and afterwards again as it was."""
    settings: dict[str, Any] = connection.settings_dict
    before = dict(settings)
    connection.close()
    yield settings
    connection.close()
    settings.update(before)


def repeat() -> None:
    for _ in range(20):
        marks.put("again", NOW)
        assert marks.moment("again") == NOW


def test_what_is_sent_again_and_again_stays_planned(connected: dict[str, Any]) -> None:
    repeat()
    assert rows(PREPARED) != []


def test_behind_a_pooler_nothing_is_prepared(connected: dict[str, Any], pooler: str) -> None:
    address = urlsplit(pooler)
    connected.update(HOST=address.hostname, PORT=str(address.port), PASSWORD=address.password, NAME=address.path[1:])
    repeat()
    assert connection.connection.prepare_threshold is None
    assert rows(PREPARED) == []


def test_an_option_of_the_url_is_obeyed(connected: dict[str, Any]) -> None:
    connected["OPTIONS"] = connected["OPTIONS"] | {"prepare_threshold": None}
    repeat()
    assert rows(PREPARED) == []


# One migration changes the type of a column that a prepared query returns: the server refuses that plan, once.
def test_a_table_that_changes_under_a_prepared_statement_loses_no_message(connected: dict[str, Any]) -> None:
    offices.keep(demo_office(), NOW)
    number = demo_office().numbers[0]

    def says(count: int) -> str:
        text = f"OBJ RTP {11 + count % 12}.8. {9 + count // 12}:15 SEDLAK"
        [handled] = receive([Inbound("modem", f"changing-{count}", f"+42073955{count:04d}", number, text)], NOW)
        assert handled.outcome is not None
        assert handled.reply is not None
        return handled.outcome.outcome

    before = {says(count) for count in range(12)}
    assert "booked" in before
    url = "postgresql://{USER}@{HOST}:{PORT}/{NAME}".format_map(connection.settings_dict)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("ALTER TABLE inbound ALTER COLUMN text_key TYPE varchar(999)")
        other.execute("ALTER TABLE booking ALTER COLUMN name TYPE varchar(999)")
        try:
            with capture_logs() as told:
                assert {says(count) for count in range(12, 24)} <= before
            assert "batch failed" in {line["event"] for line in told}, "the server refused no plan"
        finally:
            other.execute("ALTER TABLE booking ALTER COLUMN name TYPE varchar(60)")
            other.execute("ALTER TABLE inbound ALTER COLUMN text_key TYPE varchar(32)")
    assert rows("SELECT count(*), count(DISTINCT in_reply_to_id) FROM outbound") == [(24, 24)]
