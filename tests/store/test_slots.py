"""A slot that nobody reads fills the primary's disk; one on a standby only waits until that becomes the primary."""

import pytest
from django.db import connection

from prepazka.store import database_state

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def gone() -> list[str]:
    return [standby.name for standby in database_state.standbys() if standby.gone]


def test_only_the_primary_tells_of_a_slot_that_nobody_reads() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_create_physical_replication_slot('vlkov', true)")
        try:
            assert gone() == ["vlkov"]
            # A standby says so of itself by one function, which comes first in the search path here.
            cursor.execute("CREATE SCHEMA as_on_a_standby")
            cursor.execute(
                "CREATE FUNCTION as_on_a_standby.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'"
            )
            cursor.execute("SET search_path = as_on_a_standby, pg_catalog, public")
            assert gone() == []
        finally:
            cursor.execute("RESET search_path")
            cursor.execute("DROP SCHEMA IF EXISTS as_on_a_standby CASCADE")
            cursor.execute("SELECT pg_drop_replication_slot('vlkov')")
