"""Tables of what monitoring reads: counters of all processes, and the messages of each gateway by the hour."""

from django.db import models


class MetricCount(models.Model):
    """A number that all processes of an installation count together, or one that a single process shows.

    name: of the metric; labels: its labels as JSON, in order, so that each combination is one row. node: "" for what
    all processes add to; otherwise the process whose number it is, as it was at `at`.
    """

    name = models.CharField(max_length=60)
    labels = models.CharField(max_length=300)
    node = models.CharField(max_length=100, db_default="")
    value = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        """Found by name, labels and node."""

        db_table = "metric_count"
        constraints = [models.UniqueConstraint(fields=["name", "labels", "node"], name="one_count_a_metric")]


class GatewayHour(models.Model):
    """What a gateway did in an hour: messages heard, messages given to it, receipts that named no message of ours.

    It holds no personal data and outlives the erasing of messages, so that a gateway's rhythm stays known.
    """

    gateway = models.CharField(max_length=40)
    hour = models.DateTimeField()
    heard = models.PositiveIntegerField()
    sent = models.PositiveIntegerField()
    unmatched = models.PositiveIntegerField()

    class Meta:
        """Found by the gateway and the hour."""

        db_table = "gateway_hour"
        constraints = [models.UniqueConstraint(fields=["gateway", "hour"], name="one_row_an_hour")]
