"""Counts of rate limits, the same for every process and node."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0018_credentials")]

    operations = [
        migrations.CreateModel(
            name="RateCount",
            fields=[
                ("bucket", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("slot", models.BigIntegerField()),
                ("count", models.IntegerField()),
                ("before", models.IntegerField()),
                ("last", models.BigIntegerField()),
                ("earlier", models.BigIntegerField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "db_table": "rate_limit",
                "indexes": [models.Index(fields=["expires_at"], name="rate_limit_expires")],
            },
        ),
    ]
