"""Whether the tables are those of this version, as the names of migrations say it."""

from unittest.mock import patch

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from prepazka.store import schema

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def forget(app: str, name: str) -> None:
    assert MigrationRecorder(connection).migration_qs.filter(app=app, name=name).delete()[0] == 1


def test_where_all_names_are_noted_no_migration_is_read() -> None:
    with patch("django.db.migrations.executor.MigrationExecutor", side_effect=AssertionError("it was read")):
        assert schema.pending() == []


def test_one_of_another_library_is_missed_too() -> None:
    forget("mfa", "0003_authenticator_type_uniq")
    assert schema.pending() == ["mfa.0003_authenticator_type_uniq"]


def test_our_newest_is_missed() -> None:
    forget("store", schema.latest())
    assert schema.pending() == [f"store.{schema.latest()}"]
    assert schema.is_older()


def test_names_that_only_a_newer_version_has_are_no_work() -> None:
    MigrationRecorder(connection).record_applied("store", "9999_of_tomorrow")
    assert schema.pending() == []
    assert schema.newer() == ["store.9999_of_tomorrow"]


def test_a_table_that_somebody_took_is_missing() -> None:
    assert schema.missing() == []
    there = [name for name in connection.introspection.table_names() if name not in {"booking", "counter_agendas"}]
    with patch.object(connection.introspection, "table_names", return_value=there):
        assert schema.missing() == ["booking", "counter_agendas"]
