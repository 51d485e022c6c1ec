"""Why messages did not arrive, receipts of no message, what gateways say by name, and gateways that stand by."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0026_hall")]

    operations = [
        migrations.AddField(
            "gateway", "told_name", models.CharField(db_default="", default="", editable=False, max_length=40)
        ),
        migrations.AddField("gateway", "told_values", models.JSONField(editable=False, null=True)),
        migrations.AddField("gateway", "ill_since", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "gateway",
            "standby",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="stands_by_for",
                to="store.gateway",
            ),
        ),
        migrations.AddField(
            "gateway", "standby_after", models.PositiveSmallIntegerField(db_default=10, default=10, editable=False)
        ),
        migrations.AddField("outbound", "doubted", models.BooleanField(db_default=False)),
        migrations.AddField("outbound", "cause", models.CharField(db_default="", max_length=20)),
        migrations.AddIndex(
            "outbound",
            models.Index(
                condition=models.Q(("state__in", ["failed", "undelivered", "expired", "unknown"])),
                fields=["office", "made_at", "gateway", "state", "cause"],
                name="outbound_troubled",
            ),
        ),
        migrations.CreateModel(
            "UnmatchedReceipts",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            {
                "db_table": "unmatched_receipts",
                "constraints": [models.UniqueConstraint(fields=("gateway", "day"), name="one_count_a_gateway_and_day")],
            },
        ),
    ]
