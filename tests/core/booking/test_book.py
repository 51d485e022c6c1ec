from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import OutOfCodes
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger
from prepazka.core.booking.misunderstandings import UnknownService
from prepazka.core.booking.outcomes import (
    Booked,
    ClosedDay,
    InPast,
    NoFreeSlot,
    OffGrid,
    Outcome,
    OutsideHours,
    TooFar,
    TooOld,
)
from prepazka.core.booking.questions import Question
from prepazka.core.minutes import Minute, minute
from prepazka.core.office.office import Office
from prepazka.core.office.plan import Closed
from tests.core.booking.contexts import (
    CODE,
    FRIDAY,
    ME,
    MONDAY,
    NOW,
    OFFERS,
    OFFICE,
    OTHER,
    SATURDAY,
    TUESDAY,
    ZOP,
    at,
    book,
    booking,
    decided,
    facts,
    long_zop,
    made,
    moving,
    outcome,
    soonest,
    submission,
    with_settings,
)
from tests.offices import DOKLADY, PRAGUE

HOLIDAY = date(2026, 9, 28)
MONDAY_HOURS = ((time(8), time(11, 30)), (time(12, 30), time(17)))


def test_a_booking_is_all_that_was_wished() -> None:
    what, ledger = decided(submission(book(start=time(14), persons=2), text_key="obj zop"))
    start = minute(at(14))
    expected = Booking(
        id=None,
        service="ZOP",
        agenda=DOKLADY,
        lane=0,
        start=start,
        end=Minute(start + 30),
        day=MONDAY,
        at=time(14),
        name="NOVAK",
        persons=2,
        sender=ME,
        code=CODE,
        state="booked",
        text_key="obj zop",
        made_at=minute(NOW),
    )
    assert what == Booked(expected)
    assert (ledger.new, ledger.changed, ledger.freed) == ([expected], [], [])


@pytest.mark.parametrize(
    ("asked", "now", "expected"),
    [
        pytest.param(
            book(MONDAY - timedelta(days=1)),
            NOW,
            InPast(MONDAY - timedelta(days=1), time(9), 0),
            id="yesterday, a Sunday",
        ),
        pytest.param(book(), at(9, 1), InPast(MONDAY, time(9), 0), id="a minute ago"),
        pytest.param(book(start=time(6)), NOW, InPast(MONDAY, time(6), 0), id="today before opening"),
        pytest.param(
            book(SATURDAY), at(10, day=SATURDAY), InPast(SATURDAY, time(9), 0), id="this morning, though closed"
        ),
        pytest.param(book(date(2026, 10, 3)), NOW, TooFar(date(2026, 10, 3), date(2026, 10, 2)), id="a day too far"),
        pytest.param(book(date.max), NOW, TooFar(date.max, date(2026, 10, 2)), id="the last day there is"),
        pytest.param(
            book(date.max),
            at(9, day=date(2026, 8, 5)),
            TooFar(date.max, date(2026, 10, 2)),
            id="the horizon ends on a Sunday",
        ),
        pytest.param(
            book(SATURDAY), NOW, ClosedDay(ZOP, SATURDAY, Closed("weekend"), date(2026, 8, 10)), id="a Saturday"
        ),
        pytest.param(
            book(HOLIDAY),
            NOW,
            ClosedDay(ZOP, HOLIDAY, Closed("holiday", "Den české státnosti"), date(2026, 9, 29)),
            id="a holiday",
        ),
        pytest.param(
            book(FRIDAY, time(14, 30)),
            NOW,
            OutsideHours(ZOP, FRIDAY, time(14, 30), ((time(8), time(14, 30)),)),
            id="closing is outside",
        ),
        pytest.param(
            book(start=time(7, 45)), NOW, OutsideHours(ZOP, MONDAY, time(7, 45), MONDAY_HOURS), id="too early"
        ),
        pytest.param(book(start=time(12)), NOW, OutsideHours(ZOP, MONDAY, time(12), MONDAY_HOURS), id="at lunch"),
        pytest.param(
            book(start=time(9, 10)), NOW, OffGrid(ZOP, MONDAY, time(9, 10), (time(9), time(9, 15))), id="between starts"
        ),
        pytest.param(
            book(start=time(16, 50)),
            NOW,
            OffGrid(ZOP, MONDAY, time(16, 50), (time(16, 45),)),
            id="after the last start",
        ),
        pytest.param(
            book(start=time(9, 10)),
            at(9, 5),
            OffGrid(ZOP, MONDAY, time(9, 10), (time(9, 15),)),
            id="one beside is gone",
        ),
        pytest.param(book(start=time(16, 50)), at(16, 48), NoFreeSlot(ZOP, MONDAY, MONDAY), id="both beside are gone"),
        pytest.param(
            book(start=time(11, 15), persons=2),
            NOW,
            OffGrid(ZOP, MONDAY, time(11, 15), (time(11), time(12, 30))),
            id="two persons would run into lunch",
        ),
        pytest.param(Book("XYZ", MONDAY, time(9), "NOVAK"), NOW, UnknownService("XYZ", ()), id="no such service"),
    ],
)
def test_why_a_start_cannot_be_had_by_anybody(asked: Book, now: datetime, expected: Outcome) -> None:
    assert outcome(submission(asked, now=now)) == expected


def test_on_the_last_day_of_the_horizon_one_may_still_book() -> None:
    assert isinstance(outcome(book(date(2026, 10, 2))), Booked)


