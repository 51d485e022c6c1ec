"""Leases of work that one process does for all."""

from django.db import models


class Lease(models.Model):
    """Which process does a kind of work, and until when it is left to it."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()

    class Meta:
        """Found by the name."""

        db_table = "lease"
