"""Tables of the kiosks: devices that may give out tickets, and the tickets submitted forms got."""

from django.db import models

from prepazka.store.office_models import Office
from prepazka.store.queue_models import Ticket


class Kiosk(models.Model):
    """A device in the hall that may give out tickets; `token_sha256` is of the secret it was paired with.

    printer: the address of its ESC/POS printer, `host` or `host:port`; "" when the browser prints.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="kiosks")
    name = models.SlugField("název", max_length=40)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    printer = models.CharField("adresa tiskárny", max_length=100, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        """An office's kiosks differ by name."""

        db_table = "kiosk"
        verbose_name = "kiosek"
        verbose_name_plural = "kiosky"
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="one_kiosk_a_name")]

    def __str__(self) -> str:
        return self.name


class SubmittedTouch(models.Model):
    """The ticket a kiosk's form got: a form sent twice gets one ticket. Deleted after half a day."""

    key = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Found by the form's own key."""

        db_table = "kiosk_touch"
