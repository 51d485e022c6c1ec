import itertools
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.booking import Booking, PastBooking
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Step, Submission, question_after
from prepazka.core.booking.outcomes import Booked, FreeTimesListed, Outcome
from prepazka.core.booking.query import FreeTimes, Mine
from prepazka.core.booking.questions import Question
from prepazka.core.booking.readset import read_set
from prepazka.core.booking.requests import Request
from prepazka.core.booking.snapshot import NotRead, ReadSet, Snapshot, Span
from prepazka.core.minutes import Minute, local, minute
from prepazka.core.office.calendar import starts
from tests.core.booking.naive import Naive
from tests.core.booking.small_office import LONG, PIECES, PRAGUE, moment, office, wall

TODAY = date(2026, 8, 3)
BEGIN = datetime.combine(TODAY, time(6, 30), tzinfo=PRAGUE)
# Starts in two lanes; another lane was there before the hours were reduced.
CROWDED = [wall(at) for at in (480, 490, 500, 510, 530, 540, 550, 560)]
OLD_LANE = 2
SENDERS = ("+420777000001", "+420777000002", "+420777000003")
# Codes are drawn from few, so that they meet; the last one drawn is always new.
FEW_CODES = ("100800", "100001", "100002")

times = st.sampled_from(
    [wall(at) for at in (470, 480, 490, 500, 505, 510, 520, 530, 540, 550, 560, 570, 585, 600, 610)]
)
services = st.sampled_from(["TEN", "MORE", "OTHER"])
names = st.sampled_from(["NOVAK", "Novák", "DVORAK", "SVOBODA", "CERNY", "KRAL"])
senders = st.sampled_from(SENDERS)
persons = st.sampled_from([1, 1, 1, 2])
passing = st.sampled_from([0, 0, 1, 1, 9, 11, 16, 31, 60, 60 * 24])


def submissions(today: date, stored: list[Booking], offered: set[str]) -> st.SearchStrategy[tuple[Request, str]]:
    """What might be asked today, and by whom; many know what was booked and what was offered."""
    days = st.sampled_from([1] * 8 + [0, 0, 2, 2, 4, 5, 6, 7, -1]).map(lambda ahead: today + timedelta(days=ahead))
    known = st.sampled_from([(one.code, one.day, one.sender) for one in stored])
    booking = st.builds(Book, services, days, times, names, persons)
    anybodys = st.one_of(
        booking,
        booking,
        st.builds(BookSoonest, services, names, persons),
        st.builds(FreeTimes, services, days, st.none() | times),
        st.just(Cancel("999999", today)),
        st.just(Move("999999", today, time(9))),
        known.map(lambda one: Cancel(one[0], one[1])),
        st.builds(Accept, st.integers(1, 3)),
        st.just(Mine()),
    )
    return st.one_of(
        st.tuples(booking, st.just("")),
        st.tuples(anybodys, senders),
        st.builds(lambda one, day, at: (Move(one[0], day, at), one[2]), known, days, times),
        st.tuples(st.builds(Accept, st.integers(1, 3)), st.sampled_from(sorted(offered) or SENDERS)),
    )


def without_ids(value: Any) -> Any:
    """An outcome as if nothing had been stored."""
    if isinstance(value, Booking):
        return replace(value, id=None)
    if isinstance(value, PastBooking):
        return replace(value, booking=without_ids(value.booking))
    if isinstance(value, tuple):
        return tuple(without_ids(one) for one in value)
    if isinstance(value, Outcome | PastBooking):
        return replace(value, **{one.name: without_ids(getattr(value, one.name)) for one in fields(value)})
    return value


