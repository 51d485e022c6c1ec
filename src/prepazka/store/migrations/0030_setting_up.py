"""Setting up: the link of the first operator, the day without the system, framing, and offices not public yet."""

from datetime import time

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0029_health")]

    operations = [
        migrations.CreateModel(
            name="FirstOperatorLink",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("token_sha256", models.CharField(editable=False, max_length=64)),
                ("valid_until", models.DateTimeField()),
            ],
            options={
                "db_table": "first_operator_link",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_first_operator_link")],
            },
        ),
        migrations.AddField("office", "day_list_from", models.TimeField(db_default=time(6, 30))),
        migrations.AddField("office", "day_list_folder", models.BooleanField(db_default=False)),
        migrations.AddField("office", "day_list_email", models.CharField(blank=True, db_default="", max_length=254)),
        migrations.AddField("office", "day_list_printer", models.CharField(blank=True, db_default="", max_length=100)),
        migrations.AddField("office", "frame_origins", models.JSONField(blank=True, db_default=[])),
        migrations.AddField("office", "public_unfinished", models.BooleanField(db_default=True)),
    ]
