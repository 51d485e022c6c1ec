"""Tables of the counters: tickets, their events, and the clerks' seats. They hold no names; the bookings do."""

from django.db import models
from django.db.models import Q

from prepazka.store.booking_models import Booking
from prepazka.store.office_models import Agenda, Counter, Office, Service

_ACTIVE = ["waiting", "called", "serving"]


class QueueState(models.Model):
    """The lock of an office's queue, and the version that grows with every change in it.

    It is not the office's row, so that calling at the counters does not wait for a batch of messages.
    """

    office = models.OneToOneField(Office, models.CASCADE, primary_key=True, related_name="queue_state")
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        """Read by office, or for all offices with open boards at once."""

        db_table = "queue_state"


class TicketSeries(models.Model):
    """The last number given out under a prefix on a day; it only grows, so no number is given out twice."""

    office = models.ForeignKey(Office, models.CASCADE, db_index=False)
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    last = models.PositiveIntegerField()

    class Meta:
        """One statement counts up and returns the number."""

        db_table = "ticket_series"
        constraints = [models.UniqueConstraint(fields=["office", "day", "prefix"], name="one_series_a_prefix_and_day")]


class Ticket(models.Model):
    """A place in a day's queue; the columns are those of `core.queue.tickets.Ticket`.

    Foreign keys have no index of their own where another index begins with them.
    """

    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="tickets")
    agenda = models.ForeignKey(Agenda, models.PROTECT, db_index=False, related_name="tickets")
    service = models.ForeignKey(Service, models.PROTECT, db_index=False, null=True, related_name="tickets")
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    priority = models.BooleanField(default=False)
    booking = models.ForeignKey(Booking, models.PROTECT, db_index=False, null=True, related_name="tickets")
    state = models.CharField(max_length=10)
    counter = models.ForeignKey(Counter, models.PROTECT, db_index=False, null=True, related_name="tickets")
    reserved_for = models.ForeignKey(Counter, models.PROTECT, db_index=False, null=True, related_name="+")
    recalls = models.PositiveSmallIntegerField(default=0)
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    parked_until = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Each index serves the query named in its comment; each constraint guards a guarantee."""

        db_table = "ticket"
        constraints = [
            # No two tickets of an office's day have the same number.
            models.UniqueConstraint(fields=["office", "day", "prefix", "number"], name="one_ticket_a_number"),
            # A code checks in once.
            models.UniqueConstraint(
                fields=["booking"], condition=Q(booking__isnull=False), name="one_ticket_a_booking"
            ),
            # A counter has one client.
            models.UniqueConstraint(
                fields=["counter"], condition=Q(state__in=["called", "serving"]), name="one_client_a_counter"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*_ACTIVE, "done", "absent", "closed", "withdrawn"]),
                name="ticket_in_a_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["called", "serving"]) | Q(counter__isnull=False),
                name="ticket_called_to_a_counter",
            ),
        ]
        indexes = [
            # The queue: tickets waiting, called or being served.
            models.Index(fields=["office", "day"], condition=Q(state__in=_ACTIVE), name="ticket_active"),
            # How long the last clients of an agenda took.
            models.Index(
                fields=["agenda", "ended_at"], condition=Q(state="done", ended_at__isnull=False), name="ticket_done"
            ),
            # A day's tickets: quotas, statistics.
            models.Index(fields=["office", "day", "agenda", "kind"], name="ticket_of_day"),
            # The last calls of a day.
            models.Index(
                fields=["office", "day", "called_at"], condition=Q(called_at__isnull=False), name="ticket_called"
            ),
        ]


class TicketEvent(models.Model):
    """One change of a ticket: the act, who did it and when, the states before and after, the counter.

    values_before: the columns that an undo gives back; NULL where the act cannot be undone.
    agenda and service: the ticket's after the act; NULL in events of before they were recorded.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="events")
    at = models.DateTimeField()
    who = models.CharField(max_length=150)
    act = models.CharField(max_length=10)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    counter = models.ForeignKey(Counter, models.PROTECT, db_index=False, null=True, related_name="+")
    version = models.PositiveIntegerField()
    values_before = models.JSONField(null=True)
    agenda = models.ForeignKey(Agenda, models.PROTECT, db_index=False, null=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, db_index=False, null=True, related_name="+")

    class Meta:
        """Read by ticket; each version of a ticket has one event."""

        db_table = "ticket_event"
        constraints = [models.UniqueConstraint(fields=["ticket", "version"], name="one_event_a_version")]


class Staffing(models.Model):
    """A clerk's seat at a counter. clerk: the name they sign in with; break_since: NULL when not on a break.

    acted_at: the clerk's last act at the counters. away_since: since when the clerk is signed in nowhere, as far as
    that was looked at; NULL while signed in.
    """

    office = models.ForeignKey(Office, models.CASCADE, db_index=False, related_name="staffings")
    counter = models.OneToOneField(Counter, models.CASCADE, related_name="staffing")
    clerk = models.CharField(max_length=150)
    since = models.DateTimeField()
    break_since = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    away_since = models.DateTimeField(null=True)

    class Meta:
        """One clerk a counter, one counter a clerk; read by office."""

        db_table = "staffing"
        constraints = [models.UniqueConstraint(fields=["office", "clerk"], name="one_counter_a_clerk")]
