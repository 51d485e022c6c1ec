"""What is found by the index: contents of messages that need not be known any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0012_booking_pressed")]

    operations = [
        migrations.AddIndex(
            model_name="inbound",
            index=models.Index(
                condition=models.Q(("fingerprint__isnull", False)),
                fields=["received_at"],
                name="inbound_fingerprinted",
            ),
        ),
    ]
