"""Services that are paused, left out of the pages, or offered on some weekdays only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0023_marks")]

    operations = [
        migrations.AddField("service", "weekdays", models.JSONField("dny v týdnu", default=list, blank=True)),
        migrations.AddField(
            "service", "paused_from", models.DateField("bez nových objednávek od", null=True, blank=True)
        ),
        migrations.AddField("service", "hidden", models.BooleanField("není na webu", default=False)),
    ]
