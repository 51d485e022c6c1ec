"""The context of a decision: the request, the office, the ledger and the time."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.outcomes import ClosedDay, InPast, ServicePaused, TooFar
from prepazka.core.minutes import Minute, day_of, minute
from prepazka.core.office import calendar
from prepazka.core.office.office import Office, Service
from prepazka.core.office.plan import DayPlan


class Context(NamedTuple):
    """now: the moment of deciding, rounded up to a whole minute; today: its date on the office's wall clock."""

    submission: Submission
    office: Office
    ledger: Ledger
    now: Minute
    today: date

    @classmethod
    def of(cls, submission: Submission, office: Office, ledger: Ledger) -> "Context":
        """Return the context of a request."""
        return cls(submission, office, ledger, minute(submission.now), day_of(submission.now, office.zone))

    @property
    def came(self) -> Minute:
        """The moment of coming, rounded up: later than `now` never, earlier where the message waited."""
        return minute(self.submission.came)

    # docs/spec/messages.md §6.1: "a start nearer than this can no longer be booked"
    @property
    def earliest(self) -> Minute:
        """The first minute at which a booking made now may start."""
        return Minute(self.now + self.office.settings.notice_minutes)

    @property
    def last_day(self) -> date:
        """The last day of the horizon, whether the office is open or not."""
        return self.today + timedelta(days=self.office.settings.horizon_days)

    @property
    def open_bookings(self) -> Sequence[Booking]:
        """The sender's bookings still to come; none for a caller without a phone."""
        return [booking for booking in self.ledger.active(self.submission.sender) if booking.start >= self.now]

    # docs/spec/messages.md §6.2: "until its check-in window ends"
    @property
    def current_bookings(self) -> Sequence[Booking]:
        """The sender's bookings whose check-in window has not ended."""
        since = self.now - self.office.settings.check_in_after_minutes
        return [booking for booking in self.ledger.active(self.submission.sender) if booking.start >= since]

    @property
    def known_bookings(self) -> Sequence[Booking]:
        """The sender's bookings as far as the store would read them now; it read them for the batch's first message."""
        since = self.now - self.office.settings.check_in_after_minutes
        return [booking for booking in self.ledger.active(self.submission.sender) if booking.end > since]

    # docs/spec/messages.md §6.1: "a message older than this is answered, not acted on"
    @property
    def is_old(self) -> bool:
        """Whether the message was sent longer ago than the office acts on (its modem was off)."""
        sent = self.submission.sent
        return sent is not None and self.now - minute(sent) > self.office.settings.message_hours * 60

    def plan(self, service: Service, day: date) -> DayPlan:
        """What is offered of the service on a day, before any booking."""
        return calendar.starts_of(self.office, service, day)

    def paused(self, service: Service) -> ServicePaused | None:
        """Why the service takes no new bookings today, if so."""
        since = service.paused_from
        return ServicePaused(service, since) if since is not None and service.is_paused(self.today) else None

    # docs/spec/messages.md §6.5: "The very minute of the deadline still counts as in time."
    def in_time(self, booking: Booking) -> bool:
        """Whether a booking may still be cancelled or moved; the very minute of the deadline counts."""
        return self.now <= booking.start - self.office.settings.cancel_until_minutes

    # docs/spec/messages.md §4: "the last day that can be booked"
    def beyond(self, service: Service, day: date, at: time | None = None) -> InPast | TooFar | None:
        """Why nothing can be had on that day, whatever its hours; `at` is the wanted time, if one is.

        Too far tells the last day that can be booked (spec/messages.md §4), which is no Sunday.
        """
        if day < self.today:
            return InPast(day, at, self.office.settings.notice_minutes)
        if day > self.last_day:
            last = calendar.last_open(self.office, service, self.today, self.last_day)
            return TooFar(day, last or self.last_day)
        return None

    def in_vain(self, code: str, day: date, persons: int = 1) -> InPast | TooFar | ClosedDay | None:
        """Why no time on that day is worth asking for; None also where the service is not known."""
        service = self.office.service_of.get(code)
        return (self.beyond(service, day) or self.closed_day(service, day, persons)) if service else None

    # docs/spec/messages.md §4: "which day and why (the holiday's name, the closure's reason), and a day with a place"
    def closed_day(self, service: Service, day: date, persons: int = 1) -> ClosedDay | None:
        """Why the day offers nothing, if so, and the next one that does."""
        closed = self.plan(service, day).closed
        if closed is None:
            return None
        return ClosedDay(service, day, closed, calendar.next_open(self.office, service, day, self.last_day), persons)
