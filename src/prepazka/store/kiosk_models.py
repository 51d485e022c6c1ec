"""Tables of the hall: kiosks, screens and tablets, the tickets submitted forms got, slides and recordings."""

from django.db import models

from prepazka.core.office import lengths
from prepazka.store.office_models import Counter, Office
from prepazka.store.queue_models import Ticket


class Kiosk(models.Model):
    """A device in the hall; `token_sha256` is of the secret it was paired with.

    kind: "kiosk" gives out tickets; "screen" shows the calls, or those of one counter. printer: the address of a
    kiosk's ESC/POS printer, `host` or `host:port`; "" when the browser prints. code_sha256: of the short code that
    pairs it until code_until. seen_at: when it last said that it is alive; sound: what a screen said of its sound then.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="kiosks")
    name = models.SlugField("název", max_length=40)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    printer = models.CharField("adresa tiskárny", max_length=100, blank=True, default="")
    made_at = models.DateTimeField()
    kind = models.CharField(max_length=10, default="kiosk")
    counter = models.ForeignKey(Counter, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    code_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    code_until = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    sound = models.CharField(max_length=10, blank=True, default="", editable=False)

    class Meta:
        """An office's kiosks differ by name."""

        db_table = "kiosk"
        verbose_name = "kiosek"
        verbose_name_plural = "kiosky"
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="one_kiosk_a_name")]

    def __str__(self) -> str:
        return self.name


class SubmittedTouch(models.Model):
    """The ticket a kiosk's form got: a form sent twice gets one ticket, and one paper. Deleted after half a day.

    printed: whether the printer took it; NULL while that is not known, and where the browser prints.
    """

    key = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    printed = models.BooleanField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Found by the form's own key."""

        db_table = "kiosk_touch"


class Slide(models.Model):
    """What the big screen shows while nobody is called: a text, a picture or both. Not part of the office file."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    text = models.CharField("text", max_length=lengths.SLIDE_TEXT, blank=True, default="")
    picture = models.BinaryField(null=True)
    kind = models.CharField(max_length=20, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        """Read by office, the oldest first."""

        db_table = "slide"
        verbose_name = "snímek"
        verbose_name_plural = "snímky"


class Recording(models.Model):
    """An office's own recording of a piece of the announcements, such as a counter's name; it wins over ours."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(max_length=2)
    piece = models.CharField(max_length=60)
    sound = models.BinaryField()
    kind = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        """An office has one recording of a piece in a language."""

        db_table = "recording"
        verbose_name = "nahrávka"
        verbose_name_plural = "nahrávky"
        constraints = [models.UniqueConstraint(fields=["office", "language", "piece"], name="one_recording_a_piece")]
