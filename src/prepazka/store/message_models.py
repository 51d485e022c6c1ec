"""Tables of what was said: the inbox, the outbox, and who wants no reminders."""

from django.db import models
from django.db.models import Q

from prepazka.store.booking_models import Booking
from prepazka.store.office_models import Office


class Inbound(models.Model):
    """A message as it came. Stored once by (gateway, gateway_id), then handled once: the row is the queue.

    state: waiting → answered (a reply was queued) | silent (guards) | failed (given up, an apology was queued).
    fingerprint: of the content, from gateways that deliver one message under several ids.
    whole: whether all parts of it came.
    """

    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="inbounds")
    gateway = models.CharField(max_length=40)
    gateway_id = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, null=True)
    sender = models.CharField(max_length=40)
    recipient = models.CharField(max_length=16)
    text = models.TextField()
    text_key = models.CharField(max_length=32)
    whole = models.BooleanField(db_default=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, default="")
    booking = models.ForeignKey(Booking, models.SET_NULL, null=True, db_index=False)
    offers = models.JSONField(null=True)

    class Meta:
        """Each index serves the query its comment names."""

        db_table = "inbound"
        constraints = [
            # A message delivered twice is one message.
            models.UniqueConstraint(fields=["gateway", "gateway_id"], name="one_inbound_an_id"),
            models.UniqueConstraint(
                fields=["gateway", "fingerprint"], condition=Q(fingerprint__isnull=False), name="one_inbound_a_content"
            ),
        ]
        indexes = [
            # What waits, in order of arrival within an office.
            models.Index(
                fields=["office", "id", "state", "received_at"], condition=Q(state="waiting"), name="inbound_waiting"
            ),
            # The guards: what a sender was answered lately. Also a number's messages.
            models.Index(fields=["office", "sender", "state", "received_at"], name="inbound_of_sender"),
            # What came lately: the metrics; and what is to be erased, for an erased message has no key.
            models.Index(fields=["received_at"], condition=Q(text_key__gt=""), name="inbound_by_time"),
        ]


class InboundPart(models.Model):
    """A part of a longer message, until all of them have come or their time is up.

    text: as JSON in ASCII, for it may end in half of a surrogate pair, which no database holds. joined: its message
    is stored; it stays a while, so that the same part delivered again is known.
    """

    gateway = models.CharField(max_length=40)
    gateway_id = models.CharField(max_length=200)
    sender = models.CharField(max_length=40)
    recipient = models.CharField(max_length=40)
    reference = models.PositiveIntegerField()
    total = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    joined = models.BooleanField(default=False)

    class Meta:
        """Each index serves the query its comment names."""

        db_table = "inbound_part"
        constraints = [
            # The parts of one message, each once.
            models.UniqueConstraint(
                fields=["gateway", "sender", "recipient", "reference", "total", "number"], name="one_part_a_place"
            ),
        ]
        indexes = [
            # Those whose time is up.
            models.Index(fields=["received_at"], name="inbound_part_by_time"),
        ]


class Stray(models.Model):
    """A message to a number that is no office's: kept until the number is, or it is erased."""

    gateway = models.CharField(max_length=40)
    gateway_id = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, null=True)
    sender = models.CharField(max_length=40)
    recipient = models.CharField(max_length=40)
    text = models.TextField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        """Once by the gateway's id, as in the inbox."""

        db_table = "stray"
        constraints = [models.UniqueConstraint(fields=["gateway", "gateway_id"], name="one_stray_an_id")]


class Outbound(models.Model):
    """A message to be sent; written in the transaction that decided it, so it can be neither lost nor doubled.

    state: queued → handed (its gateway has it). septets and parts count GSM 03.38.
    """

    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="outbounds")
    gateway = models.CharField(max_length=40)
    in_reply_to = models.ForeignKey(Inbound, models.PROTECT, null=True, db_index=False, related_name="replies")
    kind = models.CharField(max_length=10)
    sender = models.CharField(max_length=16)
    recipient = models.CharField(max_length=16)
    text = models.TextField()
    septets = models.PositiveSmallIntegerField()
    parts = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="queued")
    made_at = models.DateTimeField()

    class Meta:
        """Each index serves the query its comment names."""

        db_table = "outbound"
        constraints = [
            # One answer a request.
            models.UniqueConstraint(fields=["in_reply_to", "kind"], name="one_reply_a_message"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="queued"), name="outbound_queued"),
            # A number's messages.
            models.Index(fields=["office", "recipient", "id"], name="outbound_of_recipient"),
            # Of those that answer no message, what is to be erased: an erased one has no text.
            models.Index(
                fields=["office", "made_at"],
                condition=Q(in_reply_to__isnull=True, text__gt=""),
                name="outbound_unasked",
            ),
        ]


class OptOut(models.Model):
    """A number that wants no reminders (STOP)."""

    office = models.ForeignKey(Office, models.CASCADE, db_index=False)
    sender = models.CharField(max_length=16)
    since = models.DateTimeField()

    class Meta:
        """Once a number."""

        db_table = "opt_out"
        constraints = [models.UniqueConstraint(fields=["office", "sender"], name="one_opt_out_a_number")]
