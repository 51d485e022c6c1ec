"""Moments of the whole installation: a node's last write, the last backup, host names that were refused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0022_sign_in")]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.CharField(max_length=300, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "mark"},
        ),
    ]
