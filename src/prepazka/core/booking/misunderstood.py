"""Which messages the office could not understand, and which of them a clerk should read: by the names of outcomes."""

from prepazka.core.booking.misunderstandings import BadDate, BadTime, Incomplete, NotUnderstood, UnknownService
from prepazka.core.booking.outcomes import AlreadyBooked, Booked, Cancelled, Moved

# docs/spec/administration.md §7: "what was not understood, a service or a day nobody knows, and a long message of which
# parts never came"
MISUNDERSTOOD: tuple[str, ...] = (
    NotUnderstood.outcome,
    UnknownService.outcome,
    BadDate.outcome,
    BadTime.outcome,
    Incomplete.outcome,
)

# docs/spec/administration.md §7: "A slip that its sender corrected alone is left out"
SLIPS: tuple[str, ...] = (UnknownService.outcome, BadDate.outcome, BadTime.outcome)
"""Of those, the ones that need no reader once the same sender has reached a `SUCCESS`."""

SUCCESSES: tuple[str, ...] = (Booked.outcome, Moved.outcome, Cancelled.outcome, AlreadyBooked.outcome)
