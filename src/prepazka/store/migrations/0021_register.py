"""The register of access, the list of erasures, sealed settings of gateways, and who the privacy page names.

What the audit trail says of looking at people moves into the register, and no whole number stays in it.
"""

import re
from typing import Any
from urllib.parse import unquote

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from prepazka.store.register import masked
from prepazka.store.sealing import is_current, number_hash, seal, unseal

MOVED = {
    "messages looked up": "messages of number",
    "inbox opened": "thread opened",
    "person shown": "person shown",
    "person erased": "person erased",
    "signed in": "signed in",
}
BATCH = 500


def a_role() -> Any:
    roles = ("clerk", "manager", "administrator", "officer")
    return models.CharField("role", max_length=20, choices=[(role, role) for role in roles])


def move_to_register(apps: Any, _schema: Any) -> None:
    audit, access = apps.get_model("store", "Audit"), apps.get_model("store", "Access")
    while rows := list(audit.objects.filter(what__in=MOVED).order_by("id")[:BATCH]):
        access.objects.bulk_create(moved(access, row) for row in rows)
        audit.objects.filter(id__in=[row.id for row in rows]).delete()


def moved(access: Any, row: Any) -> Any:
    details = dict(row.details)
    number = str(details.pop("number", ""))
    whole = number if number.startswith("+") else ""
    return access(
        office_id=row.office_id,
        at=row.at,
        who=row.who,
        what=MOVED[row.what],
        number=masked(number),
        number_hash=number_hash(whole),
        details=details,
    )


def move_back(apps: Any, _schema: Any) -> None:
    """The audit trail of before, as far as the older version knows it; whole numbers are gone for good."""
    audit, access = apps.get_model("store", "Audit"), apps.get_model("store", "Access")
    names = {new: old for old, new in MOVED.items()}
    while rows := list(access.objects.filter(what__in=names).order_by("id")[:BATCH]):
        audit.objects.bulk_create(
            audit(
                office_id=row.office_id,
                at=row.at,
                who=row.who,
                what=names[row.what],
                details=row.details | ({"number": row.number} if row.number else {}),
            )
            for row in rows
        )
        access.objects.filter(id__in=[row.id for row in rows]).delete()


def without_password(settings: dict[str, Any]) -> dict[str, Any]:
    """Move the password out of the address of a database, which pages show."""
    address = re.fullmatch(r"(postgres(?:ql)?://[^/@:]*):([^/@]*)(@.*)", str(settings.get("database", "")))
    if not address:
        return settings
    password = settings.get("password") or unquote(address[2])
    return settings | {"database": f"{address[1]}{address[3]}", "password": password}


def seal_settings(apps: Any, _schema: Any) -> None:
    for row in apps.get_model("store", "Gateway").objects.exclude(settings={}):
        if not is_current(str(row.settings.get("sealed", ""))):
            row.settings = {"sealed": seal(without_password(row.settings))}
            row.save(update_fields=["settings"])


def open_settings(apps: Any, _schema: Any) -> None:
    for row in apps.get_model("store", "Gateway").objects.exclude(settings={}):
        if "sealed" in row.settings:
            row.settings = unseal(row.settings["sealed"])
            row.save(update_fields=["settings"])


def bound_erasing(apps: Any, _schema: Any) -> None:
    """An office that wrote 0, or years, could be loaded but not saved any more."""
    offices = apps.get_model("store", "Office").objects
    offices.filter(erase_after_days__lt=1).update(erase_after_days=1, version=F("version") + 1)
    offices.filter(erase_after_days__gt=365).update(erase_after_days=365, version=F("version") + 1)


class Migration(migrations.Migration):
    dependencies = [("store", "0020_held")]

    operations = [
        migrations.AddField(
            "office",
            "privacy_officer",
            models.CharField(
                blank=True, default="", max_length=200, verbose_name="pověřenec pro ochranu osobních údajů"
            ),
        ),
        migrations.AddField(
            "office",
            "recipients",
            models.CharField(blank=True, default="", max_length=300, verbose_name="příjemci údajů"),
        ),
        migrations.AddField("optout", "contact_at", models.DateTimeField(null=True)),
        migrations.AlterField("official", "role", a_role()),
        migrations.AlterField("invitation", "role", a_role()),
        migrations.CreateModel(
            "Access",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("who", models.CharField(max_length=150)),
                ("what", models.CharField(max_length=30)),
                ("number", models.CharField(default="", max_length=4)),
                ("number_hash", models.CharField(default="", max_length=32)),
                ("details", models.JSONField(default=dict)),
                ("count", models.PositiveIntegerField(default=1)),
                ("once", models.CharField(max_length=250, null=True, unique=True)),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accesses",
                        to="store.office",
                    ),
                ),
            ],
            {
                "db_table": "access",
                "indexes": [
                    models.Index(fields=["office", "at"], name="access_by_office"),
                    models.Index(fields=["who", "at"], condition=Q(office__isnull=True), name="access_by_name"),
                    models.Index(
                        fields=["number_hash", "at"], condition=Q(number_hash__gt=""), name="access_to_number"
                    ),
                    models.Index(fields=["at"], name="access_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            "Erasure",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("row", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(db_index=True)),
            ],
            {
                "db_table": "erasure",
                "constraints": [
                    models.UniqueConstraint(fields=["kind", "row", "made_at"], name="one_erasure_a_row"),
                ],
            },
        ),
        migrations.RunPython(seal_settings, open_settings),
        migrations.RunPython(move_to_register, move_back),
        migrations.RunPython(bound_erasing, migrations.RunPython.noop),
    ]
