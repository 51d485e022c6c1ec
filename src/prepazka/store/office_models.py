"""Tables of an office's configuration: numbers, gateways, agendas, services, counters, hours, closures, settings.

`Office.version` grows with every change of the configuration; a process caches the office's value until it reads
another version.
"""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from prepazka.core.credentials import Scope
from prepazka.core.office import lengths

WEEKDAYS = [(0, "pondělí"), (1, "úterý"), (2, "středa"), (3, "čtvrtek"), (4, "pátek"), (5, "sobota"), (6, "neděle")]


class Office(models.Model):
    """One authority ("úřad") with its rules: one column for each field of `core.office.office.Settings`."""

    slug = models.SlugField("adresa na webu", max_length=40, unique=True)
    name = models.CharField("název", max_length=60)
    timezone = models.CharField("časové pásmo", max_length=40, default="Europe/Prague")
    holidays = models.CharField("státní svátky země", max_length=2, blank=True, default="CZ")
    contact = models.CharField("kontakt", max_length=lengths.OFFICE_CONTACT, blank=True, default="")
    address = models.CharField("adresa", max_length=lengths.OFFICE_ADDRESS, blank=True, default="")
    directions = models.CharField("jak se k nám dostat", max_length=lengths.OFFICE_DIRECTIONS, blank=True, default="")
    privacy_officer = models.CharField(
        "pověřenec pro ochranu osobních údajů", max_length=lengths.PRIVACY_OFFICER, blank=True, default=""
    )
    recipients = models.CharField("příjemci údajů", max_length=lengths.RECIPIENTS, blank=True, default="")
    texts = models.JSONField("vlastní texty odpovědí", default=dict, blank=True)
    answers = models.JSONField("uložené odpovědi", default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    horizon_days = models.PositiveSmallIntegerField(default=60)
    soonest_days = models.PositiveSmallIntegerField(default=7)
    notice_minutes = models.PositiveIntegerField(default=0)
    cancel_until_minutes = models.PositiveIntegerField(default=0)
    reoffer_minutes = models.PositiveIntegerField(default=0)
    open_per_sender = models.PositiveSmallIntegerField(default=4)
    open_per_sender_and_service = models.PositiveSmallIntegerField(null=True, blank=True)
    open_per_sender_and_agenda = models.PositiveSmallIntegerField(null=True, blank=True)
    open_per_sender_and_day = models.PositiveSmallIntegerField(null=True, blank=True)
    persons_at_most = models.PositiveSmallIntegerField(default=4)
    wrong_codes_per_hour = models.PositiveSmallIntegerField(default=5)
    identical_per_hour = models.PositiveSmallIntegerField(default=3)
    not_understood_per_hour = models.PositiveSmallIntegerField(default=5)
    repeat_minutes = models.PositiveSmallIntegerField(default=10)
    offer_minutes = models.PositiveSmallIntegerField(default=15)
    check_in_before_minutes = models.PositiveSmallIntegerField(default=15)
    check_in_after_minutes = models.PositiveSmallIntegerField(default=15)
    recalls_before_absent = models.PositiveSmallIntegerField(default=3)
    recall_later_minutes = models.PositiveSmallIntegerField(default=5)
    priority_tickets = models.BooleanField(default=True)
    remind_from = models.TimeField(default="09:00")
    remind_to = models.TimeField(default="19:00")
    message_hours = models.PositiveSmallIntegerField(default=12)
    erase_after_days = models.PositiveSmallIntegerField(default=30)
    keep_details_months = models.PositiveSmallIntegerField(db_default=13)
    proposal_minutes = models.PositiveSmallIntegerField(default=120)
    languages = models.JSONField(default=list, blank=True)
    accents = models.CharField(max_length=4, default="none")
    one_press = models.BooleanField(default=False)
    inbox = models.BooleanField(default=False)
    inbox_hours = models.CharField(max_length=lengths.INBOX_HOURS, blank=True, default="")
    confirm_web = models.BooleanField(null=True, default=None)
    proof_of_work = models.BooleanField(default=False)
    # The emergency stop is no rule of the office: it is not in its file and makes no new version.
    replies_only = models.BooleanField(db_default=False, editable=False)
    # When it was closed here because it moved to another installation; NULL: it works here.
    moved_at = models.DateTimeField(null=True, editable=False)
    second_factor = models.CharField(max_length=20, default="none")
    day_list_from = models.TimeField(db_default=time(6, 30))
    day_list_folder = models.BooleanField(db_default=False)
    day_list_email = models.CharField(max_length=lengths.EMAIL, blank=True, db_default="")
    day_list_printer = models.CharField(max_length=lengths.PRINTER, blank=True, db_default="")
    frame_origins = models.JSONField(db_default=[], blank=True)
    public_unfinished = models.BooleanField(db_default=True)
    wait_limit_minutes = models.PositiveSmallIntegerField(default=30)
    close_counters_minutes = models.PositiveSmallIntegerField(default=30)
    counter_idle_minutes = models.PositiveSmallIntegerField(default=15)
    signed_out_minutes = models.PositiveSmallIntegerField(default=15)
    screen_notice = models.CharField(max_length=lengths.SCREEN_NOTICE, blank=True, default="")
    voice = models.CharField(max_length=10, default="none")
    voice_volume = models.PositiveSmallIntegerField(default=80)
    clerk_figures = models.BooleanField(default=False)

    class Meta:
        """Names for people."""

        db_table = "office"
        verbose_name = "úřad"
        verbose_name_plural = "úřady"

    def __str__(self) -> str:
        return self.name


def least_purposes() -> list[str]:
    """Return the purposes of a token that was given none."""
    return list(Scope().purposes)


class Gateway(models.Model):
    """A system that hands in messages and takes replies.

    kind: "http" calls the API with the token of `token_sha256`; any other is one of `gateways.kinds`, opened with
    `settings`, which `store.gateways` seals. token_purposes, token_numbers: what its token may do
    (`core.credentials.Scope`). held_by, held_until: the process that serves it, and until when unless renewed. told_…:
    its health, as that process last reported (`gateways.values.Health`); ill_since: since when it has reported errors.
    standby, standby_after: the gateway that takes over its messages after so many minutes of errors. position: up to
    where the list of a peer that is asked is stored.
    """

    name = models.SlugField("název", max_length=40, unique=True)
    kind = models.CharField("druh", max_length=20, default="http")
    settings = models.JSONField("nastavení", default=dict, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    token_purposes = models.JSONField(default=least_purposes, editable=False)
    token_numbers = models.JSONField(null=True, editable=False)
    made_at = models.DateTimeField()
    held_by = models.CharField(max_length=120, default="", editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    told_level = models.CharField(max_length=10, default="", editable=False)
    told_what = models.CharField(max_length=200, default="", editable=False)
    told_mend = models.CharField(max_length=200, default="", editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    told_name = models.CharField(max_length=40, db_default="", default="", editable=False)
    told_values = models.JSONField(null=True, editable=False)
    ill_since = models.DateTimeField(null=True, editable=False)
    standby = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="stands_by_for", editable=False
    )
    standby_after = models.PositiveSmallIntegerField(db_default=10, default=10, editable=False)
    position = models.TextField(db_default="", default="", editable=False)

    class Meta:
        """Names for people."""

        db_table = "gateway"
        verbose_name = "brána"
        verbose_name_plural = "brány"

    def __str__(self) -> str:
        return self.name


class Number(models.Model):
    """A number citizens text to, in E.164, and the gateway its messages leave by."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="numbers")
    e164 = models.CharField("číslo", max_length=16, unique=True)
    gateway = models.ForeignKey(Gateway, models.PROTECT, null=True, blank=True, related_name="numbers")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """The first number is the one the pages show."""

        db_table = "number"
        ordering = ["position", "id"]
        verbose_name = "číslo"
        verbose_name_plural = "čísla"

    def __str__(self) -> str:
        return self.e164


class Agenda(models.Model):
    """A pool of counters with common hours and capacity; a retired one only names its past bookings."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="agendas")
    key = models.SlugField("klíč", max_length=40)
    title = models.CharField("název", max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    prefix = models.CharField("písmeno pořadových čísel", max_length=2, blank=True, default="")
    walk_ins_per_day = models.PositiveSmallIntegerField("lístků bez objednání za den", null=True, blank=True)
    walk_ins_stop_minutes = models.PositiveSmallIntegerField("konec výdeje lístků, minut před zavřením", default=0)
    service_minutes = models.PositiveSmallIntegerField(
        "obvyklá doba vyřízení v minutách", default=10, validators=[MinValueValidator(1)]
    )
    # No rule of the office: a manager stops the tickets of one day, and the next day begins as ever.
    tickets_stopped_on = models.DateField(null=True, editable=False)

    class Meta:
        """An office's agendas differ by key."""

        db_table = "agenda"
        ordering = ["position", "id"]
        verbose_name = "agenda"
        verbose_name_plural = "agendy"
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="one_agenda_a_key")]

    def __str__(self) -> str:
        return self.title


class Service(models.Model):
    """What a citizen comes for; a retired one is not offered and only names its past bookings."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="services", db_index=False)
    agenda = models.ForeignKey(Agenda, models.PROTECT, related_name="services")
    code = models.CharField("zkratka", max_length=10)
    title = models.CharField("název", max_length=100)
    minutes = models.PositiveSmallIntegerField("délka v minutách", validators=[MinValueValidator(1)])
    synonyms = models.JSONField("jiná slova", default=list, blank=True)
    bring = models.JSONField("co s sebou", default=dict, blank=True)
    weekdays = models.JSONField("dny v týdnu", default=list, blank=True)
    paused_from = models.DateField("bez nových objednávek od", null=True, blank=True)
    hidden = models.BooleanField("není na webu", default=False)
    titles = models.JSONField(db_default={}, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        """An office's services differ by code."""

        db_table = "service"
        ordering = ["position", "id"]
        verbose_name = "činnost"
        verbose_name_plural = "činnosti"
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="one_service_a_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Counter(models.Model):
    """Where a clerk serves; a retired one only names the calls of past days."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="counters", db_index=False)
    key = models.SlugField("klíč", max_length=40)
    title = models.CharField("název", max_length=40)
    agendas = models.ManyToManyField(Agenda, related_name="counters", verbose_name="agendy")
    arrow = models.CharField("šipka", max_length=10, blank=True, default="")
    way = models.CharField("cesta", max_length=lengths.COUNTER_WAY, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        """An office's counters differ by key."""

        db_table = "counter"
        ordering = ["position", "id"]
        verbose_name = "přepážka"
        verbose_name_plural = "přepážky"
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="one_counter_a_key")]

    def __str__(self) -> str:
        return self.title


