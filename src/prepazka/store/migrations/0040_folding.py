"""Indexes of folding old rows, made while the program works."""

from django.db import migrations, models
from django.db.models import Q

from prepazka.store.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("store", "0039_figures")]

    operations = [
        AddIndexOnline("booking", models.Index(fields=["office", "day"], condition=Q(name=""), name="booking_to_fold")),
        AddIndexOnline(
            "inbound",
            models.Index(fields=["booking"], condition=Q(booking__isnull=False), name="inbound_of_booking"),
        ),
    ]
