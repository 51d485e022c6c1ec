"""The desk: notes on bookings, cancelling that can be undone, what a ticket was before an act, one press to go on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0024_services")]

    operations = [
        migrations.AddField("booking", "note", models.CharField(max_length=160, db_default="")),
        migrations.AddField("booking", "cancel_at", models.DateTimeField(null=True)),
        migrations.AddField("booking", "cancel_by", models.CharField(max_length=150, db_default="")),
        migrations.AddField("booking", "cancel_told", models.BooleanField(db_default=False)),
        migrations.AddIndex(
            "booking",
            models.Index(
                fields=["cancel_at"], condition=models.Q(("cancel_at__isnull", False)), name="booking_cancelling"
            ),
        ),
        migrations.AddField("ticketevent", "values_before", models.JSONField(null=True)),
        migrations.AddField("office", "one_press", models.BooleanField(default=False)),
    ]
