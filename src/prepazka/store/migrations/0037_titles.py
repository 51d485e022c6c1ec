"""Titles of services and reasons of closures in other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0032_one_count")]

    operations = [
        migrations.AddField("service", "titles", models.JSONField(blank=True, db_default={})),
        migrations.AddField("closure", "reasons", models.JSONField(blank=True, db_default={})),
    ]
