"""The ledger of an office while a batch of requests is decided: what is read for it, and what the decisions change."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Literal, NamedTuple

from prepazka.core.booking.booking import Booking, PastBooking
from prepazka.core.booking.concerned import kept_with
from prepazka.core.booking.lacking import left_unfinished
from prepazka.core.booking.lanes import Lanes
from prepazka.core.booking.misunderstandings import Misunderstanding
from prepazka.core.booking.outcomes import (
    Booked,
    Declined,
    Moved,
    Outcome,
    Proposed,
    SlotFull,
)
from prepazka.core.booking.questions import Chosen, Question, meant
from prepazka.core.booking.replies import Answered, silence
from prepazka.core.booking.requests import Request
from prepazka.core.booking.snapshot import NotRead, Snapshot, Span
from prepazka.core.minutes import Minute, begun, midnight
from prepazka.core.office import calendar
from prepazka.core.office.office import Office
from prepazka.core.queue.board import QueueSnapshot
from prepazka.core.states import BookingState


class Submission(NamedTuple):
    """One request to decide, with what is known of its sender, whatever the channel.

    now: when it is decided (aware). sender: E.164; "" for a caller without a phone.
    text_key: what the message said, folded, so that equal texts have equal keys; "" off SMS.
    codes: freshly drawn access codes to choose from, should a booking be made.
    guarded: whether the loop guards count for this channel (SMS: yes). costs: whether the office pays for each answer,
    so that the limits of replies count too. mute: no reply can reach the
    sender, or the sender is an office's own number: nothing may happen.
    sent: when the sender sent it, if the gateway knows. over_ceiling: the office has answered as many numbers of other
    countries today as it does. hold: a booking made of it is held until the phone confirms it. calls: a number kept
    with the booking for calling only. received: when it came, if it waited to be decided.
    """

    request: Request | Misunderstanding
    now: datetime
    sender: str
    text_key: str = ""
    codes: tuple[str, ...] = ()
    guarded: bool = False
    costs: bool = False
    mute: bool = False
    own_number: bool = False
    sent: datetime | None = None
    over_ceiling: bool = False
    hold: bool = False
    calls: str = ""
    received: datetime | None = None

    # docs/spec/messages.md §6.6: "The guards and the limits of replies count by the time a message came"
    @property
    def came(self) -> datetime:
        """When it came; what waited counts as it would have, had nothing waited."""
        return self.received or self.now

    @property
    def answers_question(self) -> bool:
        """Whether this is a yes or a no to the open question."""
        return isinstance(self.request, Request) and self.request.reads.offers


@dataclass(frozen=True, slots=True)
class Freed:
    """A start that became free: somebody watching this agenda's day may be told."""

    agenda: int
    day: date
    start: Minute


class Step(NamedTuple):
    """One change of who holds what: a booking takes or leaves its place, or becomes or is no longer its sender's."""

    what: Literal["take", "release", "join", "leave"]
    booking: Booking


def question_after(submission: Submission, outcome: Outcome) -> Question | None:
    """The question an answer puts to its sender, or that it closes; None where it leaves the last one open.

    What it leaves unfinished is kept as one, too, but closes none.
    """
    now = submission.now
    match outcome:
        case SlotFull(day=day, at=at, offers=offers) if offers:
            return Question(now, "offered", offers, wanted=datetime.combine(day, at))
        case Proposed(offers=offers, together=together):
            return Question(now, "together" if together else "proposed", offers)
        case Booked(booking=booking) | Moved(booking=booking) if submission.answers_question:
            return Question(now, "taken", taken=(booking.code, booking.day))
        case Declined(place=place):
            return Question(now, "declined", taken=(place.code, place.day) if place else None)
        case _:
            left = left_unfinished(submission.request, outcome)
            return Question(now, "unfinished", unfinished=left) if left else None


