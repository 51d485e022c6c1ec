"""One count of receipts of no message, by the hour; and the place in the list of a peer that is asked.

The counts by the day go over to the hours, as far as these do not have them yet: the hours are younger. Their table
stays for processes of the version before, which serve while this one is installed node by node; no version after it
reads or writes it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Sum

_BY_DAY: str = "UnmatchedReceipts"


def carry_over(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Add to the first hour of each day what the hours of that day lack."""
    hours: Any = apps.get_model("store", "GatewayHour").objects
    by_day: Iterable[Any] = apps.get_model("store", _BY_DAY).objects.all()
    for counted in by_day:
        midnight = datetime.combine(counted.day, datetime.min.time(), UTC)
        of_day = hours.filter(gateway=counted.gateway, hour__gte=midnight, hour__lt=midnight + timedelta(days=1))
        lacking = counted.count - (of_day.aggregate(known=Sum("unmatched"))["known"] or 0)
        if lacking > 0:
            row, _created = hours.get_or_create(
                gateway=counted.gateway, hour=midnight, defaults={"heard": 0, "sent": 0, "unmatched": 0}
            )
            hours.filter(pk=row.pk).update(unmatched=row.unmatched + lacking)


class Migration(migrations.Migration):
    dependencies = [("store", "0031_screens")]

    operations = [
        migrations.AddField("gateway", "position", models.TextField(db_default="", default="", editable=False)),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(_BY_DAY)]),
    ]
