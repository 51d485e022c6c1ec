"""The books of an office, as far as one batch of requests needs them: what is asked of the store, and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from prepazka.core.asks import Ask
from prepazka.core.bookings import Booking
from prepazka.core.clock import Minute
from prepazka.core.outcomes import Misunderstanding, Offer


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to decide, whatever the channel.

    now: when it is decided (aware). sender: the identity, E.164; "" for a caller without a phone.
    text_key: what the message said, folded, so that equal texts have equal keys; "" off SMS.
    codes: freshly drawn access codes to choose from, should a booking be made.
    guarded: whether the loop guards count for this channel (SMS: yes). mute: no reply can reach the
    sender, or the sender is an office's own number: nothing may happen.
    sent: when the sender sent it, if the gateway knows.
    """

    ask: Ask | Misunderstanding
    now: datetime
    sender: str
    text_key: str = ""
    codes: tuple[str, ...] = ()
    guarded: bool = False
    mute: bool = False
    own_number: bool = False
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Bookings of this agenda that hold a lane at some time from `first` until before `last` are needed."""

    agenda: int
    first: Minute
    last: Minute


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be read to decide a batch of requests: a constant number of queries whatever its size.

    spans: merged, disjoint. senders: whose open bookings. codes: bookings of any day and state with one of
    these codes (those asked for, and those drawn, so that none is given twice for a day).
    text_keys: of the guarded requests; history_since: how far back the guards look (None: not at all).
    offers_to: senders whose last offers are needed; freed_since: None, or also places cancelled since then
    still count as taken (the re-offer delay).
    """

    spans: tuple[Span, ...] = ()
    senders: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    text_keys: frozenset[str] = frozenset()
    history_since: Minute | None = None
    offers_to: frozenset[str] = frozenset()
    freed_since: Minute | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A message of a sender that was answered within the guards' reach."""

    sender: str
    text_key: str
    outcome: str
    at: Minute


@dataclass(frozen=True, slots=True)
class Offered:
    """The last answer to a sender that offered other times, and when it was given."""

    at: Minute
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store found for `Needs`.

    busy: (agenda, start, end, lanes) with lanes a bit mask (bit 0 = lane 0) of the bookings with just this start and end.
    open: active bookings of the needed senders that have not ended. coded: bookings with the needed codes.
    """

    busy: Sequence[tuple[int, Minute, Minute, int]] = ()
    open: Sequence[Booking] = ()
    coded: Sequence[Booking] = ()
    answered: Sequence[Answered] = ()
    offered: Mapping[str, Offered] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Freed:
    """A place that became free: somebody watching this agenda's day may be told."""

    agenda: int
    day: date
    start: Minute