class Ledger:
    """The office while one batch is decided: each decision changes it for the next.

    new: bookings to be kept, in their final state, so possibly cancelled or moved again. changed: bookings the
    store had, cancelled or moved. Nothing here is the store's yet; it keeps both when the batch is decided. steps: what
    the decisions changed, in order, for another ledger of the same moment that is to follow this one.

    What was not read cannot be asked (AssertionError), so that a request that forgot to say what it reads fails at
    once and offers nobody a taken place.
    """

    def __init__(self, office: Office, snapshot: Snapshot) -> None:
        self.office = office
        self.new: list[Booking] = []
        self.changed: list[Booking] = []
        self.steps: list[Step] = []
        self._busy = sorted(snapshot.busy)
        self._days: dict[tuple[int, date], Lanes] = {}
        self._active: dict[str, list[Booking]] = {}
        self._coded: dict[date, dict[str, list[Booking]]] = {}
        self._vacated: list[Booking] = []
        self._past = list(snapshot.past)
        self._answered: dict[str, list[Answered]] = {}
        self._reply_limits = snapshot.reply_limits
        self._questions = dict(snapshot.questions)
        self._unfinished = dict(snapshot.unfinished)
        self._queue = snapshot.queue
        self._read = snapshot.read
        self._covered: set[tuple[int, date]] = set()
        for booking in snapshot.open:
            self._active.setdefault(booking.sender, []).append(booking)
        self._chosen = snapshot.chosen
        chosen = [one.place for places in snapshot.chosen.values() for one in places]
        for booking in {booking.id: booking for booking in (*snapshot.coded, *snapshot.open, *chosen)}.values():
            self._coded.setdefault(booking.day, {}).setdefault(booking.code, []).append(booking)
        for answer in snapshot.answered:
            self._answered.setdefault(answer.sender, []).append(answer)

    def lanes(self, agenda: int, day: date) -> Lanes:
        """The lanes of an agenda on a day whose bookings were read. Raises: NotRead."""
        if (agenda, day) not in self._covered:
            self._look_at(Span(agenda, *_whole(day, self.office)))
            self._covered.add((agenda, day))
        return self._lanes(agenda, day)

    def lanes_between(self, agenda: int, day: date, first: Minute, last: Minute) -> Lanes:
        """The lanes of an agenda on a day, of which this time was read. Raises: NotRead."""
        if (agenda, day) not in self._covered:
            self._look_at(Span(agenda, first, last))
        return self._lanes(agenda, day)

    def _look_at(self, span: Span) -> None:
        if self._read is None or any(
            one.agenda == span.agenda and one.first <= span.first and span.last <= one.last for one in self._read.spans
        ):
            return
        if self._read.usual:
            raise NotRead(span)
        _must_be_read(False, str(span))

    def _lanes(self, agenda: int, day: date) -> Lanes:
        """The lanes as far as they are known: the day of a booking that is cancelled may not have been read."""
        lanes = self._days.get((agenda, day))
        if lanes is None:
            lanes = self._days[agenda, day] = Lanes(midnight(day, self.office.zone), self._busy_on(agenda, day))
        return lanes

    def active(self, sender: str) -> Sequence[Booking]:
        """The sender's active bookings; none for a caller without a phone."""
        if not sender:
            return ()
        _must_be_read(self._read is None or sender in self._read.senders, "the sender's bookings")
        return self._active.get(sender, ())

    def past(self, sender: str) -> Sequence[PastBooking]:
        """The sender's bookings that are over since midnight; none for a caller without a phone."""
        _must_be_read(self._read is None or not sender or sender in self._read.past_of, "the sender's past bookings")
        return [one for one in self._past if sender and one.booking.sender == sender]

    def with_code(self, code: str, day: date) -> Sequence[Booking]:
        """The bookings of that day with that code: one active or cancelled at most, and those moved."""
        _must_be_read(self._read is None or code in self._read.codes, "bookings with the code")
        return self._coded.get(day, {}).get(code, ())

    def codes(self, day: date) -> Container[str]:
        """The codes known to be taken on a day by bookings of any state."""
        return self._coded.get(day, {})

    def question_to(self, sender: str) -> Question | None:
        """The question a yes of this sender means now."""
        _must_be_read(self._read is None or not sender or sender in self._read.offers_to, "the offers to the sender")
        places = [Chosen(self.current(place), at) for place, at in self._chosen.get(sender, ())]
        return meant(self._questions.get(sender), places)

    def unfinished_of(self, sender: str) -> Question | None:
        """The last wish of this sender that lacks something."""
        _must_be_read(self._read is None or not sender or sender in self._read.offers_to, "the offers to the sender")
        return self._unfinished.get(sender)

    def answered(self, sender: str) -> Sequence[Answered]:
        """What a sender was answered lately, as far as the guards look, in order."""
        _must_be_read(self._read is None or sender in self._read.guarded, "the sender's history")
        return self._answered.get(sender, ())

    def silence(self, sender: str, now: Minute) -> Outcome | None:
        """What becomes of one more message of a sender that was sent very many replies, if it was."""
        _must_be_read(self._read is None or sender in self._read.paid_for, "the replies to the sender")
        return silence(self._answered.get(sender, ()), now, self._reply_limits)

    @property
    def queue(self) -> QueueSnapshot:
        """The live queue."""
        _must_be_read(self._read is None or self._read.queue, "the queue")
        return self._queue

    def add(self, booking: Booking) -> None:
        """Enter a new booking; one that is held is not among its sender's."""
        self.new.append(booking)
        self._do("take", booking)
        if booking.state == "booked":
            self._do("join", booking)
        self._coded.setdefault(booking.day, {}).setdefault(booking.code, []).append(booking)

    # docs/spec/messages.md §6.1: "how long a cancelled place stays taken before it is offered again"
    def undo(self, booking: Booking) -> None:
        """Take back a new booking, entered a moment ago, as if it had never been."""
        self.new.remove(booking)
        self._do("release", booking)
        self._do("leave", booking)
        self._coded[booking.day][booking.code].remove(booking)
        if not self._coded[booking.day][booking.code]:
            del self._coded[booking.day][booking.code]

    def cancel(self, booking: Booking) -> Booking:
        """Cancel an active booking; its place is free at once, or stays taken for the re-offer delay."""
        if not self.office.settings.reoffer_minutes:
            self._vacate(booking)
        closed = self._close(booking, "cancelled")
        if booking.state == "booked":  # a place that nobody confirmed was never this sender's
            self._past.append(PastBooking(closed, "cancelled"))
        return closed

    def current(self, booking: Booking) -> Booking:
        """Return a booking the store has as this batch has left it so far."""
        return next(one for one in self._coded[booking.day][booking.code] if one.id == booking.id)

    def confirm(self, booking: Booking) -> Booking:
        """Make a held booking its sender's; it keeps its place."""
        confirmed = self._close(booking, "booked")
        self._do("join", confirmed)
        return confirmed

    def move(self, booking: Booking, to: Booking) -> Booking:
        """Enter the booking that replaces an active one, whose place is free at once; gives what it replaced."""
        self._vacate(booking)
        self.add(to)
        return self._close(booking, "moved")

    # docs/spec/messages.md §6.6: "What is ignored does not count, so nobody who goes on writing is kept out for ever."
    def note(self, submission: Submission, outcome: Outcome) -> None:
        """Remember an answer, for the guards and for a yes to what it offers."""
        if submission.guarded and outcome.is_answered:
            known = kept_with(outcome) is not None
            answer = Answered(submission.sender, submission.text_key, outcome.outcome, begun(submission.came), known)
            self._answered.setdefault(submission.sender, []).append(answer)
        question = question_after(submission, outcome)
        if question and submission.sender:
            kept = self._unfinished if question.unfinished else self._questions
            kept[submission.sender] = question

    @property
    def freed(self) -> list[Freed]:
        """The offered starts that became free in this batch and still are, as far as the facts reach."""
        return list(
            dict.fromkeys(
                Freed(booking.agenda, booking.day, booking.start) for booking in self._vacated if self._is_free(booking)
            )
        )

    def _is_free(self, place: Booking) -> bool:
        agenda = self.office.agenda_of.get(place.agenda)
        offered = calendar.starts(self.office, agenda, place.day).places.get(place.at) if agenda else None
        return (
            offered is not None
            and place.end <= offered.stretch.closes
            and self._lanes(place.agenda, place.day).free_lane(place.start, place.end, offered.stretch.lanes)
            is not None
        )

    def _vacate(self, booking: Booking) -> None:
        self._do("release", booking)
        self._vacated.append(booking)

    def _close(self, booking: Booking, state: BookingState) -> Booking:
        closed = replace(booking, state=state)
        if booking.id is None:
            self.new[self.new.index(booking)] = closed
        else:
            # A place may be confirmed and cancelled in one batch: its last state is kept.
            self.changed = [*(one for one in self.changed if one.id != booking.id), closed]
        same_code = self._coded[booking.day][booking.code]
        same_code[same_code.index(booking)] = closed
        self._do("leave", booking)
        return closed

    def _do(self, what: Literal["take", "release", "join", "leave"], booking: Booking) -> None:
        step = Step(what, booking)
        self.steps.append(step)
        self.follow((step,))

    def follow(self, steps: Iterable[Step]) -> None:
        """Make the changes another ledger has noted."""
        for what, booking in steps:
            active = self._active.setdefault(booking.sender, [])
            match what:
                case "take":
                    self._lanes(booking.agenda, booking.day).take(booking.lane, booking.start, booking.end)
                case "release":
                    self._lanes(booking.agenda, booking.day).release(booking.lane, booking.start, booking.end)
                case "join":
                    active.append(booking)
                    active.sort(key=lambda one: (one.start, one.id is None, one.id or 0))  # as the store will read them
                case "leave" if booking in active:  # not, when another phone cancelled it
                    active.remove(booking)

    def _busy_on(self, agenda: int, day: date) -> Iterator[tuple[Minute, Minute, int]]:
        """The taken places of a day; a booking ends on the day it starts."""
        first, last = _whole(day, self.office)
        for place in range(bisect_left(self._busy, (agenda, first), key=itemgetter(0, 1)), len(self._busy)):
            of_agenda, start, end, mask = self._busy[place]
            if of_agenda != agenda or start >= last:
                return
            yield start, end, mask


def _whole(day: date, office: Office) -> tuple[Minute, Minute]:
    """When a day begins and ends."""
    return midnight(day, office.zone), midnight(day + timedelta(days=1), office.zone)


def _must_be_read(is_read: bool, what: str) -> None:
    if not is_read:
        raise AssertionError(f"{what}: not read; the request must say that it reads this")
