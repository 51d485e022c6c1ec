"""The beats of the processes that serve: who lives gets a share of the gateways."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0041_leases")]

    operations = [
        migrations.CreateModel(
            name="ProcessBeat",
            fields=[
                ("process", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"db_table": "process_beat"},
        ),
    ]
