"""The snapshot of an office that a batch of requests is decided by: what must be read for it, and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from prepazka.core.booking.booking import Booking, PastBooking
from prepazka.core.booking.questions import Chosen, Question
from prepazka.core.booking.replies import Answered, ReplyLimits
from prepazka.core.minutes import Minute
from prepazka.core.queue.board import QueueSnapshot


class Span(NamedTuple):
    """Bookings of this agenda that hold a lane at some time from `first` until before `last` are needed."""

    agenda: int
    first: Minute
    last: Minute


@dataclass(frozen=True, slots=True)
class ReadSet:
    """What must be read to decide a batch of requests: a constant number of queries whatever its size.

    spans: merged, disjoint. senders: whose open bookings. past_of: whose bookings of today that are over. codes:
    bookings of any day and state with one of these codes (those asked for, and those drawn, so that none is given twice
    for a day). text_keys: of the guarded requests; history_since: how far back the guards look (None: not at all).
    paid_for: senders whose replies are counted; paid_since: how far back (None: not at all).
    offers_to: senders whose last offers are needed; freed_since: None, or also places cancelled since then still count
    as taken (the re-offer delay). queue: whether the live queue is asked for. usual: whether only the places are read
    that are usually enough, so that NotRead may tell of more.
    """

    spans: tuple[Span, ...] = ()
    senders: frozenset[str] = frozenset()
    past_of: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    text_keys: frozenset[str] = frozenset()
    history_since: Minute | None = None
    paid_for: frozenset[str] = frozenset()
    paid_since: Minute | None = None
    offers_to: frozenset[str] = frozenset()
    freed_since: Minute | None = None
    queue: bool = False
    usual: bool = False


class NotRead(Exception):
    """Places are looked at that are not among those that are usually enough: decide anew, with their span read."""

    def __init__(self, span: Span) -> None:
        super().__init__(f"{span} was not read")
        self.span = span


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the store found for `ReadSet`.

    busy: (agenda, start, end, lanes) with lanes a bit mask (bit 0 = lane 0) of the bookings from just this start
    to just this end; the same place may come twice, in any order.
    open: active bookings of the senders read that have not ended, by their start and then their id. past: those of
    today that are over. coded: bookings with the codes read. questions: the last ones these phones were sent.
    unfinished: their last wishes that lack something. chosen: the places of the web for them.
    read: what was asked of the store; None where everything there is was given.
    """

    busy: Sequence[tuple[int, Minute, Minute, int]] = ()
    open: Sequence[Booking] = ()
    past: Sequence[PastBooking] = ()
    coded: Sequence[Booking] = ()
    answered: Sequence[Answered] = ()
    reply_limits: ReplyLimits = field(default_factory=ReplyLimits)
    questions: Mapping[str, Question] = field(default_factory=dict)
    unfinished: Mapping[str, Question] = field(default_factory=dict)
    chosen: Mapping[str, Sequence[Chosen]] = field(default_factory=dict)
    queue: QueueSnapshot = field(default_factory=QueueSnapshot)
    read: ReadSet | None = None
