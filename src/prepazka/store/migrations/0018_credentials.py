"""What each token may do and for which numbers, and strays that are not whole.

A token of before may do what it could, for the numbers its gateway has today.
"""

from collections.abc import Iterable
from typing import Any

from django.db import migrations, models

import prepazka.store.office_models


def keep_what_tokens_could_do(apps: Any, _editor: Any) -> None:
    """Give the tokens there are every purpose, for the numbers bound to their gateways."""
    gateways: Iterable[Any] = apps.get_model("store", "Gateway").objects.filter(token_sha256__isnull=False)
    for gateway in gateways:
        gateway.token_purposes = ["messages", "replies", "bookings"]
        gateway.token_numbers = sorted(gateway.numbers.values_list("e164", flat=True))
        gateway.save(update_fields=["token_purposes", "token_numbers"])


class Migration(migrations.Migration):
    dependencies = [("store", "0017_freed_offer")]

    operations = [
        migrations.AddField(
            "gateway",
            "token_purposes",
            models.JSONField(default=prepazka.store.office_models.least_purposes, editable=False),
        ),
        migrations.AddField("gateway", "token_numbers", models.JSONField(editable=False, null=True)),
        migrations.AddField("stray", "whole", models.BooleanField(db_default=True)),
        migrations.AddIndex("stray", models.Index(fields=["gateway", "recipient", "id"], name="stray_of_number")),
        migrations.AddIndex("stray", models.Index(fields=["received_at"], name="stray_by_time")),
        migrations.RunPython(keep_what_tokens_could_do, migrations.RunPython.noop),
    ]
