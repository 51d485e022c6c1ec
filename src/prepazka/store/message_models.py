"""Tables of messages: the inbox, the outbox, receipts, and numbers that want no reminders."""

from django.db import models
from django.db.models import Q

from prepazka.core.booking.misunderstood import MISUNDERSTOOD
from prepazka.core.delivery import PRECEDENCE
from prepazka.store.booking_models import Booking
from prepazka.store.office_models import Office


class Inbound(models.Model):
    """A message as it came: stored once by (gateway, gateway_id), then handled once. The table is the queue.

    state: waiting → answered (a reply was queued) | silent (guards) | failed (given up, an apology was queued).
    fingerprint: of the content, from gateways that deliver one message under several ids.
    whole: whether all its parts came. repairs: the names of the repairs its text needed, separated by spaces.
    done_at, done_by: of a message that was not understood, when a clerk had seen to it, and who.
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
    repairs = models.CharField(max_length=200, db_default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=150, db_default="")

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
            # Messages to be handled, in order of arrival within an office.
            models.Index(
                fields=["office", "id", "state", "received_at"], condition=Q(state="waiting"), name="inbound_waiting"
            ),
            # The newest messages of an office: its log.
            models.Index(fields=["office", "id"], name="inbound_of_office"),
            # The guards: a sender's messages answered lately. Also a number's messages.
            models.Index(fields=["office", "sender", "state", "received_at"], name="inbound_of_sender"),
            # Messages of the last hour (the metrics), and messages to be erased, for an erased one has no key.
            models.Index(fields=["received_at"], condition=Q(text_key__gt=""), name="inbound_by_time"),
            # Fingerprints to be deleted.
            models.Index(fields=["received_at"], condition=Q(fingerprint__isnull=False), name="inbound_fingerprinted"),
            # The clerk's inbox: messages nobody has seen to, messages seen to, and the words people wrote.
            models.Index(
                fields=["office", "done_at", "id"],
                # An erased message has no key.
                condition=Q(outcome__in=list(MISUNDERSTOOD), text_key__gt=""),
                name="inbound_misunderstood",
            ),
            # The messages of a booking that is deleted: the database looks for them.
            models.Index(fields=["booking"], condition=Q(booking__isnull=False), name="inbound_of_booking"),
            # Which repairs serve.
            models.Index(fields=["office", "received_at"], condition=Q(repairs__gt=""), name="inbound_repaired"),
        ]


class InboundPart(models.Model):
    """A part of a longer message, until all parts have come or their time is over.

    text: as JSON in ASCII, because it may end in half of a surrogate pair, which no database stores. joined: its
    message is in an inbox; the part stays for a while, so that it is recognised when delivered again.
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
            # Parts whose time is over.
            models.Index(fields=["received_at"], name="inbound_part_by_time"),
        ]


