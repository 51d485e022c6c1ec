"""The desk: notes on bookings, cancelling that can be undone, what a ticket was before an act, one press to go on.

The columns of `booking` are added by statements of our own: Django would rebuild the table on SQLite, which is slow and
drops the triggers of `0020_held`.
"""

from collections.abc import Callable, Mapping

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "note": "varchar(160) NOT NULL DEFAULT ''",
        "cancel_at": "datetime NULL",
        "cancel_by": "varchar(150) NOT NULL DEFAULT ''",
        "cancel_told": "bool NOT NULL DEFAULT 0",
    },
    "postgresql": {
        "note": "varchar(160) NOT NULL DEFAULT ''",
        "cancel_at": "timestamp with time zone NULL",
        "cancel_by": "varchar(150) NOT NULL DEFAULT ''",
        "cancel_told": "boolean NOT NULL DEFAULT false",
    },
}


def _run(statement: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    """Return what runs the statement for each column. statement: with {name} and {kind}."""

    def run(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for name, kind in _COLUMNS[schema_editor.connection.vendor].items():
            schema_editor.execute(statement.format(name=name, kind=kind))

    return run


class Migration(migrations.Migration):
    dependencies = [("store", "0024_services")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunPython(
                    _run("ALTER TABLE booking ADD COLUMN {name} {kind}"), _run("ALTER TABLE booking DROP COLUMN {name}")
                )
            ],
            [
                migrations.AddField("booking", "note", models.CharField(max_length=160, db_default="")),
                migrations.AddField("booking", "cancel_at", models.DateTimeField(null=True)),
                migrations.AddField("booking", "cancel_by", models.CharField(max_length=150, db_default="")),
                migrations.AddField("booking", "cancel_told", models.BooleanField(db_default=False)),
            ],
        ),
        migrations.AddIndex(
            "booking",
            models.Index(
                fields=["cancel_at"], condition=models.Q(("cancel_at__isnull", False)), name="booking_cancelling"
            ),
        ),
        migrations.AddField("ticketevent", "values_before", models.JSONField(null=True)),
        migrations.AddField("office", "one_press", models.BooleanField(default=False)),
    ]
