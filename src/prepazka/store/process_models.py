"""The processes that serve, as each says of itself."""

from django.db import models


class ProcessBeat(models.Model):
    """A process that serves gateways, and when it last said so, by its own clock.

    key: the fingerprint of its secret key. version: of the program. cannot: the gateways that it cannot serve.
    """

    process = models.CharField(max_length=120, primary_key=True)
    seen_at = models.DateTimeField()
    key = models.CharField(max_length=32, db_default="", default="")
    version = models.CharField(max_length=40, db_default="", default="")
    cannot = models.JSONField(db_default=[], default=list)

    class Meta:
        """Found by the name; there are as many as processes."""

        db_table = "process_beat"
