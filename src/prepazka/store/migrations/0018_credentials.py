"""What each token may do and for which numbers, strays that are not whole, home offices and invitations.

A token of before may do what it could, for the numbers its gateway has today. An account that works for one office
alone is that office's.
"""

from collections.abc import Iterable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import prepazka.store.office_models


def keep_what_tokens_could_do(apps: Any, _editor: Any) -> None:
    """Give the tokens there are every purpose, for the numbers bound to their gateways."""
    gateways: Iterable[Any] = apps.get_model("store", "Gateway").objects.filter(token_sha256__isnull=False)
    for gateway in gateways:
        gateway.token_purposes = ["messages", "replies", "bookings"]
        gateway.token_numbers = sorted(gateway.numbers.values_list("e164", flat=True))
        gateway.save(update_fields=["token_purposes", "token_numbers"])


def find_homes(apps: Any, _editor: Any) -> None:
    """Let each office that could reset an account go on doing so: the only one its owner works for."""
    officials: Any = apps.get_model("store", "Official").objects
    users: Any = apps.get_model("store", "User").objects.filter(is_superuser=False)
    alone = officials.values("user_id").annotate(offices=models.Count("id"), home=models.Min("office_id"))
    for one in alone.filter(offices=1):
        users.filter(id=one["user_id"]).update(home_id=one["home"])


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
        migrations.AddField(
            "user",
            "home",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="store.office",
            ),
        ),
        migrations.AddField("official", "held", models.BooleanField(db_default=False)),
        migrations.CreateModel(
            "Invitation",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("clerk", "clerk"), ("manager", "manager"), ("administrator", "administrator")],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("token_sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                ("valid_until", models.DateTimeField(db_index=True)),
                (
                    "office",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.office"),
                ),
            ],
            {"verbose_name": "pozvánka", "verbose_name_plural": "pozvánky", "db_table": "invitation"},
        ),
        migrations.RunPython(find_homes, migrations.RunPython.noop),
        migrations.RunPython(keep_what_tokens_could_do, migrations.RunPython.noop),
    ]
