"""Tables of the register of access and of the list of erasures. Neither holds a whole number, a name or a text."""

from django.db import models
from django.db.models import Q

from prepazka.store.office_models import Office


class Access(models.Model):
    """Somebody looked at data of a person, or signed in or out, or was refused: one row each, or one an hour.

    office: NULL for what concerns no office. who: the name somebody signs in with, "gateway NAME" or the user of a
    command. number: the last three digits of the person's; number_hash: of the whole one (`store.sealing`).
    once: of rows that are counted, what and which hour; count and until: how often, and when last.
    """

    office = models.ForeignKey(Office, models.CASCADE, null=True, db_index=False, related_name="accesses")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=30)
    number = models.CharField(max_length=4, default="")
    number_hash = models.CharField(max_length=32, default="")
    details = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    once = models.CharField(max_length=250, null=True, unique=True)

    class Meta:
        """Each index serves the query its comment names."""

        db_table = "access"
        indexes = [
            # An office's register, the newest first; who reads a conversation now.
            models.Index(fields=["office", "at"], name="access_by_office"),
            # Sign-ins and refusals of those who work at an office.
            models.Index(fields=["who", "at"], condition=Q(office__isnull=True), name="access_by_name"),
            # Who looked at a person.
            models.Index(fields=["number_hash", "at"], condition=Q(number_hash__gt=""), name="access_to_number"),
            # Rows whose year is over.
            models.Index(fields=["at"], name="access_by_time"),
        ]


class Erasure(models.Model):
    """A row that was erased on request, so that a backup made before gives nobody back.

    kind: the name of its table. made_at: when the row was made, which tells it from another one of the same id in a
    database that was restored since.
    """

    kind = models.CharField(max_length=20)
    row = models.BigIntegerField()
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(db_index=True)

    class Meta:
        """Once a row."""

        db_table = "erasure"
        constraints = [models.UniqueConstraint(fields=["kind", "row", "made_at"], name="one_erasure_a_row")]
