"""Reminders: the sender stops them and has them again; bookings stay."""

from dataclasses import dataclass

from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import RemindersResumed, RemindersStopped
from prepazka.core.booking.requests import Request


@dataclass(frozen=True, slots=True)
class StopReminders(Request):
    """No more reminders to this number; bookings stay."""

    def decide(self, context: Context) -> RemindersStopped:
        """Always the same; the journey keeps it."""
        return RemindersStopped()


@dataclass(frozen=True, slots=True)
class ResumeReminders(Request):
    """Reminders again."""

    def decide(self, context: Context) -> RemindersResumed:
        """Always the same; the journey keeps it."""
        return RemindersResumed()
