"""The same rules without cleverness, to hold the real ones against: a list of bookings, looked at minute by minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.booking import Booking, PastBooking
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.ledger import Submission
from prepazka.core.booking.misunderstandings import MissingTime
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    Booked,
    Cancelled,
    ClosedDay,
    FreeTimesListed,
    InPast,
    LimitReached,
    MineListed,
    Moved,
    NoFreeSlot,
    NothingOffered,
    Offer,
    OffGrid,
    Outcome,
    OutsideHours,
    SlotFull,
    TooFar,
    TooLate,
    UnknownBooking,
)
from prepazka.core.booking.query import FreeTimes, Mine
from prepazka.core.minutes import Minute, local, minute
from prepazka.core.office.office import Office, Service
from prepazka.core.office.plan import Closed
from tests.core.booking.small_office import PIECES, PRAGUE, is_open, moment, wall


def is_refused(outcome: Outcome) -> bool:
    if isinstance(outcome, SlotFull):
        return not outcome.offers
    return isinstance(outcome, OutsideHours | OffGrid | InPast | ClosedDay | TooFar | NoFreeSlot)


@dataclass
class Naive:
    """All bookings of the office, when they were cancelled, and the last offers to each sender, and the last list."""

    office: Office
    kept: list[Booking] = field(default_factory=list)
    cancelled_at: dict[tuple[date, str], Minute] = field(default_factory=dict)
    offered: dict[str, tuple[Minute, Sequence[Offer]]] = field(default_factory=dict)
    taken: dict[str, tuple[Minute, tuple[str, date]]] = field(default_factory=dict)
    asked: dict[str, datetime] = field(default_factory=dict)
    listed: dict[str, tuple[datetime, str, date]] = field(default_factory=dict)
    now: Minute = field(init=False)
    today: date = field(init=False)

    def decide(self, submission: Submission) -> Outcome:
        self.now, self.today = minute(submission.now), submission.now.astimezone(PRAGUE).date()
        asked = submission.request
        if isinstance(asked, Accept):
            if submission.sender in self.taken:  # the yes before, remembered as long as any question stands
                at, which = self.taken[submission.sender]
                if self.now - at <= 120:
                    for b in self.kept:
                        mine = (b.sender, b.state) == (submission.sender, "booked") and b.end + 15 > self.now
                        if mine and (b.code, b.day) == which:
                            return AlreadyBooked(b)
                    return NothingOffered()
                return self.of_list(submission.sender) or NothingOffered()
            at, offers = self.offered.get(submission.sender, (self.now, ()))
            if self.now - at > 15 or not offers:
                return self.of_list(submission.sender) or NothingOffered()
            choice = 1 if asked.choice is None else asked.choice
            if not 1 <= choice <= len(offers):
                return NothingOffered(tuple(offers))
            offer = offers[choice - 1]
            if offer.moving:
                asked = Move(offer.moving, offer.day, offer.at)
            else:
                asked = Book(offer.service, offer.day, offer.at, offer.name, offer.persons)
        outcome = self._decide(submission, asked)
        if isinstance(submission.request, Accept) and isinstance(asked, Book) and isinstance(outcome, InPast):
            # What was offered has begun while the question stood: other times, as when somebody else took it.
            outcome = self.full(asked) if asked.day == self.today else outcome
        if isinstance(outcome, SlotFull) and outcome.offers and submission.sender:
            self.offered[submission.sender] = self.now, outcome.offers
            self.asked[submission.sender] = submission.now
            self.taken.pop(submission.sender, None)
        if isinstance(submission.request, Accept) and isinstance(outcome, Booked | Moved):
            self.taken[submission.sender] = self.now, (outcome.booking.code, outcome.booking.day)
            self.asked[submission.sender] = submission.now
        if isinstance(outcome, FreeTimesListed):
            self.listed[submission.sender] = submission.now, outcome.service.code, outcome.day
        elif isinstance(submission.request, Book | BookSoonest | Move | FreeTimes) and is_refused(outcome):
            self.listed.pop(submission.sender, None)  # another wish is gone on with
        return outcome

    def of_list(self, sender: str) -> Outcome | None:
        """What a yes is asked for behind a list of free times: which of them is meant."""
        if not sender or sender not in self.listed:
            return None
        at, service, day = self.listed[sender]
        asked_since = sender in self.asked and self.asked[sender] >= at
        own = [b for b in self.kept if (b.sender, b.state) == (sender, "booked") and b.start >= self.now]
        if self.now - minute(at) > 15 or asked_since or any(b.made_at >= minute(at) for b in own):
            return None
        return InPast(day, None, 5) if day < self.today else MissingTime(Draft("book", service, day=day))

    def over_today(self, sender: str) -> tuple[PastBooking, ...]:
        """Nobody arrives at these offices: what is over was cancelled or missed."""
        found = []
        for b in self.kept:
            if b.sender == sender != "" and b.state == "cancelled":
                at = local(self.cancelled_at[b.day, b.code], PRAGUE)
                found += [PastBooking(b, "cancelled")] if at.date() == self.today else []
            elif b.sender == sender != "" and b.state == "booked" and b.day == self.today and b.start + 15 < self.now:
                found.append(PastBooking(b, "missed"))
        return tuple(sorted(found, key=lambda one: (one.booking.start, one.booking.code)))

    def _decide(self, submission: Submission, asked: object) -> Outcome:
        own = [b for b in self.kept if b.state == "booked" and b.sender == submission.sender != ""]
        mine = sorted(own, key=lambda b: b.start)  # the next one first, whichever was booked first
        still_open = [b for b in mine if b.start >= self.now]
        current = [b for b in mine if b.start + 15 >= self.now]
        match asked:
            case Book():
                return self.book(submission, asked, None, still_open, current)
            case BookSoonest():
                return self.soonest(submission, asked, still_open, current)
            case FreeTimes():
                return self.free_times(asked)
            case Mine():
                return MineListed(
                    tuple(sorted(current, key=lambda b: b.start)), self.over_today(submission.sender), self.today
                )
            case Cancel():
                states = {b.state: b for b in self.kept if b.code == asked.code and b.day == asked.day}
                if "booked" in states:
                    there = states["booked"]
                    return Cancelled(self.close(there, "cancelled")) if self.now + 20 <= there.start else TooLate(there)
                if "cancelled" in states:
                    return AlreadyCancelled(states["cancelled"])
                held = next((b for b in mine if b.code == asked.code and b.end + 15 > self.now), None)
                return UnknownBooking(asked.code, asked.day, held)
            case Move():
                own = sorted((b for b in mine if b.code == asked.code and b.end + 15 > self.now), key=lambda b: b.start)
                if not own:
                    again = self.same_text(submission, current)
                    return AlreadyBooked(again) if again else UnknownBooking(asked.code, None)
                if self.now + 20 > own[0].start:
                    return TooLate(own[0])
                wish = Book(own[0].service, asked.day, asked.at, own[0].name, own[0].persons)
                outcome = self.book(submission, wish, own[0], still_open, current)
                return Moved(outcome.booking, own[0]) if isinstance(outcome, Booked) else outcome
            case _:
                raise AssertionError(asked)

    def book(
        self,
        submission: Submission,
        wish: Book,
        moving: Booking | None,
        still_open: list[Booking],
        current: list[Booking],
    ) -> Outcome:
        service = self.office.service_of[wish.service]
        for b in current:
            if (b.service, b.day, b.at) == (wish.service, wish.day, wish.at) and same_name(b.name, wish.name):
                return AlreadyBooked(b)
        if again := self.same_text(submission, current):
            return AlreadyBooked(again)
        refused = self.not_offered(service, wish)
        if refused:
            return refused
        others = [b for b in still_open if b is not moving]
        if len(others) >= 4:
            return LimitReached(4, "sender")
        if sum(b.day == wish.day for b in others) >= 3:
            return LimitReached(3, "day")
        ignoring = [moving] if moving else []
        lane = self.lane(service, wish.day, wish.at, wish.persons, ignoring)
        if lane is None:
            return self.full(wish, moving.code if moving else "")
        return Booked(self.enter(submission, wish, lane, moving))

    def full(self, wish: Book, code: str = "") -> SlotFull:
        """What is told of a start that cannot be had; code: of the booking that would move."""
        service = self.office.service_of[wish.service]
        offers = list(self.nearest(service, wish))[:3]
        return SlotFull(
            service,
            wish.day,
            wish.at,
            tuple(Offer(wish.service, day, at, wish.name, wish.persons, code) for day, at in offers),
            wish.persons,
        )

    def soonest(
        self, submission: Submission, asked: BookSoonest, still_open: list[Booking], current: list[Booking]
    ) -> Outcome:
        service = self.office.service_of[asked.service]
        for b in current:
            if b.service == asked.service and same_name(b.name, asked.name):
                return AlreadyBooked(b)
        if again := self.same_text(submission, current):
            return AlreadyBooked(again)
        if len(still_open) >= 4:
            return LimitReached(4, "sender")
        limit: LimitReached | None = None
        for ahead in range(4):
            day = self.today + timedelta(days=ahead)
            free = self.free(service, day, asked.persons)
            if free and sum(b.day == day for b in still_open) >= 3:
                limit = LimitReached(3, "day")
            elif free:
                wish = Book(asked.service, day, free[0], asked.name, asked.persons)
                lane = self.lane(service, day, free[0], asked.persons, [])
                assert lane is not None
                return Booked(self.enter(submission, wish, lane, None))
            else:
                continue
        return limit or NoFreeSlot(service, self.today, self.today + timedelta(days=3), asked.persons)

    def free_times(self, asked: FreeTimes) -> Outcome:
        service = self.office.service_of[asked.service]
        if asked.day < self.today:
            return InPast(asked.day, None, 5)
        if asked.day > self.today + timedelta(days=6):
            return TooFar(asked.day, self.last_open())
        if asked.day.weekday() >= 5:
            return ClosedDay(service, asked.day, Closed("weekend"), self.next_open(asked.day))
        free = tuple(at for at in self.free(service, asked.day, 1) if asked.since is None or at >= asked.since)
        return (
            FreeTimesListed(service, asked.day, free, asked.since)
            if free
            else NoFreeSlot(service, asked.day, asked.day)
        )

    def not_offered(self, service: Service, wish: Book) -> Outcome | None:
        last = self.today + timedelta(days=6)
        if wish.day < self.today or (wish.day <= last and moment(wish.day, wish.at) < self.now + 5):
            return InPast(wish.day, wish.at, 5)
        if wish.day > last:
            return TooFar(wish.day, self.last_open())
        if wish.day.weekday() >= 5:
            return ClosedDay(service, wish.day, Closed("weekend"), self.next_open(wish.day), wish.persons)
        offered = self.offered_starts(service, wish.day, wish.persons)
        if wish.at in offered:
            return None
        at = wish.at.hour * 60 + wish.at.minute
        pieces = PIECES[service.agenda]
        if not any(since <= at < until for since, until, *_ in pieces) or not is_open(wish.day, at):
            return OutsideHours(service, wish.day, wish.at, self.hours(service, wish.day))
        to_come = [start for start in offered if moment(wish.day, start) >= self.now + 5]
        before = [start for start in to_come if start < wish.at]
        after = [start for start in to_come if start > wish.at]
        near = (*before[-1:], *after[:1])
        return (
            OffGrid(service, wish.day, wish.at, near) if near else NoFreeSlot(service, wish.day, wish.day, wish.persons)
        )

    def hours(self, service: Service, day: date) -> tuple[tuple[time, time], ...]:
        found = []
        for since, until, *_ in PIECES[service.agenda]:
            begun = None
            for at in range(since, until + 1):
                opened = at < until and is_open(day, at)
                if opened and begun is None:
                    begun = at
                if not opened and begun is not None:
                    found.append((wall(begun), wall(at)))
                    begun = None
        return tuple(found)

    def offered_starts(self, service: Service, day: date, persons: int) -> dict[time, int]:
        """Starts at which so many persons fit, with the lanes there are."""
        return {
            wall(at): lanes
            for since, until, lanes, step in PIECES[service.agenda]
            for at in range(since, until, step)
            if all(m < until and is_open(day, m) for m in range(at, at + persons * service.minutes))
        }

    def free(self, service: Service, day: date, persons: int) -> list[time]:
        return [
            at
            for at in self.offered_starts(service, day, persons)
            if moment(day, at) >= self.now + 5 and self.lane(service, day, at, persons, []) is not None
        ]

    def lane(self, service: Service, day: date, at: time, persons: int, ignoring: Sequence[Booking]) -> int | None:
        begin = moment(day, at)
        busy = {
            b.lane
            for m in range(begin, begin + persons * service.minutes)
            for b in self.kept
            if b.agenda == service.agenda and b.start <= m < b.end and self.holds(b) and b not in ignoring
        }
        if len(busy) >= self.offered_starts(service, day, persons)[at]:
            return None
        return min(lane for lane in range(10) if lane not in busy)

    def holds(self, b: Booking) -> bool:
        if b.state == "cancelled":
            return self.cancelled_at[b.day, b.code] > self.now - self.office.settings.reoffer_minutes
        return b.state == "booked"

    def nearest(self, service: Service, wish: Book) -> Iterator[tuple[date, time]]:
        def distance(at: time) -> int:
            return abs((at.hour - wish.at.hour) * 60 + at.minute - wish.at.minute)

        for ahead in range(4):
            day = wish.day + timedelta(days=ahead)
            if day <= self.today + timedelta(days=6):
                for at in sorted(self.free(service, day, wish.persons), key=lambda at: (distance(at), at)):
                    yield day, at

    def next_open(self, day: date) -> date | None:
        for ahead in range(1, 8):
            found = day + timedelta(days=ahead)
            if found.weekday() < 5 and found <= self.today + timedelta(days=6):
                return found
        return None

    def last_open(self) -> date:
        week = [self.today + timedelta(days=ahead) for ahead in range(7)]
        return max(day for day in week if day.weekday() < 5)

    def same_text(self, submission: Submission, still_open: list[Booking]) -> Booking | None:
        for b in still_open:
            if (
                not isinstance(submission.request, Accept)
                and b.text_key == submission.text_key
                and b.made_at >= self.now - 10
            ):
                return b
        return None

    def enter(self, submission: Submission, wish: Book, lane: int, moving: Booking | None) -> Booking:
        service = self.office.service_of[wish.service]
        taken = {b.code for b in self.kept if b.day == wish.day}
        if moving and moving.day == wish.day:
            taken.remove(moving.code)
        keeps = moving and (moving.day == wish.day or not isinstance(submission.request, Accept))
        candidates = [*([moving.code] if moving and keeps else []), *submission.codes]
        begin = moment(wish.day, wish.at)
        booking = Booking(
            id=None,
            service=wish.service,
            agenda=service.agenda,
            lane=lane,
            start=begin,
            end=Minute(begin + wish.persons * service.minutes),
            day=wish.day,
            at=wish.at,
            name=wish.name,
            persons=wish.persons,
            sender=submission.sender,
            code=next(code for code in candidates if code not in taken),
            state="booked",
            text_key=submission.text_key,
            made_at=self.now,
        )
        self.kept.append(booking)
        if moving:
            self.close(moving, "moved")
        return booking

    def close(self, booking: Booking, state: str) -> Booking:
        closed = replace(booking, state=state)  # type: ignore[arg-type]  # one of the states
        self.kept[self.kept.index(booking)] = closed
        if state == "cancelled":
            self.cancelled_at[booking.day, booking.code] = self.now
        return closed


def same_name(one: str, other: str) -> bool:
    return one.upper().replace("Á", "A") == other.upper().replace("Á", "A")
