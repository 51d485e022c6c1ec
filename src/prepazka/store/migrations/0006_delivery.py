"""Sending: when a message is due and until when, what came of it, and what gateways call it."""

from datetime import timedelta

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def _make_due(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was queued before there was delivery is due, and as old as it is."""
    queued = apps.get_model("store", "Outbound").objects.filter(state="queued")
    queued.update(due_at=F("made_at"), expires_at=F("made_at") + timedelta(hours=4))


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Breaker",
            fields=[
                ("gateway", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("paused_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "breaker",
            },
        ),
        migrations.CreateModel(
            name="OutboundRef",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("ref", models.CharField(max_length=200)),
                ("copy", models.PositiveSmallIntegerField()),
                ("total", models.PositiveSmallIntegerField()),
                ("state", models.CharField(default="handed", max_length=12)),
            ],
            options={
                "db_table": "outbound_ref",
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("message", models.CharField(max_length=40)),
                ("ref", models.CharField(max_length=200)),
                ("status", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "db_table": "receipt",
            },
        ),
        migrations.RemoveIndex(
            model_name="outbound",
            name="outbound_queued",
        ),
        migrations.AddField(
            model_name="outbound",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="outbound",
            name="booking",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="told",
                to="store.booking",
            ),
        ),
        migrations.AddField(
            model_name="outbound",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outbound",
            name="error",
            field=models.CharField(db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="outbound",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outbound",
            name="lost",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="outbound",
            name="priority",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="outbound",
            name="tried_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="outbound",
            name="kind",
            field=models.CharField(max_length=20),
        ),
        migrations.RunPython(_make_due, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="outbound",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["gateway", "priority", "id", "due_at"],
                name="outbound_queued",
            ),
        ),
        migrations.AddIndex(
            model_name="outbound",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("state__in", ["sending", "unknown"])),
                fields=["gateway", "state", "due_at"],
                name="outbound_in_doubt",
            ),
        ),
        migrations.AddIndex(
            model_name="outbound",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["expires_at"],
                name="outbound_to_expire",
            ),
        ),
        migrations.AddIndex(
            model_name="outbound",
            index=models.Index(
                condition=models.Q(("tried_at__isnull", False)),
                fields=["tried_at", "gateway", "parts"],
                name="outbound_tried",
            ),
        ),
        migrations.AddConstraint(
            model_name="outbound",
            constraint=models.UniqueConstraint(
                condition=models.Q(("booking__isnull", False)), fields=("booking", "kind"), name="one_telling_a_booking"
            ),
        ),
        migrations.AddConstraint(
            model_name="outbound",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["queued", "sending"]), _negated=True),
                    models.Q(("due_at__isnull", False), ("expires_at__isnull", False)),
                    _connector="OR",
                ),
                name="outbound_unsent_is_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="outbound",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "queued",
                            "sending",
                            "expired",
                            "unknown",
                            "handed",
                            "sent",
                            "undelivered",
                            "failed",
                            "delivered",
                        ],
                    )
                ),
                name="outbound_in_a_known_state",
            ),
        ),
        migrations.AddField(
            model_name="outboundref",
            name="outbound",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="refs", to="store.outbound"
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="outbound",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="receipts",
                to="store.outbound",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundref",
            constraint=models.UniqueConstraint(fields=("gateway", "ref"), name="one_message_a_ref"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("outbound__isnull", True)), fields=["received_at"], name="receipt_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outbound__isnull", False)),
                fields=("outbound", "ref", "status"),
                name="one_receipt_a_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outbound__isnull", True)),
                fields=("gateway", "ref", "status"),
                name="one_receipt_waiting",
            ),
        ),
    ]
