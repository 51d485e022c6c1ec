"""The clerk's inbox: who has seen to a message, saved answers; and which repairs a message needed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0015_conversation"),
    ]

    operations = [
        migrations.AddField(
            model_name="inbound",
            name="done_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inbound",
            name="done_by",
            field=models.CharField(db_default="", max_length=150),
        ),
        migrations.AddField(
            model_name="inbound",
            name="repairs",
            field=models.CharField(db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="office",
            name="answers",
            field=models.JSONField(blank=True, default=list, verbose_name="uložené odpovědi"),
        ),
        migrations.AddIndex(
            model_name="inbound",
            index=models.Index(
                condition=models.Q(
                    ("outcome__in", ["not_understood", "unknown_service", "bad_date", "bad_time", "incomplete"]),
                    ("text_key__gt", ""),
                ),
                fields=["office", "done_at", "id"],
                name="inbound_misunderstood",
            ),
        ),
        migrations.AddIndex(
            model_name="inbound",
            index=models.Index(
                condition=models.Q(("repairs__gt", "")), fields=["office", "received_at"], name="inbound_repaired"
            ),
        ),
    ]
