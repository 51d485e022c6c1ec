"""Guards no model can state: two active bookings of one lane never overlap, on either database.

PostgreSQL has exclusion constraints for this. SQLite has triggers: as bookings of a lane never overlap, only
the last one that starts before the new one's end can, so one look into the index `one_booking_a_lane` is enough.
A later migration that makes SQLite rebuild the table drops its triggers; tests/store/test_guards.py would fail.
"""

from collections.abc import Callable, Mapping, Sequence

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_CLASH = """
    NEW.state = 'booked' AND NEW.starts_at < (
        SELECT ends_at FROM booking
        WHERE agenda_id = NEW.agenda_id AND lane = NEW.lane AND state = 'booked'
          AND starts_at < NEW.ends_at AND id IS NOT NEW.id
        ORDER BY starts_at DESC LIMIT 1
    )
"""
_SQLITE = [
    f"CREATE TRIGGER booking_no_overlap_{when.split()[0].lower()} BEFORE {when} ON booking WHEN {_CLASH} "
    "BEGIN SELECT RAISE(ABORT, 'one_booking_a_lane'); END"
    for when in ("INSERT", "UPDATE OF state, agenda_id, lane, starts_at, ends_at")
]
_SQLITE_UNDO = ["DROP TRIGGER booking_no_overlap_insert", "DROP TRIGGER booking_no_overlap_update"]
_POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """ALTER TABLE booking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist
       (agenda_id WITH =, lane WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (state = 'booked')""",
]
_POSTGRESQL_UNDO = ["ALTER TABLE booking DROP CONSTRAINT booking_no_overlap"]


def _run(statements: Mapping[str, Sequence[str]]) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def run(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements.get(schema_editor.connection.vendor, []):
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("store", "0001_tables")]

    operations = [
        migrations.RunPython(
            _run({"sqlite": _SQLITE, "postgresql": _POSTGRESQL}),
            _run({"sqlite": _SQLITE_UNDO, "postgresql": _POSTGRESQL_UNDO}),
        )
    ]