class Hours(models.Model):
    """One stretch of opening; breaks are written "11:30-12:30, 15:00-15:10"."""

    opens = models.TimeField("od")
    closes = models.TimeField("do")
    step = models.PositiveSmallIntegerField("krok v minutách", validators=[MinValueValidator(1)])
    lanes = models.PositiveSmallIntegerField("míst najednou", validators=[MaxValueValidator(60)])
    breaks = models.CharField("přestávky", max_length=200, blank=True, default="")

    class Meta:
        """Shared by weekly rules and extra days."""

        abstract = True


class WeeklyRule(Hours):
    """Hours that repeat on one weekday within a validity."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="rules")
    weekday = models.PositiveSmallIntegerField("den", choices=WEEKDAYS)
    valid_from = models.DateField("platí od", null=True, blank=True)
    valid_to = models.DateField("platí do", null=True, blank=True)

    class Meta:
        """In the order of the week."""

        db_table = "weekly_rule"
        ordering = ["weekday", "opens", "id"]
        verbose_name = "týdenní hodiny"
        verbose_name_plural = "týdenní hodiny"


class ExtraDay(Hours):
    """Hours of one date that replace the weekly rules."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="extra_days")
    day = models.DateField("den")

    class Meta:
        """In order of time."""

        db_table = "extra_day"
        ordering = ["day", "opens", "id"]
        verbose_name = "mimořádný den"
        verbose_name_plural = "mimořádné dny"


class Closure(models.Model):
    """Days, both included, when the office or one agenda is shut; with times, only that part of each day."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="closures")
    agenda = models.ForeignKey(Agenda, models.CASCADE, null=True, blank=True)
    first = models.DateField("od")
    last = models.DateField("do")
    since = models.TimeField("od hodin", null=True, blank=True)
    until = models.TimeField("do hodin", null=True, blank=True)
    reason = models.CharField("důvod", max_length=60)
    reasons = models.JSONField(db_default={}, blank=True)

    class Meta:
        """In order of time."""

        db_table = "closure"
        ordering = ["first", "id"]
        verbose_name = "uzavření"
        verbose_name_plural = "uzavření"
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="closure_ends_after_it_begins")
        ]


class Audit(models.Model):
    """The audit trail: everything an official or an operator does."""

    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="audits")
    at = models.DateTimeField()
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=60)
    details = models.JSONField(default=dict)

    class Meta:
        """Read by office, newest first."""

        db_table = "audit"
        indexes = [models.Index(fields=["office", "at"], name="audit_by_office")]
