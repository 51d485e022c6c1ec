"""What an office decides of a day without the system, of framing, and of being public before it is ready."""

from datetime import time

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0031_screens")]

    operations = [
        migrations.AddField("office", "day_list_from", models.TimeField(db_default=time(6, 30))),
        migrations.AddField("office", "day_list_folder", models.BooleanField(db_default=False)),
        migrations.AddField("office", "day_list_email", models.CharField(blank=True, db_default="", max_length=254)),
        migrations.AddField("office", "day_list_printer", models.CharField(blank=True, db_default="", max_length=100)),
        migrations.AddField("office", "frame_origins", models.JSONField(blank=True, db_default=[])),
        migrations.AddField("office", "public_unfinished", models.BooleanField(db_default=True)),
    ]
