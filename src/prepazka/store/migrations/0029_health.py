"""What monitoring reads: counters of all processes, the rhythm of gateways, and messages that did not arrive."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("store", "0028_reports")]

    operations = [
        migrations.CreateModel(
            name="GatewayHour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("hour", models.DateTimeField()),
                ("heard", models.PositiveIntegerField()),
                ("sent", models.PositiveIntegerField()),
                ("unmatched", models.PositiveIntegerField()),
            ],
            options={"db_table": "gateway_hour"},
        ),
        migrations.CreateModel(
            name="MetricCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("labels", models.CharField(max_length=300)),
                ("node", models.CharField(db_default="", max_length=100)),
                ("value", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "metric_count"},
        ),
        migrations.AddConstraint(
            "gatewayhour", models.UniqueConstraint(fields=["gateway", "hour"], name="one_row_an_hour")
        ),
        migrations.AddConstraint(
            "metriccount", models.UniqueConstraint(fields=["name", "labels", "node"], name="one_count_a_metric")
        ),
        migrations.AddIndex(
            "outbound",
            models.Index(
                condition=Q(state__in=["failed", "undelivered", "unknown"]),
                fields=["made_at", "gateway"],
                name="outbound_not_delivered",
            ),
        ),
    ]
