"""The index of messages to be given up serves nothing else any more.

PostgreSQL took it for the smallest one with all queued messages in it, and read those of all gateways to give one its
next ten.
"""

from django.db import migrations, models
from django.db.models import Q

from prepazka.store.online_index import AddIndexOnline, RemoveIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("store", "0044_unlike_processes")]

    operations = [
        AddIndexOnline(
            "outbound",
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=["queued", "sending"], expires_at__isnull=False),
                name="outbound_expiring",
            ),
        ),
        RemoveIndexOnline("outbound", "outbound_to_expire"),
    ]
