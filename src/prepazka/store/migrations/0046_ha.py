"""A process that serves says with which key and version it does, and which gateways it cannot serve."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0043_sharing")]

    operations = [
        migrations.AddField(
            model_name="processbeat",
            name="key",
            field=models.CharField(db_default="", default="", max_length=32),
        ),
        migrations.AddField(
            model_name="processbeat",
            name="version",
            field=models.CharField(db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="processbeat",
            name="cannot",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
