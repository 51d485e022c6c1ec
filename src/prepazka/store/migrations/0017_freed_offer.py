"""The start a notice of a freed place offered, so that a yes to it can be taken."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0016_inbox")]

    operations = [
        migrations.AddField("waitlistentry", "told_start", models.TimeField(null=True)),
        migrations.AddIndex(
            "waitlistentry",
            models.Index(
                fields=["office", "sender"], name="watch_told_to", condition=models.Q(("told_start__isnull", False))
            ),
        ),
    ]
