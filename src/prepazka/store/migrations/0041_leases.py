"""Leases: which process does the work that one does for all, and until when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0040_folding")]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=120)),
                ("until", models.DateTimeField()),
            ],
            options={"db_table": "lease"},
        ),
    ]
