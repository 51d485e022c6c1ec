"""Outcomes of a text that was not, or only partly, understood: nothing happens but a reply (spec/messages.md §4)."""

from dataclasses import dataclass

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Misunderstanding(Outcome):
    """The text was not, or only partly, understood: nothing happens but a reply.

    hole, of what is missing: the word for the value that was sent in its place ("PRIJMENI").
    """


@dataclass(frozen=True, slots=True)
class UnknownService(Misunderstanding):
    """No service has this code; `near` are codes it may be a typing error of, best first, at most 3.

    hole: the word for the code that was sent in its place.
    """

    outcome = "unknown_service"
    token: str
    near: tuple[str, ...]
    draft: Draft | None = None
    hole: str = ""


@dataclass(frozen=True, slots=True)
class MissingName(Misunderstanding):
    """The name is absent, or too long to be kept; `draft` is the sender's own message."""

    outcome = "missing_name"
    draft: Draft
    hole: str = ""
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class MissingDate(Misunderstanding):
    """The date is absent; `draft` is the sender's own message."""

    outcome = "missing_date"
    draft: Draft
    hole: str = ""


@dataclass(frozen=True, slots=True)
class MissingTime(Misunderstanding):
    """The time is absent; `draft` is the sender's own message."""

    outcome = "missing_time"
    draft: Draft
    hole: str = ""


@dataclass(frozen=True, slots=True)
class MissingCode(Misunderstanding):
    """The access code is absent; `draft` is the right form, `own` the sender's bookings it may be about."""

    outcome = "missing_code"
    draft: Draft
    own: tuple[Booking, ...] = ()
    hole: str = ""


@dataclass(frozen=True, slots=True)
class BadDate(Misunderstanding):
    """A date that does not exist, such as 31.2."""

    outcome = "bad_date"
    token: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class BadTime(Misunderstanding):
    """A time that does not exist, such as 25:00."""

    outcome = "bad_time"
    token: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class NotUnderstood(Misunderstanding):
    """Anything else; `token` is the word not understood ("" for an empty text), `draft` what was.

    also: the second of two wishes that each take a message of their own.
    """

    outcome = "not_understood"
    token: str
    draft: Draft | None
    also: Draft | None = None


@dataclass(frozen=True, slots=True)
class Incomplete(Misunderstanding):
    """Some parts of a longer message never came: what they said cannot be accounted for."""

    outcome = "incomplete"
