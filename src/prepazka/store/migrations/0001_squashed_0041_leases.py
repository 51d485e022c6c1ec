"""All tables of today at once, for an empty database: what the forty migrations after it come to, in a tenth of the time.

A database that has applied some of them goes on with the rest, one by one. A new migration comes after the last of
them and touches none of this; tests/store/test_migration.py compares both ways.
"""

import datetime

import django.core.validators
import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

import prepazka.store.office_models

# A lane is taken once: the guards of `0020_held`.
_CLASH = """
    NEW.state IN ('booked', 'held') AND NEW.starts_at < (
        SELECT ends_at FROM booking
        WHERE agenda_id = NEW.agenda_id AND lane = NEW.lane AND state IN ('booked', 'held')
          AND starts_at < NEW.ends_at AND id IS NOT NEW.id
        ORDER BY starts_at DESC LIMIT 1
    )
"""
_GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER booking_no_overlap_{when.split()[0].lower()} BEFORE {when} ON booking WHEN {_CLASH} "
        "BEGIN SELECT RAISE(ABORT, 'one_booking_a_lane'); END"
        for when in ("INSERT", "UPDATE OF state, agenda_id, lane, starts_at, ends_at")
    ],
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        """ALTER TABLE booking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist
            (agenda_id WITH =, lane WITH =, tstzrange(starts_at, ends_at) WITH &&)
            WHERE (state IN ('booked', 'held'))""",
    ],
}


