"""The table of rate limits: how many hits each bucket had lately."""

from django.db import models

from prepazka.store.office_models import Office


class RateCount(models.Model):
    """The hits of a bucket of `core.rate_limits`.

    bucket: a keyed hash of the limit and its key; it names no address and no number. slot, count, before: as in
    `core.rate_limits.Tally`. last, earlier: the last hit and the one before it, in milliseconds since 1970.
    """

    bucket = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=40)
    office = models.ForeignKey(Office, models.CASCADE, null=True, db_index=False, related_name="+")
    slot = models.BigIntegerField()
    count = models.IntegerField()
    before = models.IntegerField()
    last = models.BigIntegerField()
    earlier = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        """A row is of no use two periods after its last hit."""

        db_table = "rate_limit"
        indexes = [models.Index(fields=["expires_at"], name="rate_limit_expires")]
