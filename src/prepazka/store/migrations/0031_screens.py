"""Screens of the hall: the way to a counter, devices that are watched, slides and own recordings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0030_setting_up")]

    operations = [
        migrations.AddField("office", "screen_notice", models.CharField(blank=True, default="", max_length=120)),
        migrations.AddField("office", "voice", models.CharField(default="none", max_length=10)),
        migrations.AddField("office", "voice_volume", models.PositiveSmallIntegerField(default=80)),
        migrations.AddField(
            "counter", "arrow", models.CharField(blank=True, default="", max_length=10, verbose_name="šipka")
        ),
        migrations.AddField(
            "counter", "way", models.CharField(blank=True, default="", max_length=40, verbose_name="cesta")
        ),
        migrations.AddField("kiosk", "kind", models.CharField(default="kiosk", max_length=10)),
        migrations.AddField(
            "kiosk",
            "counter",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=models.deletion.CASCADE,
                related_name="+",
                to="store.counter",
            ),
        ),
        migrations.AddField(
            "kiosk", "code_sha256", models.CharField(blank=True, default="", editable=False, max_length=64)
        ),
        migrations.AddField("kiosk", "code_until", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("kiosk", "seen_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("kiosk", "sound", models.CharField(blank=True, default="", editable=False, max_length=10)),
        migrations.AddField("submittedtouch", "printed", models.BooleanField(null=True)),
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
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="+", to="store.office"),
                ),
            ],
            options={"db_table": "slide", "verbose_name": "snímek", "verbose_name_plural": "snímky"},
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
                        db_index=False, on_delete=models.deletion.CASCADE, related_name="+", to="store.office"
                    ),
                ),
            ],
            options={
                "db_table": "recording",
                "verbose_name": "nahrávka",
                "verbose_name_plural": "nahrávky",
                "constraints": [
                    models.UniqueConstraint(fields=("office", "language", "piece"), name="one_recording_a_piece")
                ],
            },
        ),
    ]
