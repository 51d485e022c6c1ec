"""The processes that serve, as each says of itself."""

from django.db import models


class ProcessBeat(models.Model):
    """A process that serves gateways, and when it last said so, by its own clock."""

    process = models.CharField(max_length=120, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        """Found by the name; there are as many as processes."""

        db_table = "process_beat"
