"""The table of what was counted of days whose rows are gone."""

from django.db import models

from prepazka.store.office_models import Office


class DayFigures(models.Model):
    """The sums of an office's day (`core.reports.figures.KEYS`), of the rows that were deleted.

    What still has rows is not in them: a figure is what stands here and what is counted in the rows, together.
    """

    office = models.ForeignKey(Office, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()
    counted = models.JSONField(default=dict)

    class Meta:
        """Read by office and days."""

        db_table = "day_figures"
        constraints = [models.UniqueConstraint(fields=["office", "day"], name="one_row_of_figures_a_day")]
