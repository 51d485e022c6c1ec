"""The hall: counters that close by themselves, and tickets that are not given out any more today."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0025_desk")]

    operations = [
        migrations.AddField("office", "wait_limit_minutes", models.PositiveSmallIntegerField(default=30)),
        migrations.AddField("office", "close_counters_minutes", models.PositiveSmallIntegerField(default=30)),
        migrations.AddField("office", "counter_idle_minutes", models.PositiveSmallIntegerField(default=15)),
        migrations.AddField("office", "signed_out_minutes", models.PositiveSmallIntegerField(default=15)),
        migrations.AddField("agenda", "tickets_stopped_on", models.DateField(editable=False, null=True)),
        migrations.AddField("staffing", "acted_at", models.DateTimeField(null=True)),
        migrations.AddField("staffing", "away_since", models.DateTimeField(null=True)),
    ]
