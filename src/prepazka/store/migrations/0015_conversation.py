"""An office's own words: synonyms, what to bring, where it is, and how it answers; every office keeps the defaults."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0014_plain_names")]

    operations = [
        migrations.AddField(
            model_name="office",
            name="address",
            field=models.CharField("adresa", max_length=120, blank=True, default=""),
        ),
        migrations.AddField(
            model_name="office",
            name="directions",
            field=models.CharField("jak se k nám dostat", max_length=120, blank=True, default=""),
        ),
        migrations.AddField(
            model_name="office", name="proposal_minutes", field=models.PositiveSmallIntegerField(default=120)
        ),
        migrations.AddField(model_name="office", name="languages", field=models.JSONField(blank=True, default=list)),
        migrations.AddField(model_name="office", name="accents", field=models.CharField(max_length=4, default="none")),
        migrations.AddField(model_name="office", name="inbox", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="office",
            name="inbox_hours",
            field=models.CharField(max_length=60, blank=True, default=""),
        ),
        migrations.AddField(
            model_name="service",
            name="synonyms",
            field=models.JSONField("jiná slova", blank=True, default=list),
        ),
        migrations.AddField(
            model_name="service",
            name="bring",
            field=models.JSONField("co s sebou", blank=True, default=dict),
        ),
    ]
