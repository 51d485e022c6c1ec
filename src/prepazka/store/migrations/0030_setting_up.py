"""Setting up an installation: the link of its first operator."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0028_reports")]

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
    ]
