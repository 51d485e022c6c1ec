from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_kiosks"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ticket",
            name="ticket_in_a_known_state",
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "called", "serving", "done", "absent", "closed", "withdrawn"])
                ),
                name="ticket_in_a_known_state",
            ),
        ),
    ]