class Stray(models.Model):
    """A message to a number that is not bound to its gateway: nothing is done about it until an operator assigns it.

    whole: as in `Inbound`.
    """

    gateway = models.CharField(max_length=40)
    gateway_id = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, null=True)
    sender = models.CharField(max_length=40)
    recipient = models.CharField(max_length=40)
    text = models.TextField()
    whole = models.BooleanField(db_default=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        """Stored once by the gateway's id, as in the inbox; the index serves the strays of one number."""

        db_table = "stray"
        constraints = [models.UniqueConstraint(fields=["gateway", "gateway_id"], name="one_stray_an_id")]
        indexes = [
            models.Index(fields=["gateway", "recipient", "id"], name="stray_of_number"),
            # Strays to be erased.
            models.Index(fields=["received_at"], name="stray_by_time"),
        ]


class Outbound(models.Model):
    """A message to be sent; written in the transaction that decided it, so it is neither lost nor duplicated.

    kind and state: `core.delivery`. septets: what the text takes as it is sent, septets of GSM 03.38 or
    16-bit units of UCS-2; parts: in how many SMS. booking: which one a notification is about.
    due_at: when it is to be processed next, NULL for never: the next try of a queued one, the end of the lease of one
    being sent, the end of the wait for a receipt of an unknown one. tried_at: when a gateway was given it last;
    attempts: how often, without those that came too fast; lost: how many of the answers never came;
    doubted: whether one ever did not, even if the gateway said later that it had taken none.
    cause: why it was not sent, as one of a few words (`gateways.values.Cause`, `core.delivery.OwnCause`); error: the
    same in the gateway's own words, for the operator, without number or text.
    """

    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="outbounds")
    gateway = models.CharField(max_length=40)
    in_reply_to = models.ForeignKey(Inbound, models.PROTECT, null=True, db_index=False, related_name="replies")
    booking = models.ForeignKey(Booking, models.SET_NULL, null=True, db_index=False, related_name="told")
    kind = models.CharField(max_length=20)
    priority = models.PositiveSmallIntegerField(db_default=0)
    sender = models.CharField(max_length=16)
    recipient = models.CharField(max_length=16)
    text = models.TextField()
    septets = models.PositiveSmallIntegerField()
    parts = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="queued")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    lost = models.PositiveSmallIntegerField(db_default=0)
    doubted = models.BooleanField(db_default=False)
    cause = models.CharField(max_length=20, db_default="")
    error = models.CharField(max_length=200, db_default="")

    class Meta:
        """Each index serves the query its comment names."""

        db_table = "outbound"
        constraints = [
            # One reply a message.
            models.UniqueConstraint(fields=["in_reply_to", "kind"], name="one_reply_a_message"),
            # One notification of each kind about a booking, ever.
            models.UniqueConstraint(
                fields=["booking", "kind"], condition=Q(booking__isnull=False), name="one_telling_a_booking"
            ),
            # A message to be sent is always due some time, whatever happens to the process that claimed it.
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "sending"]) | Q(due_at__isnull=False, expires_at__isnull=False),
                name="outbound_unsent_is_due",
            ),
            models.CheckConstraint(condition=Q(state__in=list(PRECEDENCE)), name="outbound_in_a_known_state"),
        ]
        indexes = [
            # Messages for a gateway, the most urgent first; and the metrics.
            models.Index(
                fields=["gateway", "priority", "id", "due_at"], condition=Q(state="queued"), name="outbound_queued"
            ),
            # Messages claimed by a process and messages in doubt, by when they are due.
            models.Index(
                fields=["gateway", "state", "due_at"],
                condition=Q(state__in=["sending", "unknown"], due_at__isnull=False),
                name="outbound_in_doubt",
            ),
            # Messages whose time is over, of all gateways. Its last condition always holds and is there so that this
            # index serves no other query: PostgreSQL, which knows the queue as empty, would find a gateway's by it.
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=["queued", "sending"], expires_at__isnull=False),
                name="outbound_expiring",
            ),
            # A gateway's pace, and the messages of the last hour: the metrics.
            models.Index(
                fields=["tried_at", "gateway", "parts"], condition=Q(tried_at__isnull=False), name="outbound_tried"
            ),
            # What monitoring tells of messages that did not arrive: few rows, written only when that is known.
            models.Index(
                fields=["made_at", "gateway"],
                condition=Q(state__in=["failed", "undelivered", "unknown"]),
                name="outbound_not_delivered",
            ),
            # What an office sent in a month. A message enters it when it is sent, not when it is decided.
            models.Index(fields=["office", "tried_at"], condition=Q(tried_at__isnull=False), name="outbound_by_month"),
            # The newest messages of an office: its log.
            models.Index(fields=["office", "id"], name="outbound_of_office"),
            # Messages that did not arrive, or are not known to have.
            models.Index(
                fields=["office", "made_at", "gateway", "state", "cause"],
                condition=Q(state__in=["failed", "undelivered", "expired", "unknown"]),
                name="outbound_troubled",
            ),
            # A number's messages.
            models.Index(fields=["office", "recipient", "id"], name="outbound_of_recipient"),
            # Notifications to be erased, for an erased one has no text.
            models.Index(
                fields=["office", "made_at"],
                condition=Q(in_reply_to__isnull=True, text__gt=""),
                name="outbound_unasked",
            ),
        ]


class OutboundRef(models.Model):
    """A gateway's id of a message handed to it, or of one part of it. It holds no personal data.

    copy: how many answers had been lost when it was handed over, which distinguishes the parts of two copies;
    total: how many ids that copy has. state: the state of the part, of `core.delivery.PRECEDENCE`.
    """

    outbound = models.ForeignKey(Outbound, models.CASCADE, related_name="refs")
    gateway = models.CharField(max_length=40)
    ref = models.CharField(max_length=200)
    copy = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="handed")

    class Meta:
        """An id that a gateway gives again means the newer message."""

        db_table = "outbound_ref"
        constraints = [models.UniqueConstraint(fields=["gateway", "ref"], name="one_message_a_ref")]


class Receipt(models.Model):
    """A receipt of a gateway, stored once. It holds no personal data.

    message: the office's id of the message, ref: the gateway's, "" where it gave none. outbound: NULL while the message
    is not known, because the receipt came before the answer with the gateway's id.
    """

    outbound = models.ForeignKey(Outbound, models.CASCADE, null=True, db_index=False, related_name="receipts")
    gateway = models.CharField(max_length=40)
    message = models.CharField(max_length=40)
    ref = models.CharField(max_length=200)
    status = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        """The same receipt twice is stored once."""

        db_table = "receipt"
        constraints = [
            models.UniqueConstraint(
                fields=["outbound", "ref", "status"], condition=Q(outbound__isnull=False), name="one_receipt_a_status"
            ),
            # Receipts that wait for the answer they belong to, by the id it will give.
            models.UniqueConstraint(
                fields=["gateway", "ref", "status"], condition=Q(outbound__isnull=True), name="one_receipt_waiting"
            ),
        ]
        indexes = [
            # Receipts that have waited too long.
            models.Index(fields=["received_at"], condition=Q(outbound__isnull=True), name="receipt_waiting"),
        ]


class Breaker(models.Model):
    """The circuit breaker of a gateway; its row is the lock under which messages are claimed and answers stored.

    failures: tries in vain in a row; paused_until: the gateway is given nothing before.
    """

    gateway = models.CharField(max_length=40, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        """One row a gateway."""

        db_table = "breaker"


class OptOut(models.Model):
    """A number that wants no reminders (STOP).

    contact_at: when the number last wrote or booked, of what is erased by now; NULL when it has done neither since.
    """

    office = models.ForeignKey(Office, models.CASCADE, db_index=False)
    sender = models.CharField(max_length=16)
    since = models.DateTimeField()
    contact_at = models.DateTimeField(null=True)

    class Meta:
        """Once a number."""

        db_table = "opt_out"
        constraints = [models.UniqueConstraint(fields=["office", "sender"], name="one_opt_out_a_number")]
