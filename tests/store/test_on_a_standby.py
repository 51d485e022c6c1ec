"""A standby of the primary is asked by mistake: what only a primary has is not missed on it, and no check fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from prepazka.commands.availability import weaknesses
from prepazka.commands.checks import run_checks
from prepazka.store import availability, database_state, marks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
# A standby says that it is one by this function alone, and it is found first here.
_SAYS_SO = "CREATE FUNCTION as_on_a_standby.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'"


@contextmanager
def on_a_standby() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA as_on_a_standby")
        try:
            cursor.execute(_SAYS_SO)
            cursor.execute("SET search_path = as_on_a_standby, pg_catalog, public")
            yield
        finally:
            cursor.execute("RESET search_path")
            cursor.execute("DROP SCHEMA as_on_a_standby CASCADE")


def gone() -> list[str]:
    return [standby.name for standby in database_state.standbys() if standby.gone]


def test_a_slot_that_waits_for_the_day_it_is_the_primary_is_no_alarm() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_create_physical_replication_slot('vlkov', true)")
        try:
            assert gone() == ["vlkov"]
            with on_a_standby():
                assert gone() == []
        finally:
            cursor.execute("SELECT pg_drop_replication_slot('vlkov')")


def test_no_standby_of_its_own_is_missed() -> None:
    marks.put(marks.STANDBY, NOW)
    alone = availability.look([], 0, "", NOW)
    with on_a_standby():
        found = availability.look([], 0, "", NOW)
    assert alone is not None
    assert found is not None
    assert (len(list(weaknesses(alone))), list(weaknesses(found))) == (1, [])


def test_a_check_does_not_try_to_tell_anybody_anything(settings: Any) -> None:
    settings.LISTEN_URL = "postgresql://prepazka@127.0.0.1:1/vlkov"
    assert [one.level for one in run_checks() if one.what.startswith("listening")] == ["warning"]
    with on_a_standby():
        assert [one.what for one in run_checks() if one.what.startswith("listening")] == []
