"""Places held on the web until their phone confirms them, numbers kept for calling only, and the emergency stop.

A held place takes its lane as a booking does, so the guards of `0002_no_overlap` are made anew for both. They are
dropped before the tables change, as a rebuilt table of SQLite has no triggers.
"""

from collections.abc import Callable, Mapping, Sequence

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_OLD, _NEW = "state = 'booked'", "state IN ('booked', 'held')"
_TAKES_PLACE = models.Q(("state__in", ["booked", "held"]))


def _made(takes_place: str) -> Mapping[str, Sequence[str]]:
    clash = f"""
        NEW.{takes_place} AND NEW.starts_at < (
            SELECT ends_at FROM booking
            WHERE agenda_id = NEW.agenda_id AND lane = NEW.lane AND {takes_place}
              AND starts_at < NEW.ends_at AND id IS NOT NEW.id
            ORDER BY starts_at DESC LIMIT 1
        )
    """
    return {
        "sqlite": [
            f"CREATE TRIGGER booking_no_overlap_{when.split()[0].lower()} BEFORE {when} ON booking WHEN {clash} "
            "BEGIN SELECT RAISE(ABORT, 'one_booking_a_lane'); END"
            for when in ("INSERT", "UPDATE OF state, agenda_id, lane, starts_at, ends_at")
        ],
        "postgresql": [
            f"""ALTER TABLE booking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist
                (agenda_id WITH =, lane WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE ({takes_place})"""
        ],
    }


_DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS booking_no_overlap_insert",
        "DROP TRIGGER IF EXISTS booking_no_overlap_update",
    ],
    "postgresql": ["ALTER TABLE booking DROP CONSTRAINT booking_no_overlap"],
}


def _run(statements: Mapping[str, Sequence[str]]) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def run(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements.get(schema_editor.connection.vendor, []):
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("store", "0019_rate_limits")]

    operations = [
        migrations.RunPython(_run(_DROPPED), _run(_made(_OLD))),
        migrations.RemoveConstraint("booking", "one_booking_a_lane"),
        migrations.RemoveConstraint("booking", "one_booking_a_code_and_day"),
        migrations.RemoveConstraint("booking", "booking_in_a_known_state"),
        migrations.RemoveIndex("booking", "booking_taken"),
        migrations.AddField("booking", "calls", models.CharField(db_default="", max_length=16)),
        migrations.AddIndex(
            "booking",
            models.Index(
                condition=_TAKES_PLACE, fields=["agenda", "starts_at", "ends_at", "lane", "state"], name="booking_taken"
            ),
        ),
        migrations.AddIndex(
            "booking", models.Index(condition=models.Q(("state", "held")), fields=["office", "id"], name="booking_held")
        ),
        migrations.AddConstraint(
            "booking",
            models.UniqueConstraint(
                condition=_TAKES_PLACE, fields=("agenda", "lane", "starts_at"), name="one_booking_a_lane"
            ),
        ),
        migrations.AddConstraint(
            "booking",
            models.UniqueConstraint(
                condition=_TAKES_PLACE, fields=("office", "code", "day"), name="one_booking_a_code_and_day"
            ),
        ),
        migrations.AddConstraint(
            "booking",
            models.CheckConstraint(
                condition=models.Q(("state__in", ["booked", "held", "cancelled", "moved"])),
                name="booking_in_a_known_state",
            ),
        ),
        migrations.CreateModel(
            "Hold",
            [
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hold",
                        serialize=False,
                        to="store.booking",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.office"),
                ),
                ("number", models.CharField(max_length=16)),
                ("caller", models.CharField(max_length=50)),
                ("chosen_at", models.DateTimeField()),
                ("handed_at", models.DateTimeField(null=True)),
                ("wrong_codes", models.PositiveSmallIntegerField(db_default=0)),
                ("stood", models.BooleanField(db_default=False)),
                ("confirmed", models.BooleanField(db_default=False)),
            ],
            {
                "db_table": "hold",
                "indexes": [
                    models.Index(fields=["office", "number", "chosen_at"], name="hold_of_number"),
                    models.Index(fields=["office", "caller"], name="hold_of_caller"),
                    models.Index(fields=["chosen_at"], name="hold_by_time"),
                ],
            },
        ),
        migrations.AddField("office", "confirm_web", models.BooleanField(default=None, null=True)),
        migrations.AddField("office", "proof_of_work", models.BooleanField(default=False)),
        migrations.AddField("office", "replies_only", models.BooleanField(db_default=False, editable=False)),
        migrations.RunPython(_run(_made(_NEW)), _run(_DROPPED)),
    ]
