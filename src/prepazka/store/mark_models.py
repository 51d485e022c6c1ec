"""When something of the whole installation happened last."""

from django.db import models


class Mark(models.Model):
    """A named moment: a node wrote, a backup was made, a host name was refused. The name begins with its kind."""

    name = models.CharField(max_length=300, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        """Found by the name."""

        db_table = "mark"
