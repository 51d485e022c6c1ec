"""Tables of bookings, submitted booking forms and the waitlist."""

from django.db import models
from django.db.models import F, Q

from prepazka.core.office import lengths
from prepazka.store.office_models import Agenda, Office, Service

_TAKES_PLACE = Q(state__in=["booked", "held"])


class Booking(models.Model):
    """A service, a start, a name, the sender's number and an access code, holding one lane of its agenda.

    day: the local date of starts_at, stored because queries use it. calls: a number that is only called. note: a
    clerk's. cancel_at: when a clerk's cancelling is carried out unless it is undone; cancel_by: whose it is;
    cancel_told: whether the phone is told.

    Foreign keys have no index of their own where another index begins with them.
    """

    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="bookings")
    agenda = models.ForeignKey(Agenda, models.PROTECT, db_index=False, related_name="bookings")
    service = models.ForeignKey(Service, models.PROTECT, db_index=False, related_name="bookings")
    lane = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    day = models.DateField()
    name = models.CharField(max_length=60)
    persons = models.PositiveSmallIntegerField(default=1)
    sender = models.CharField(max_length=16)
    code = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    text_key = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    calls = models.CharField(max_length=16, db_default="")
    note = models.CharField(max_length=lengths.NOTE, db_default="")
    cancel_at = models.DateTimeField(null=True)
    cancel_by = models.CharField(max_length=150, db_default="")
    cancel_told = models.BooleanField(db_default=False)

    class Meta:
        """Each index serves the query named in its comment; each constraint guards a guarantee."""

        db_table = "booking"
        constraints = [
            # One booking for a lane and a start: with the overlap guards of the migration, the last line of defence.
            models.UniqueConstraint(
                fields=["agenda", "lane", "starts_at"], condition=_TAKES_PLACE, name="one_booking_a_lane"
            ),
            # A code with its date names one booking, so that nobody can cancel a stranger's.
            models.UniqueConstraint(
                fields=["office", "code", "day"], condition=_TAKES_PLACE, name="one_booking_a_code_and_day"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "held", "cancelled", "moved"]), name="booking_in_a_known_state"
            ),
        ]
        indexes = [
            # Free times: the places taken between two moments, read from the index alone; for that, SQLite needs the
            # condition's column in it too.
            models.Index(
                fields=["agenda", "starts_at", "ends_at", "lane", "state"],
                condition=_TAKES_PLACE,
                name="booking_taken",
            ),
            # The re-offer delay: places cancelled lately.
            models.Index(fields=["agenda", "changed_at"], condition=Q(state="cancelled"), name="booking_given_back"),
            # A sender's open bookings: limits, repeats, MOJE, PRESUN.
            models.Index(fields=["office", "sender", "ends_at"], condition=Q(state="booked"), name="booking_of_sender"),
            # A day's bookings: reminders, lists, and erasing, for an erased booking has no name.
            models.Index(fields=["office", "day"], condition=Q(name__gt=""), name="booking_of_day"),
            # Days whose bookings are erased, to be folded into figures.
            models.Index(fields=["office", "day"], condition=Q(name=""), name="booking_to_fold"),
            # Cancelling, and drawing a new code.
            models.Index(fields=["office", "code"], name="booking_by_code"),
            # Cancelling at the desk that can still be undone.
            models.Index(fields=["cancel_at"], condition=Q(cancel_at__isnull=False), name="booking_cancelling"),
            # Places that wait for their phone.
            models.Index(fields=["office", "id"], condition=Q(state="held"), name="booking_held"),
        ]


class Hold(models.Model):
    """What is known of a booking that was held on the web: the booking's state says what became of it. Kept for a day.

    number: E.164, the booking's. caller: the network it came from, as limits count it. chosen_at: when the place was
    chosen; handed_at: when its message was handed over, NULL before. wrong_codes: how often a wrong code was typed.
    stood: whether it became a booking without the phone, because its message could not be handed over. confirmed:
    whether it became a booking at all.
    """

    booking = models.OneToOneField(Booking, models.CASCADE, primary_key=True, related_name="hold")
    office = models.ForeignKey(Office, models.CASCADE, db_index=False)
    number = models.CharField(max_length=16)
    caller = models.CharField(max_length=50)
    chosen_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(db_default=0)
    stood = models.BooleanField(db_default=False)
    confirmed = models.BooleanField(db_default=False)

    class Meta:
        """Each index serves the query its comment names."""

        db_table = "hold"
        indexes = [
            # What a yes of a phone may confirm; how many were held for it within an hour.
            models.Index(fields=["office", "number", "chosen_at"], name="hold_of_number"),
            # How many are held from one network.
            models.Index(fields=["office", "caller"], name="hold_of_caller"),
            # Those of yesterday, to be deleted.
            models.Index(fields=["chosen_at"], name="hold_by_time"),
        ]


class SubmittedForm(models.Model):
    """The booking a submitted form made: a form sent twice (a double click) makes one. Deleted after half a day.

    key: of the form together with the request: a form sent again with another name is another request.
    """

    key = models.UUIDField(primary_key=True)
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Found by its key."""

        db_table = "booking_pressed"


class WaitlistEntry(models.Model):
    """A sender to be notified when a place of a service is freed on a day (HLIDEJ); notified once.

    told_start: the start that the notice offered, which a yes takes.
    """

    office = models.ForeignKey(Office, models.CASCADE, db_index=False)
    service = models.ForeignKey(Service, models.CASCADE)
    day = models.DateField()
    sender = models.CharField(max_length=16)
    recipient = models.CharField(max_length=16)
    gateway = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_start = models.TimeField(null=True)

    class Meta:
        """Open entries are found by office and day."""

        db_table = "watch"
        # Erasing entries for past days.
        indexes = [
            models.Index(fields=["office", "day"], name="watch_of_day"),
            # The notices a yes may answer.
            models.Index(fields=["office", "sender"], name="watch_told_to", condition=Q(told_start__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "service", "sender"], condition=Q(told_at=None), name="one_watch_a_wish"
            )
        ]
