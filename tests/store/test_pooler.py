"""Nothing stays in a session of PostgreSQL: a pooler lends it for one transaction, and then to somebody else."""

from datetime import UTC, datetime

import pytest

from prepazka.store import marks
from prepazka.store.models import Mark
from prepazka.store.sql import rows

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_rows_that_are_read_one_by_one_leave_no_cursor() -> None:
    marks.put_all(["first", "second", "third"], NOW)
    reading = Mark.objects.order_by("name").iterator(chunk_size=1)
    assert next(reading).name == "first"
    assert rows("SELECT name FROM pg_cursors") == []
    assert [one.name for one in reading] == ["second", "third"]


def test_a_statement_that_is_sent_again_and_again_is_never_prepared() -> None:
    for _ in range(20):
        marks.put("again", NOW)
        assert marks.moment("again") == NOW
    assert rows("SELECT name FROM pg_prepared_statements") == []
