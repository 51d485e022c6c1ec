"""Offices that move to another installation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0037_titles")]

    operations = [
        migrations.AddField("office", "moved_at", models.DateTimeField(editable=False, null=True)),
    ]
