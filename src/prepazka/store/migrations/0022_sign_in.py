"""Second factors, links to an organisation's sign-in, and the end of given passwords; django-axes' tables are gone."""

from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

# The tables of the locks after wrong passwords, which were never anything but counters.
_AXES = ["axes_accessattemptexpiration", "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog"]


def forget_axes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in _AXES:
        schema_editor.execute(f"DROP TABLE IF EXISTS {table}")
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="axes").delete()
    schema_editor.execute("DELETE FROM django_migrations WHERE app = 'axes'")


def end_given_passwords(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever has a given password has the seven days from now on."""
    given = apps.get_model("store", "User").objects.filter(password_given=True)
    given.update(given_until=timezone.now() + timedelta(days=7))


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0020_held"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField("office", "second_factor", models.CharField(max_length=20, default="none")),
        migrations.AddField("user", "given_until", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("valid_until", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "sign_in_link"},
        ),
        migrations.RunPython(forget_axes, migrations.RunPython.noop),
        migrations.RunPython(end_given_passwords, migrations.RunPython.noop),
    ]