class DecidingIsTheNaiveRules(RuleBasedStateMachine):
    """Whatever is asked in whatever batches, everybody gets the naive rules' outcome, from no more than was needed."""

    @initialize(reoffer=st.sampled_from([0, 30]), free=st.sets(st.tuples(st.integers(0, 1), st.sampled_from(CROWDED))))
    def open_office(self, reoffer: int, free: set[tuple[int, time]]) -> None:
        """Tomorrow is nearly full, but for these places."""
        self.now = BEGIN
        self.drawn = 200_000
        self.naive = Naive(office(reoffer))
        self.stored: list[Booking] = []
        self.changed_at: dict[int | None, Minute] = {}
        self.offered: dict[str, Question] = {}
        self.unfinished: dict[str, Question] = {}
        there = [strangers(TODAY + timedelta(days=ahead), time(8, 50), OLD_LANE) for ahead in range(3)]
        for lane, at in itertools.product((0, 1), CROWDED):
            # The lane of old counts: of the others, one may be taken beside it.
            if (lane, at) not in free and (lane, at) != (1, time(8, 50)):
                there.append(strangers(TODAY + timedelta(days=1), at, lane))
        self.naive.kept.extend(there)
        self.keep(there, [])

    @rule(data=st.data(), size=st.integers(1, 12), minutes=passing)
    def anything(self, data: st.DataObject, size: int, minutes: int) -> None:
        asked = submissions(self.now.date(), self.stored, set(self.offered))
        self.decide([data.draw(asked) for _ in range(size)], data.draw(st.sampled_from(FEW_CODES)), minutes)

    @rule(sender=senders, service=services, at=st.sampled_from(CROWDED), choice=st.integers(1, 3), minutes=passing)
    def yes_to_what_is_offered(self, sender: str, service: str, at: time, choice: int, minutes: int) -> None:
        self.decide([(Book(service, TODAY + timedelta(days=1), at, "NOVAK"), sender)], FEW_CODES[0], 0)
        self.decide([(Accept(choice), sender), (Accept(choice), sender)], FEW_CODES[1], minutes)

    @rule(data=st.data(), sender=senders, day=st.integers(1, 4), at=times, choice=st.integers(1, 3))
    def move_or_take_what_is_offered(self, data: st.DataObject, sender: str, day: int, at: time, choice: int) -> None:
        own = [one for one in self.stored if one.sender == sender and one.state == "booked"]
        if not own:
            return
        there = data.draw(st.sampled_from(own))
        move = Move(there.code, TODAY + timedelta(days=day), at)
        left = Book(there.service, there.day, there.at, "KRAL")
        self.decide([(move, sender), (Accept(choice), sender), (left, ""), (left, "")], FEW_CODES[0], 0)

    @rule(sender=senders, service=services, names=st.lists(names, min_size=2, max_size=6))
    def more_and_more(self, sender: str, service: str, names: list[str]) -> None:
        self.decide([(BookSoonest(service, name), sender) for name in names], FEW_CODES[0], 1)

    @rule(data=st.data(), minutes=passing)
    def cancel(self, data: st.DataObject, minutes: int) -> None:
        there = data.draw(st.sampled_from(self.stored))
        again = Book(there.service, there.day, there.at, "DVORAK")
        self.decide([(Cancel(there.code, there.day), ""), (again, SENDERS[0])], there.code, 0)
        self.decide([(again, SENDERS[1])], there.code, minutes)

    @rule(service=services, ahead=st.integers(0, 6))
    def what_is_listed_as_free_can_be_booked_and_nothing_else(self, service: str, ahead: int) -> None:
        of = self.naive.office
        day = self.now.date() + timedelta(days=ahead)
        listed = self.alone(FreeTimes(service, day))
        free = listed.starts if isinstance(listed, FreeTimesListed) else ()
        agenda = of.agenda_of[of.service_of[service].agenda]
        for at in starts(of, agenda, day).places:
            assert isinstance(self.alone(Book(service, day, at, "NOVAK")), Booked) == (at in free)

    @invariant()
    def what_is_stored_is_what_the_naive_rules_keep(self) -> None:
        kept = sorted(map(repr, self.naive.kept))
        assert sorted(repr(without_ids(one)) for one in self.stored) == kept

    @invariant()
    def no_lane_is_taken_twice_and_never_more_than_there_are(self) -> None:
        taken: dict[tuple[int, Minute], list[int]] = {}
        for one in self.stored:
            if one.state == "booked":
                for at in range(one.start, one.end):
                    taken.setdefault((one.agenda, Minute(at)), []).append(one.lane)
        for (agenda, at), lanes in taken.items():
            shown = local(at, PRAGUE)
            there = [
                most for since, until, most, _ in PIECES[agenda] if since <= shown.hour * 60 + shown.minute < until
            ]
            assert len(lanes) == len(set(lanes)) <= there[0]

    @invariant()
    def a_code_and_a_date_name_one_booking(self) -> None:
        coded = [(one.code, one.day) for one in self.stored if one.state != "moved"]
        assert len(coded) == len(set(coded))

    def decide(self, asked: list[tuple[Request, str]], drawn: str, minutes: int) -> None:
        """One batch, after so many minutes; with the same code drawn for all, and a new one."""
        self.now += timedelta(minutes=minutes)
        self.drawn += len(asked)
        batch = [
            Submission(asked, self.now, sender, text_key=repr(asked), codes=(drawn, str(self.drawn - number)))
            for number, (asked, sender) in enumerate(asked)
        ]
        of = self.naive.office
        usual = self.decide_by_usual_days(batch[0]) if len(batch) == 1 else None
        ledger = Ledger(of, self.found(read_set(batch, of)))
        for submission in batch:
            expected = self.naive.decide(submission)
            decided = decide(submission, of, ledger)
            assert without_ids(decided) == expected
            assert usual is None or usual == (decided, ledger.new, ledger.changed, ledger.steps)
            question = question_after(submission, expected)
            if question and submission.sender:
                kept = self.unfinished if question.unfinished else self.offered
                kept[submission.sender] = question
        self.keep(ledger.new, ledger.changed)

    def decide_by_usual_days(self, submission: Submission) -> tuple[Outcome, list[Booking], list[Booking], list[Step]]:
        """What is decided by reading the days that are usually enough, and each that is missing, one after another."""
        of, missing = self.naive.office, list[Span]()
        while len(set(missing)) == len(missing):
            ledger = Ledger(of, self.found(read_set([submission], of, usual=True, missing=missing)))
            try:
                return decide(submission, of, ledger), ledger.new, ledger.changed, ledger.steps
            except NotRead as more:
                missing.append(more.span)
        raise AssertionError(f"read, and missing again: {missing[-1]}")

    def alone(self, asked: Request) -> Outcome:
        """What would come of an ask by somebody without a phone; nothing is kept of it."""
        submission = Submission(asked, self.now, "", codes=("999998",))
        of = self.naive.office
        return decide(submission, of, Ledger(of, self.found(read_set([submission], of))))

    def found(self, asked: ReadSet) -> Snapshot:
        """Just what was asked of the store; a sender's own bookings by their start, the rest in no order to rely on."""

        def holds(one: Booking) -> bool:
            if one.state == "cancelled":
                return asked.freed_since is not None and self.changed_at[one.id] > asked.freed_since
            return one.state == "booked"

        return Snapshot(
            read=asked,
            busy=[
                (one.agenda, one.start, one.end, 1 << one.lane)
                for one in self.stored
                if holds(one)
                and any(s.agenda == one.agenda and s.first < one.end and one.start < s.last for s in asked.spans)
            ],
            open=[
                one
                for one in sorted(self.stored, key=lambda one: (one.start, one.id))
                if one.state == "booked" and one.sender in asked.senders and one.end + 15 > minute(self.now)
            ],
            past=[over for one in self.stored if one.sender in asked.past_of and (over := self.over(one))],
            coded=[one for one in self.stored if one.code in asked.codes],
            questions={sender: offers for sender, offers in self.offered.items() if sender in asked.offers_to},
            unfinished={sender: wish for sender, wish in self.unfinished.items() if sender in asked.offers_to},
        )

    def over(self, one: Booking) -> PastBooking | None:
        """The booking as one that is over since midnight."""
        today = self.now.astimezone(PRAGUE).date()
        if one.state == "cancelled" and local(self.changed_at[one.id], PRAGUE).date() == today:
            return PastBooking(one, "cancelled")
        missed = one.state == "booked" and one.day == today and one.start + 15 < minute(self.now)
        return PastBooking(one, "missed") if missed else None

    def keep(self, new: list[Booking], changed: list[Booking]) -> None:
        for one in changed:
            [place] = [place for place, kept in enumerate(self.stored) if kept.id == one.id]
            self.stored[place] = one
        self.stored += [replace(one, id=len(self.stored) + number) for number, one in enumerate(new)]
        self.changed_at |= {one.id: minute(self.now) for one in changed}
        for one in self.stored:
            self.changed_at.setdefault(one.id, minute(self.now))


def strangers(day: date, at: time, lane: int) -> Booking:
    """A booking made by somebody else before all others."""
    begin = moment(day, at)
    return Booking(
        id=None,
        service="TEN",
        agenda=LONG,
        lane=lane,
        start=begin,
        end=Minute(begin + 10),
        day=day,
        at=at,
        name="STARY",
        persons=1,
        sender="+420777000009",
        code=f"1{lane}{at:%H%M}",
        state="booked",
        text_key="",
        made_at=minute(BEGIN),
    )


TestDecidingIsTheNaiveRules = DecidingIsTheNaiveRules.TestCase
TestDecidingIsTheNaiveRules.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
