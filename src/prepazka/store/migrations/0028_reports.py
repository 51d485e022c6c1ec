"""Reports: the agenda and the service a ticket was for at each of its events, and service times of clerks by choice."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0027_delivery_told")]

    operations = [
        migrations.AddField("office", "clerk_figures", models.BooleanField(default=False)),
        *(
            migrations.AddField(
                "ticketevent",
                name,
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=f"store.{name}",
                ),
            )
            for name in ("agenda", "service")
        ),
        migrations.AddIndex(
            "outbound",
            models.Index(
                condition=models.Q(("tried_at__isnull", False)), fields=["office", "tried_at"], name="outbound_by_month"
            ),
        ),
    ]