def make_guards(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make what no model can state."""
    for statement in _GUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    # django-allauth's tables refer to the accounts, and ask only for the first migration.
    run_before = [
        ("account", "0001_initial"),
        ("mfa", "0001_initial"),
        ("socialaccount", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]
    dependencies = []
    replaces = [
        ("store", "0001_tables"),
        ("store", "0002_no_overlap"),
        ("store", "0003_counters"),
        ("store", "0004_gateways"),
        ("store", "0005_accounts"),
        ("store", "0006_delivery"),
        ("store", "0007_administration"),
        ("store", "0008_kiosks"),
        ("store", "0009_withdrawn"),
        ("store", "0010_gateways_told"),
        ("store", "0011_contact"),
        ("store", "0012_booking_pressed"),
        ("store", "0013_forgetting"),
        ("store", "0014_plain_names"),
        ("store", "0015_conversation"),
        ("store", "0016_inbox"),
        ("store", "0017_freed_offer"),
        ("store", "0018_credentials"),
        ("store", "0019_rate_limits"),
        ("store", "0020_held"),
        ("store", "0021_register"),
        ("store", "0022_sign_in"),
        ("store", "0023_marks"),
        ("store", "0024_services"),
        ("store", "0025_desk"),
        ("store", "0026_hall"),
        ("store", "0027_delivery_told"),
        ("store", "0028_reports"),
        ("store", "0029_health"),
        ("store", "0030_setting_up"),
        ("store", "0031_screens"),
        ("store", "0032_one_count"),
        ("store", "0037_titles"),
        ("store", "0038_moving"),
        ("store", "0039_figures"),
        ("store", "0040_folding"),
        ("store", "0041_leases"),
    ]

    operations = [
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="adresa na webu")),
                ("name", models.CharField(max_length=60, verbose_name="název")),
                ("timezone", models.CharField(default="Europe/Prague", max_length=40, verbose_name="časové pásmo")),
                (
                    "holidays",
                    models.CharField(blank=True, default="CZ", max_length=2, verbose_name="státní svátky země"),
                ),
                ("contact", models.CharField(blank=True, default="", max_length=120, verbose_name="kontakt")),
                ("address", models.CharField(blank=True, default="", max_length=120, verbose_name="adresa")),
                (
                    "directions",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="jak se k nám dostat"),
                ),
                (
                    "privacy_officer",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="pověřenec pro ochranu osobních údajů"
                    ),
                ),
                ("recipients", models.CharField(blank=True, default="", max_length=300, verbose_name="příjemci údajů")),
                ("texts", models.JSONField(blank=True, default=dict, verbose_name="vlastní texty odpovědí")),
                ("answers", models.JSONField(blank=True, default=list, verbose_name="uložené odpovědi")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("horizon_days", models.PositiveSmallIntegerField(default=60)),
                ("soonest_days", models.PositiveSmallIntegerField(default=7)),
                ("notice_minutes", models.PositiveIntegerField(default=0)),
                ("cancel_until_minutes", models.PositiveIntegerField(default=0)),
                ("reoffer_minutes", models.PositiveIntegerField(default=0)),
                ("open_per_sender", models.PositiveSmallIntegerField(default=4)),
                ("open_per_sender_and_service", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("open_per_sender_and_agenda", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("open_per_sender_and_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("persons_at_most", models.PositiveSmallIntegerField(default=4)),
                ("wrong_codes_per_hour", models.PositiveSmallIntegerField(default=5)),
                ("identical_per_hour", models.PositiveSmallIntegerField(default=3)),
                ("not_understood_per_hour", models.PositiveSmallIntegerField(default=5)),
                ("repeat_minutes", models.PositiveSmallIntegerField(default=10)),
                ("offer_minutes", models.PositiveSmallIntegerField(default=15)),
                ("check_in_before_minutes", models.PositiveSmallIntegerField(default=15)),
                ("check_in_after_minutes", models.PositiveSmallIntegerField(default=15)),
                ("recalls_before_absent", models.PositiveSmallIntegerField(default=3)),
                ("recall_later_minutes", models.PositiveSmallIntegerField(default=5)),
                ("priority_tickets", models.BooleanField(default=True)),
                ("remind_from", models.TimeField(default="09:00")),
                ("remind_to", models.TimeField(default="19:00")),
                ("message_hours", models.PositiveSmallIntegerField(default=12)),
                ("erase_after_days", models.PositiveSmallIntegerField(default=30)),
                ("keep_details_months", models.PositiveSmallIntegerField(db_default=13)),
                ("proposal_minutes", models.PositiveSmallIntegerField(default=120)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("accents", models.CharField(default="none", max_length=4)),
                ("one_press", models.BooleanField(default=False)),
                ("inbox", models.BooleanField(default=False)),
                ("inbox_hours", models.CharField(blank=True, default="", max_length=60)),
                ("confirm_web", models.BooleanField(default=None, null=True)),
                ("proof_of_work", models.BooleanField(default=False)),
                ("replies_only", models.BooleanField(db_default=False, editable=False)),
                ("moved_at", models.DateTimeField(editable=False, null=True)),
                ("second_factor", models.CharField(default="none", max_length=20)),
                ("day_list_from", models.TimeField(db_default=datetime.time(6, 30))),
                ("day_list_folder", models.BooleanField(db_default=False)),
                ("day_list_email", models.CharField(blank=True, db_default="", max_length=254)),
                ("day_list_printer", models.CharField(blank=True, db_default="", max_length=100)),
                ("frame_origins", models.JSONField(blank=True, db_default=[])),
                ("public_unfinished", models.BooleanField(db_default=True)),
                ("wait_limit_minutes", models.PositiveSmallIntegerField(default=30)),
                ("close_counters_minutes", models.PositiveSmallIntegerField(default=30)),
                ("counter_idle_minutes", models.PositiveSmallIntegerField(default=15)),
                ("signed_out_minutes", models.PositiveSmallIntegerField(default=15)),
                ("screen_notice", models.CharField(blank=True, default="", max_length=120)),
                ("voice", models.CharField(default="none", max_length=10)),
                ("voice_volume", models.PositiveSmallIntegerField(default=80)),
                ("clerk_figures", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "úřad",
                "verbose_name_plural": "úřady",
                "db_table": "office",
            },
        ),
        migrations.CreateModel(
            name="Agenda",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, verbose_name="klíč")),
                ("title", models.CharField(max_length=100, verbose_name="název")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("retired", models.BooleanField(default=False)),
                (
                    "prefix",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="písmeno pořadových čísel"),
                ),
                (
                    "walk_ins_per_day",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lístků bez objednání za den"),
                ),
                (
                    "walk_ins_stop_minutes",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="konec výdeje lístků, minut před zavřením"
                    ),
                ),
                (
                    "service_minutes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="obvyklá doba vyřízení v minutách",
                    ),
                ),
                ("tickets_stopped_on", models.DateField(editable=False, null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="agendas", to="store.office"
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda",
                "verbose_name_plural": "agendy",
                "db_table": "agenda",
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("office", "key"), name="one_agenda_a_key")],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10, verbose_name="zkratka")),
                ("title", models.CharField(max_length=100, verbose_name="název")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="délka v minutách"
                    ),
                ),
                ("synonyms", models.JSONField(blank=True, default=list, verbose_name="jiná slova")),
                ("bring", models.JSONField(blank=True, default=dict, verbose_name="co s sebou")),
                ("weekdays", models.JSONField(blank=True, default=list, verbose_name="dny v týdnu")),
                ("paused_from", models.DateField(blank=True, null=True, verbose_name="bez nových objednávek od")),
                ("hidden", models.BooleanField(default=False, verbose_name="není na webu")),
                ("titles", models.JSONField(blank=True, db_default={})),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("retired", models.BooleanField(default=False)),
                (
                    "agenda",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="store.agenda"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "verbose_name": "činnost",
                "verbose_name_plural": "činnosti",
                "db_table": "service",
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("office", "code"), name="one_service_a_code")],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lane", models.PositiveSmallIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("name", models.CharField(max_length=60)),
                ("persons", models.PositiveSmallIntegerField(default=1)),
                ("sender", models.CharField(max_length=16)),
                ("code", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("channel", models.CharField(max_length=10)),
                ("text_key", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("calls", models.CharField(db_default="", max_length=16)),
                ("note", models.CharField(db_default="", max_length=160)),
                ("cancel_at", models.DateTimeField(null=True)),
                ("cancel_by", models.CharField(db_default="", max_length=150)),
                ("cancel_told", models.BooleanField(db_default=False)),
                (
                    "agenda",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="store.agenda",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="store.office",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="store.service",
                    ),
                ),
            ],
            options={
                "db_table": "booking",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["booked", "held"])),
                        fields=["agenda", "starts_at", "ends_at", "lane", "state"],
                        name="booking_taken",
                    ),
                    models.Index(
                        condition=models.Q(("state", "cancelled")),
                        fields=["agenda", "changed_at"],
                        name="booking_given_back",
                    ),
                    models.Index(
                        condition=models.Q(("state", "booked")),
                        fields=["office", "sender", "ends_at"],
                        name="booking_of_sender",
                    ),
                    models.Index(condition=models.Q(("name__gt", "")), fields=["office", "day"], name="booking_of_day"),
                    models.Index(condition=models.Q(("name", "")), fields=["office", "day"], name="booking_to_fold"),
                    models.Index(fields=["office", "code"], name="booking_by_code"),
                    models.Index(
                        condition=models.Q(("cancel_at__isnull", False)),
                        fields=["cancel_at"],
                        name="booking_cancelling",
                    ),
                    models.Index(condition=models.Q(("state", "held")), fields=["office", "id"], name="booking_held"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["booked", "held"])),
                        fields=("agenda", "lane", "starts_at"),
                        name="one_booking_a_lane",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["booked", "held"])),
                        fields=("office", "code", "day"),
                        name="one_booking_a_code_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="booking_ends_after_it_starts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["booked", "held", "cancelled", "moved"])),
                        name="booking_in_a_known_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Breaker",
            fields=[
                ("gateway", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("paused_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "breaker",
            },
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=120)),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "lease",
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.CharField(max_length=300, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "mark",
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, verbose_name="klíč")),
                ("title", models.CharField(max_length=40, verbose_name="název")),
                ("arrow", models.CharField(blank=True, default="", max_length=10, verbose_name="šipka")),
                ("way", models.CharField(blank=True, default="", max_length=40, verbose_name="cesta")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("retired", models.BooleanField(default=False)),
                ("agendas", models.ManyToManyField(related_name="counters", to="store.agenda", verbose_name="agendy")),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counters",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "verbose_name": "přepážka",
                "verbose_name_plural": "přepážky",
                "db_table": "counter",
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("office", "key"), name="one_counter_a_key")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("row", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "erasure",
                "constraints": [models.UniqueConstraint(fields=("kind", "row", "made_at"), name="one_erasure_a_row")],
            },
        ),
        migrations.CreateModel(
            name="ExtraDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opens", models.TimeField(verbose_name="od")),
                ("closes", models.TimeField(verbose_name="do")),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="krok v minutách"
                    ),
                ),
                (
                    "lanes",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(60)], verbose_name="míst najednou"
                    ),
                ),
                ("breaks", models.CharField(blank=True, default="", max_length=200, verbose_name="přestávky")),
                ("day", models.DateField(verbose_name="den")),
                (
                    "agenda",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extra_days", to="store.agenda"
                    ),
                ),
            ],
            options={
                "verbose_name": "mimořádný den",
                "verbose_name_plural": "mimořádné dny",
                "db_table": "extra_day",
                "ordering": ["day", "opens", "id"],
            },
        ),
        migrations.CreateModel(
            name="FirstOperatorLink",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("token_sha256", models.CharField(editable=False, max_length=64)),
                ("valid_until", models.DateTimeField()),
            ],
            options={
                "db_table": "first_operator_link",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_first_operator_link")],
            },
        ),
        migrations.CreateModel(
            name="Gateway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=40, unique=True, verbose_name="název")),
                ("kind", models.CharField(default="http", max_length=20, verbose_name="druh")),
                ("settings", models.JSONField(blank=True, default=dict, verbose_name="nastavení")),
                ("token_sha256", models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                (
                    "token_purposes",
                    models.JSONField(default=prepazka.store.office_models.least_purposes, editable=False),
                ),
                ("token_numbers", models.JSONField(editable=False, null=True)),
                ("made_at", models.DateTimeField()),
                ("held_by", models.CharField(default="", editable=False, max_length=120)),
                ("held_until", models.DateTimeField(editable=False, null=True)),
                ("told_level", models.CharField(default="", editable=False, max_length=10)),
                ("told_what", models.CharField(default="", editable=False, max_length=200)),
                ("told_mend", models.CharField(default="", editable=False, max_length=200)),
                ("told_at", models.DateTimeField(editable=False, null=True)),
                ("told_name", models.CharField(db_default="", default="", editable=False, max_length=40)),
                ("told_values", models.JSONField(editable=False, null=True)),
                ("ill_since", models.DateTimeField(editable=False, null=True)),
                ("standby_after", models.PositiveSmallIntegerField(db_default=10, default=10, editable=False)),
                ("position", models.TextField(db_default="", default="", editable=False)),
                (
                    "standby",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stands_by_for",
                        to="store.gateway",
                    ),
                ),
            ],
            options={
                "verbose_name": "brána",
                "verbose_name_plural": "brány",
                "db_table": "gateway",
            },
        ),
        migrations.CreateModel(
            name="GatewayHour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("hour", models.DateTimeField()),
                ("heard", models.PositiveIntegerField()),
                ("sent", models.PositiveIntegerField()),
                ("unmatched", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "gateway_hour",
                "constraints": [models.UniqueConstraint(fields=("gateway", "hour"), name="one_row_an_hour")],
            },
        ),
        migrations.CreateModel(
            name="InboundPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("gateway_id", models.CharField(max_length=200)),
                ("sender", models.CharField(max_length=40)),
                ("recipient", models.CharField(max_length=40)),
                ("reference", models.PositiveIntegerField()),
                ("total", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("joined", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "inbound_part",
                "indexes": [models.Index(fields=["received_at"], name="inbound_part_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("gateway", "sender", "recipient", "reference", "total", "number"),
                        name="one_part_a_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MetricCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("labels", models.CharField(max_length=300)),
                ("node", models.CharField(db_default="", max_length=100)),
                ("value", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "metric_count",
                "constraints": [models.UniqueConstraint(fields=("name", "labels", "node"), name="one_count_a_metric")],
            },
        ),
        migrations.CreateModel(
            name="QueueState",
            fields=[
                (
                    "office",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="queue_state",
                        serialize=False,
                        to="store.office",
                    ),
                ),
                ("version", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "db_table": "queue_state",
            },
        ),
        migrations.CreateModel(
            name="Number",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("e164", models.CharField(max_length=16, unique=True, verbose_name="číslo")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "gateway",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="store.gateway",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="numbers", to="store.office"
                    ),
                ),
            ],
            options={
                "verbose_name": "číslo",
                "verbose_name_plural": "čísla",
                "db_table": "number",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clerk", "clerk"),
                            ("manager", "manager"),
                            ("administrator", "administrator"),
                            ("officer", "officer"),
                        ],
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
            options={
                "verbose_name": "pozvánka",
                "verbose_name_plural": "pozvánky",
                "db_table": "invitation",
            },
        ),
        migrations.CreateModel(
            name="Inbound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("gateway_id", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64, null=True)),
                ("sender", models.CharField(max_length=40)),
                ("recipient", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("text_key", models.CharField(max_length=32)),
                ("whole", models.BooleanField(db_default=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("outcome", models.CharField(default="", max_length=20)),
                ("offers", models.JSONField(null=True)),
                ("repairs", models.CharField(db_default="", max_length=200)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.CharField(db_default="", max_length=150)),
                (
                    "booking",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to="store.booking"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbounds",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "db_table": "inbound",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["office", "id", "state", "received_at"],
                        name="inbound_waiting",
                    ),
                    models.Index(fields=["office", "id"], name="inbound_of_office"),
                    models.Index(fields=["office", "sender", "state", "received_at"], name="inbound_of_sender"),
                    models.Index(
                        condition=models.Q(("text_key__gt", "")), fields=["received_at"], name="inbound_by_time"
                    ),
                    models.Index(
                        condition=models.Q(("fingerprint__isnull", False)),
                        fields=["received_at"],
                        name="inbound_fingerprinted",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["not_understood", "unknown_service", "bad_date", "bad_time", "incomplete"],
                            ),
                            ("text_key__gt", ""),
                        ),
                        fields=["office", "done_at", "id"],
                        name="inbound_misunderstood",
                    ),
                    models.Index(
                        condition=models.Q(("booking__isnull", False)), fields=["booking"], name="inbound_of_booking"
                    ),
                    models.Index(
                        condition=models.Q(("repairs__gt", "")),
                        fields=["office", "received_at"],
                        name="inbound_repaired",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "gateway_id"), name="one_inbound_an_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("fingerprint__isnull", False)),
                        fields=("gateway", "fingerprint"),
                        name="one_inbound_a_content",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("counted", models.JSONField(default=dict)),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.office"
                    ),
                ),
            ],
            options={
                "db_table": "day_figures",
                "constraints": [models.UniqueConstraint(fields=("office", "day"), name="one_row_of_figures_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField(verbose_name="od")),
                ("last", models.DateField(verbose_name="do")),
                ("since", models.TimeField(blank=True, null=True, verbose_name="od hodin")),
                ("until", models.TimeField(blank=True, null=True, verbose_name="do hodin")),
                ("reason", models.CharField(max_length=60, verbose_name="důvod")),
                ("reasons", models.JSONField(blank=True, db_default={})),
                (
                    "agenda",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="store.agenda"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="closures", to="store.office"
                    ),
                ),
            ],
            options={
                "verbose_name": "uzavření",
                "verbose_name_plural": "uzavření",
                "db_table": "closure",
                "ordering": ["first", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="closure_ends_after_it_begins"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("who", models.CharField(max_length=150)),
                ("what", models.CharField(max_length=60)),
                ("details", models.JSONField(default=dict)),
                (
                    "office",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="audits", to="store.office"
                    ),
                ),
            ],
            options={
                "db_table": "audit",
                "indexes": [models.Index(fields=["office", "at"], name="audit_by_office")],
            },
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
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
            options={
                "db_table": "access",
                "indexes": [
                    models.Index(fields=["office", "at"], name="access_by_office"),
                    models.Index(
                        condition=models.Q(("office__isnull", True)), fields=["who", "at"], name="access_by_name"
                    ),
                    models.Index(
                        condition=models.Q(("number_hash__gt", "")),
                        fields=["number_hash", "at"],
                        name="access_to_number",
                    ),
                    models.Index(fields=["at"], name="access_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=40, unique=True, verbose_name="přihlašovací jméno")),
                ("name", models.CharField(blank=True, default="", max_length=100, verbose_name="jméno a příjmení")),
                ("is_active", models.BooleanField(default=True)),
                ("is_superuser", models.BooleanField(default=False)),
                ("password_given", models.BooleanField(default=False)),
                ("given_until", models.DateTimeField(null=True)),
                (
                    "home",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "verbose_name": "účet",
                "verbose_name_plural": "účty",
                "db_table": "account",
            },
        ),
        migrations.CreateModel(
            name="Official",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clerk", "clerk"),
                            ("manager", "manager"),
                            ("administrator", "administrator"),
                            ("officer", "officer"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("held", models.BooleanField(db_default=False)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="officials", to="store.office"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "role",
                "db_table": "official",
                "constraints": [models.UniqueConstraint(fields=("user", "office"), name="one_role_in_an_office")],
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.CharField(max_length=16)),
                ("since", models.DateTimeField()),
                ("contact_at", models.DateTimeField(null=True)),
                (
                    "office",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.office"),
                ),
            ],
            options={
                "db_table": "opt_out",
                "constraints": [models.UniqueConstraint(fields=("office", "sender"), name="one_opt_out_a_number")],
            },
        ),
        migrations.CreateModel(
            name="Outbound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=20)),
                ("priority", models.PositiveSmallIntegerField(db_default=0)),
                ("sender", models.CharField(max_length=16)),
                ("recipient", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("septets", models.PositiveSmallIntegerField()),
                ("parts", models.PositiveSmallIntegerField()),
                ("state", models.CharField(default="queued", max_length=12)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                ("lost", models.PositiveSmallIntegerField(db_default=0)),
                ("doubted", models.BooleanField(db_default=False)),
                ("cause", models.CharField(db_default="", max_length=20)),
                ("error", models.CharField(db_default="", max_length=200)),
                (
                    "booking",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="told",
                        to="store.booking",
                    ),
                ),
                (
                    "in_reply_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="store.inbound",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outbounds",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "db_table": "outbound",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["gateway", "priority", "id", "due_at"],
                        name="outbound_queued",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False), ("state__in", ["sending", "unknown"])),
                        fields=["gateway", "state", "due_at"],
                        name="outbound_in_doubt",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["expires_at"],
                        name="outbound_to_expire",
                    ),
                    models.Index(
                        condition=models.Q(("tried_at__isnull", False)),
                        fields=["tried_at", "gateway", "parts"],
                        name="outbound_tried",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "undelivered", "unknown"])),
                        fields=["made_at", "gateway"],
                        name="outbound_not_delivered",
                    ),
                    models.Index(
                        condition=models.Q(("tried_at__isnull", False)),
                        fields=["office", "tried_at"],
                        name="outbound_by_month",
                    ),
                    models.Index(fields=["office", "id"], name="outbound_of_office"),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "undelivered", "expired", "unknown"])),
                        fields=["office", "made_at", "gateway", "state", "cause"],
                        name="outbound_troubled",
                    ),
                    models.Index(fields=["office", "recipient", "id"], name="outbound_of_recipient"),
                    models.Index(
                        condition=models.Q(("in_reply_to__isnull", True), ("text__gt", "")),
                        fields=["office", "made_at"],
                        name="outbound_unasked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("in_reply_to", "kind"), name="one_reply_a_message"),
                    models.UniqueConstraint(
                        condition=models.Q(("booking__isnull", False)),
                        fields=("booking", "kind"),
                        name="one_telling_a_booking",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["queued", "sending"]), _negated=True),
                            models.Q(("due_at__isnull", False), ("expires_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="outbound_unsent_is_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "queued",
                                    "sending",
                                    "expired",
                                    "unknown",
                                    "handed",
                                    "sent",
                                    "undelivered",
                                    "failed",
                                    "delivered",
                                ],
                            )
                        ),
                        name="outbound_in_a_known_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboundRef",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("ref", models.CharField(max_length=200)),
                ("copy", models.PositiveSmallIntegerField()),
                ("total", models.PositiveSmallIntegerField()),
                ("state", models.CharField(default="handed", max_length=12)),
                (
                    "outbound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refs", to="store.outbound"
                    ),
                ),
            ],
            options={
                "db_table": "outbound_ref",
                "constraints": [models.UniqueConstraint(fields=("gateway", "ref"), name="one_message_a_ref")],
            },
        ),
        migrations.CreateModel(
            name="RateCount",
            fields=[
                ("bucket", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("slot", models.BigIntegerField()),
                ("count", models.IntegerField()),
                ("before", models.IntegerField()),
                ("last", models.BigIntegerField()),
                ("earlier", models.BigIntegerField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "db_table": "rate_limit",
                "indexes": [models.Index(fields=["expires_at"], name="rate_limit_expires")],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("message", models.CharField(max_length=40)),
                ("ref", models.CharField(max_length=200)),
                ("status", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "outbound",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="store.outbound",
                    ),
                ),
            ],
            options={
                "db_table": "receipt",
                "indexes": [
                    models.Index(
                        condition=models.Q(("outbound__isnull", True)), fields=["received_at"], name="receipt_waiting"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outbound__isnull", False)),
                        fields=("outbound", "ref", "status"),
                        name="one_receipt_a_status",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outbound__isnull", True)),
                        fields=("gateway", "ref", "status"),
                        name="one_receipt_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=2)),
                ("piece", models.CharField(max_length=60)),
                ("sound", models.BinaryField()),
                ("kind", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.office"
                    ),
                ),
            ],
            options={
                "verbose_name": "nahrávka",
                "verbose_name_plural": "nahrávky",
                "db_table": "recording",
                "constraints": [
                    models.UniqueConstraint(fields=("office", "language", "piece"), name="one_recording_a_piece")
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("valid_until", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "sign_in_link",
            },
        ),
        migrations.CreateModel(
            name="Slide",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(blank=True, default="", max_length=300, verbose_name="text")),
                ("picture", models.BinaryField(null=True)),
                ("kind", models.CharField(blank=True, default="", max_length=20)),
                ("made_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.office"),
                ),
            ],
            options={
                "verbose_name": "snímek",
                "verbose_name_plural": "snímky",
                "db_table": "slide",
            },
        ),
        migrations.CreateModel(
            name="Staffing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clerk", models.CharField(max_length=150)),
                ("since", models.DateTimeField()),
                ("break_since", models.DateTimeField(null=True)),
                ("acted_at", models.DateTimeField(null=True)),
                ("away_since", models.DateTimeField(null=True)),
                (
                    "counter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="staffing", to="store.counter"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staffings",
                        to="store.office",
                    ),
                ),
            ],
            options={
                "db_table": "staffing",
                "constraints": [models.UniqueConstraint(fields=("office", "clerk"), name="one_counter_a_clerk")],
            },
        ),
        migrations.CreateModel(
            name="Stray",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("gateway_id", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64, null=True)),
                ("sender", models.CharField(max_length=40)),
                ("recipient", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("whole", models.BooleanField(db_default=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "db_table": "stray",
                "indexes": [
                    models.Index(fields=["gateway", "recipient", "id"], name="stray_of_number"),
                    models.Index(fields=["received_at"], name="stray_by_time"),
                ],
                "constraints": [models.UniqueConstraint(fields=("gateway", "gateway_id"), name="one_stray_an_id")],
            },
        ),
        migrations.CreateModel(
            name="SubmittedForm",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.booking"
                    ),
                ),
            ],
            options={
                "db_table": "booking_pressed",
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("prefix", models.CharField(max_length=2)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("priority", models.BooleanField(default=False)),
                ("state", models.CharField(max_length=10)),
                ("recalls", models.PositiveSmallIntegerField(default=0)),
                ("arrived_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("parked_until", models.DateTimeField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
                ("served_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "agenda",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="store.agenda",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="store.booking",
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="store.counter",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="store.office",
                    ),
                ),
                (
                    "reserved_for",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.counter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="store.service",
                    ),
                ),
            ],
            options={
                "db_table": "ticket",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "called", "serving"])),
                        fields=["office", "day"],
                        name="ticket_active",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False), ("state", "done")),
                        fields=["agenda", "ended_at"],
                        name="ticket_done",
                    ),
                    models.Index(fields=["office", "day", "agenda", "kind"], name="ticket_of_day"),
                    models.Index(
                        condition=models.Q(("called_at__isnull", False)),
                        fields=["office", "day", "called_at"],
                        name="ticket_called",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("office", "day", "prefix", "number"), name="one_ticket_a_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("booking__isnull", False)), fields=("booking",), name="one_ticket_a_booking"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["called", "serving"])),
                        fields=("counter",),
                        name="one_client_a_counter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "called", "serving", "done", "absent", "closed", "withdrawn"])
                        ),
                        name="ticket_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["called", "serving"]), _negated=True),
                            ("counter__isnull", False),
                            _connector="OR",
                        ),
                        name="ticket_called_to_a_counter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmittedTouch",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("printed", models.BooleanField(null=True)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "ticket",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.ticket"),
                ),
            ],
            options={
                "db_table": "kiosk_touch",
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("who", models.CharField(max_length=150)),
                ("act", models.CharField(max_length=10)),
                ("before", models.CharField(max_length=10)),
                ("after", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("values_before", models.JSONField(null=True)),
                (
                    "agenda",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.agenda",
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.counter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.service",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="store.ticket",
                    ),
                ),
            ],
            options={
                "db_table": "ticket_event",
                "constraints": [models.UniqueConstraint(fields=("ticket", "version"), name="one_event_a_version")],
            },
        ),
        migrations.CreateModel(
            name="TicketSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("prefix", models.CharField(max_length=2)),
                ("last", models.PositiveIntegerField()),
                (
                    "office",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.office"),
                ),
            ],
            options={
                "db_table": "ticket_series",
                "constraints": [
                    models.UniqueConstraint(fields=("office", "day", "prefix"), name="one_series_a_prefix_and_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitlistEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("sender", models.CharField(max_length=16)),
                ("recipient", models.CharField(max_length=16)),
                ("gateway", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=2)),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("told_start", models.TimeField(null=True)),
                (
                    "office",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.office"),
                ),
                ("service", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.service")),
            ],
            options={
                "db_table": "watch",
                "indexes": [
                    models.Index(fields=["office", "day"], name="watch_of_day"),
                    models.Index(
                        condition=models.Q(("told_start__isnull", False)),
                        fields=["office", "sender"],
                        name="watch_told_to",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("told_at", None)),
                        fields=("office", "day", "service", "sender"),
                        name="one_watch_a_wish",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opens", models.TimeField(verbose_name="od")),
                ("closes", models.TimeField(verbose_name="do")),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="krok v minutách"
                    ),
                ),
                (
                    "lanes",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(60)], verbose_name="míst najednou"
                    ),
                ),
                ("breaks", models.CharField(blank=True, default="", max_length=200, verbose_name="přestávky")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "pondělí"),
                            (1, "úterý"),
                            (2, "středa"),
                            (3, "čtvrtek"),
                            (4, "pátek"),
                            (5, "sobota"),
                            (6, "neděle"),
                        ],
                        verbose_name="den",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="platí od")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="platí do")),
                (
                    "agenda",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="store.agenda"
                    ),
                ),
            ],
            options={
                "verbose_name": "týdenní hodiny",
                "verbose_name_plural": "týdenní hodiny",
                "db_table": "weekly_rule",
                "ordering": ["weekday", "opens", "id"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hold",
                        serialize=False,
                        to="store.booking",
                    ),
                ),
                ("number", models.CharField(max_length=16)),
                ("caller", models.CharField(max_length=50)),
                ("chosen_at", models.DateTimeField()),
                ("handed_at", models.DateTimeField(null=True)),
                ("wrong_codes", models.PositiveSmallIntegerField(db_default=0)),
                ("stood", models.BooleanField(db_default=False)),
                ("confirmed", models.BooleanField(db_default=False)),
                (
                    "office",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.office"),
                ),
            ],
            options={
                "db_table": "hold",
                "indexes": [
                    models.Index(fields=["office", "number", "chosen_at"], name="hold_of_number"),
                    models.Index(fields=["office", "caller"], name="hold_of_caller"),
                    models.Index(fields=["chosen_at"], name="hold_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Kiosk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=40, verbose_name="název")),
                ("token_sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("printer", models.CharField(blank=True, default="", max_length=100, verbose_name="adresa tiskárny")),
                ("made_at", models.DateTimeField()),
                ("kind", models.CharField(default="kiosk", max_length=10)),
                ("code_sha256", models.CharField(blank=True, default="", editable=False, max_length=64)),
                ("code_until", models.DateTimeField(editable=False, null=True)),
                ("seen_at", models.DateTimeField(editable=False, null=True)),
                ("sound", models.CharField(blank=True, default="", editable=False, max_length=10)),
                (
                    "counter",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.counter",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kiosks", to="store.office"
                    ),
                ),
            ],
            options={
                "verbose_name": "kiosek",
                "verbose_name_plural": "kiosky",
                "db_table": "kiosk",
                "constraints": [models.UniqueConstraint(fields=("office", "name"), name="one_kiosk_a_name")],
            },
        ),
        # The table of `0032_one_count`, which processes of a version before it still write.
        migrations.CreateModel(
            name="UnmatchedReceipts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "unmatched_receipts",
                "constraints": [models.UniqueConstraint(fields=("gateway", "day"), name="one_count_a_gateway_and_day")],
            },
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("UnmatchedReceipts")]),
        migrations.RunPython(make_guards, migrations.RunPython.noop),
    ]

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """As Django does it, but the models are made once, when all are known, and not all anew for each new table."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        *tables, without_a_model, guards = self.operations
        empty = project_state.clone()
        vars(project_state).pop("apps", None)
        for operation in tables:
            operation.state_forwards(self.app_label, project_state)
        for operation in tables:
            operation.database_forwards(self.app_label, schema_editor, empty, project_state)
        without_a_model.state_forwards(self.app_label, project_state)
        guards.database_forwards(self.app_label, schema_editor, project_state, project_state)
        return project_state