@pytest.mark.parametrize(
    ("now", "notice", "name"),
    [
        pytest.param(at(9), 0, "booked", id="the very minute of the start"),
        pytest.param(at(9).replace(second=1), 0, "in_past", id="a second later"),
        pytest.param(at(8), 60, "booked", id="just the notice before"),
        pytest.param(at(8, 1), 60, "in_past", id="inside the notice"),
    ],
)
def test_until_when_a_start_can_be_booked(now: datetime, notice: int, name: str) -> None:
    assert outcome(submission(book(), now=now), office=with_settings(notice_minutes=notice)).outcome == name


@pytest.mark.parametrize(
    ("office", "taken", "lane"),
    [
        pytest.param(OFFICE, [], 0, id="the lowest lane"),
        pytest.param(OFFICE, [(time(9), 0)], 1, id="the next"),
        pytest.param(OFFICE, [(time(9), 1)], 0, id="the lowest again, once free"),
        pytest.param(OFFICE, [(time(9), 0), (time(9), 1)], None, id="none"),
        pytest.param(long_zop(30), [(time(9, 15), 0)], 1, id="busy in the middle"),
        pytest.param(long_zop(30), [(time(8, 45), 0), (time(9, 30), 1)], 0, id="neighbours do not touch"),
        pytest.param(long_zop(30), [(time(9), 0), (time(9, 15), 1)], None, id="no lane is free all the time"),
        pytest.param(OFFICE, [(time(9), 5)], 0, id="a lane from before hours were reduced counts"),
        pytest.param(OFFICE, [(time(9), 4), (time(9), 5)], None, id="and two of them fill the agenda"),
        pytest.param(long_zop(15, lanes=1), [(time(9), 1)], None, id="one lane left, the other still busy"),
    ],
)
def test_which_lane_a_booking_takes(office: Office, taken: list[tuple[time, int]], lane: int | None) -> None:
    others = [booking(MONDAY, start, "POP", lane=busy, sender=OTHER) for start, busy in taken]
    what = outcome(book(), *others, office=office)
    assert (what.booking.lane if isinstance(what, Booked) else None) == lane


def test_another_agenda_takes_no_lane() -> None:
    others = [booking(MONDAY, time(9), "PTP", lane=lane, sender=OTHER) for lane in (0, 1)]
    assert made(outcome(book(), *others)).lane == 0


@pytest.mark.parametrize(
    ("there", "code"),
    [
        pytest.param([], "111111", id="the first drawn"),
        pytest.param([("booked", MONDAY)], "222222", id="taken on that day"),
        pytest.param([("cancelled", MONDAY)], "222222", id="a cancelled booking keeps its code"),
        pytest.param([("moved", MONDAY)], "222222", id="a moved one too"),
        pytest.param([("booked", TUESDAY)], "111111", id="taken on another day"),
    ],
)
def test_the_code_is_the_first_drawn_that_nobody_has_on_that_day(there: list[tuple[str, date]], code: str) -> None:
    others = [booking(day, time(12, 30), sender=OTHER, code="111111", state=state) for state, day in there]
    assert made(outcome(submission(book(), codes=("111111", "222222")), *others)).code == code


def test_without_a_code_nothing_is_changed_and_others_may_be_drawn() -> None:
    mine, other = booking(TUESDAY, time(9), code="333333"), booking(MONDAY, time(10), sender=OTHER, code="333333")
    ledger = Ledger(OFFICE, facts([mine, other]))
    for asked in (book(), Move("333333", MONDAY, time(9))):
        with pytest.raises(OutOfCodes):
            decide(submission(asked, codes=("333333",)), OFFICE, ledger)
    assert (ledger.new, ledger.changed) == ([], [])
    assert isinstance(decide(submission(book(), codes=("444444",)), OFFICE, ledger), Booked)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(book(), id="book"),
        pytest.param(soonest("DVORAK"), id="soonest"),
        pytest.param(moving(), id="move"),
        pytest.param(Accept(), id="yes"),
    ],
)
@pytest.mark.parametrize(
    ("hours", "old"), [pytest.param(12, False, id="just in time"), pytest.param(12.1, True, id="too old")]
)
def test_nothing_new_is_promised_to_an_old_message(
    asked: Book | BookSoonest | Move | Accept, hours: float, old: bool
) -> None:
    there = booking(MONDAY, time(14))
    late = submission(asked, sent=NOW - timedelta(hours=hours))
    what, ledger = decided(late, there, questions={ME: Question(NOW, "offered", OFFERS)})
    assert (what == TooOld()) == old
    assert bool(ledger.new) != old


def test_a_night_office_books_the_hour_that_comes_once() -> None:
    sunday = date(2026, 3, 29)
    night = replace(
        OFFICE,
        agendas=tuple(
            replace(
                agenda,
                rules=tuple(
                    replace(r, weekday=6, hours=replace(r.hours, opens=time(1), breaks=())) for r in agenda.rules[:1]
                ),
            )
            for agenda in OFFICE.agendas
        ),
    )
    eve = datetime(2026, 3, 28, 12, tzinfo=PRAGUE)
    skipped = outcome(submission(book(sunday, time(2, 30)), now=eve), office=night)
    assert skipped == OffGrid(ZOP, sunday, time(2, 30), (time(1, 45), time(3)))
    long = made(outcome(submission(book(sunday, time(1, 45), persons=2), now=eve), office=night))
    assert made(outcome(submission(book(sunday, time(3)), now=eve, codes=("222222",)), long, office=night)).lane == 1
