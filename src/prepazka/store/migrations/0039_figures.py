"""Figures of days whose rows are folded, and how long an office keeps rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0038_moving")]

    operations = [
        migrations.AddField("office", "keep_details_months", models.PositiveSmallIntegerField(db_default=13)),
        migrations.CreateModel(
            name="DayFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("counted", models.JSONField(default=dict)),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False, on_delete=models.deletion.CASCADE, related_name="+", to="store.office"
                    ),
                ),
            ],
            options={
                "db_table": "day_figures",
                "constraints": [models.UniqueConstraint(fields=("office", "day"), name="one_row_of_figures_a_day")],
            },
        ),
    ]
