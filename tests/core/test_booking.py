from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.asks import Accept, Book, BookSoonest, Move
from prepazka.core.bookings import Booking
from prepazka.core.books import Books, Facts, Offered
from prepazka.core.clock import Minute, minute
from prepazka.core.codes import OutOfCodes
from prepazka.core.deciding import decide
from prepazka.core.office import Closure, Office
from prepazka.core.outcomes import (
    AlreadyBooked,
    Booked,
    Closed,
    ClosedDay,
    InPast,
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
    TooOld,
    UnknownBooking,
    UnknownService,
)
from tests.core.cases import (
    CODE,
    ME,
    MONDAY,
    NOW,
    OFFICE,
    OTHER,
    TUESDAY,
    at,
    booking,
    decided,
    facts,
    filled,
    full,
    outcome,
    request,
    with_settings,
)
from tests.offices import DOKLADY, PRAGUE

ZOP = OFFICE.service_of["ZOP"]
SATURDAY = date(2026, 8, 8)
FRIDAY = date(2026, 8, 7)
HOLIDAY = date(2026, 9, 28)
MONDAY_HOURS = ((time(8), time(11, 30)), (time(12, 30), time(17)))


def book(day: date = MONDAY, start: time = time(9), name: str = "NOVAK", persons: int = 1) -> Book:
    return Book("ZOP", day, start, name, persons)


def made(what: Outcome) -> Booking:
    assert isinstance(what, Booked | Moved)
    return what.booking


def test_a_booking_is_all_that_was_wished() -> None:
    what, books = decided(request(book(start=time(14), persons=2), text_key="obj zop"))
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
    assert (books.new, books.changed, books.freed) == ([expected], [], [])


@pytest.mark.parametrize(
    ("ask", "now", "expected"),
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
def test_why_a_start_cannot_be_had_by_anybody(ask: Book, now: datetime, expected: Outcome) -> None:
    assert outcome(request(ask, now=now)) == expected


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
    assert outcome(request(book(), now=now), office=with_settings(notice_minutes=notice)).outcome == name


# --- lanes ------------------------------------------------------------------------------------


def long_zop(minutes: int, lanes: int = 2) -> Office:
    """The demo office, but ZOP takes longer than the others of its agenda."""
    agenda = OFFICE.agendas[0]
    rules = tuple(replace(rule, hours=replace(rule.hours, lanes=lanes)) for rule in agenda.rules)
    services = (replace(ZOP, minutes=minutes), *OFFICE.services[1:])
    return replace(OFFICE, services=services, agendas=(replace(agenda, rules=rules), *OFFICE.agendas[1:]))


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


# --- full -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "ask", "offers"),
    [
        pytest.param(filled(MONDAY, time(9)), book(), "3.8. 8:45, 3.8. 9:15, 3.8. 8:30", id="nearest first"),
        pytest.param(
            filled(MONDAY, time(9), time(8, 45), time(9, 15)),
            book(),
            "3.8. 8:30, 3.8. 9:30, 3.8. 8:15",
            id="over those that are taken too",
        ),
        pytest.param(
            full(MONDAY), book(start=time(10)), "4.8. 10:00, 4.8. 9:45, 4.8. 10:15", id="another day, about that time"
        ),
        pytest.param(
            full(MONDAY)[:-4], book(), "3.8. 16:30, 3.8. 16:45, 4.8. 9:00", id="the same day first, however far"
        ),
        pytest.param(
            full(FRIDAY), book(FRIDAY, time(10)), "10.8. 10:00, 10.8. 9:45, 10.8. 10:15", id="over the weekend"
        ),
        pytest.param(
            filled(MONDAY, time(16, 30), time(16, 45)),
            book(start=time(16, 30), persons=2),
            "3.8. 16:00, 3.8. 15:45, 3.8. 15:30",
            id="two persons need two places in a row",
        ),
    ],
)
def test_offers_instead_of_a_taken_start(taken: list[Booking], ask: Book, offers: str) -> None:
    what = outcome(ask, *taken)
    assert isinstance(what, SlotFull)
    assert (what.service, what.day, what.at) == (ZOP, ask.day, ask.at)
    assert ", ".join(f"{offer.day:%-d.%-m.} {offer.at:%-H:%M}" for offer in what.offers) == offers
    assert {(o.service, o.name, o.persons, o.moving) for o in what.offers} == {("ZOP", "NOVAK", ask.persons, "")}


def test_nothing_gone_is_offered() -> None:
    what = outcome(request(book(), now=at(9)), *filled(MONDAY, time(9)))
    assert isinstance(what, SlotFull)
    assert [offer.at for offer in what.offers] == [time(9, 15), time(9, 30), time(9, 45)]


@pytest.mark.parametrize(
    "office",
    [
        pytest.param(with_settings(soonest_days=0), id="other days are not looked at"),
        pytest.param(with_settings(horizon_days=0), id="beyond the horizon"),
        pytest.param(replace(OFFICE, closures=(Closure(TUESDAY, HOLIDAY, "stěhování"),)), id="closed afterwards"),
    ],
)
def test_there_may_be_nothing_to_offer(office: Office) -> None:
    assert outcome(book(), *full(MONDAY), office=office) == SlotFull(ZOP, MONDAY, time(9), ())


# --- the same wish again ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        pytest.param("NOVAK", {}, "already_booked", id="the same"),
        pytest.param("Novák", {}, "already_booked", id="letter case and diacritics make no difference"),
        pytest.param("NOVAKOVA", {}, "booked", id="another name"),
        pytest.param("NOVAK", {"sender": OTHER}, "booked", id="another sender"),
        pytest.param("NOVAK", {"sender": ""}, "booked", id="no phone"),
        pytest.param("NOVAK", {"service": "POP"}, "booked", id="another service"),
        pytest.param("NOVAK", {"at": time(9, 15)}, "booked", id="another start"),
        pytest.param("NOVAK", {"day": TUESDAY}, "booked", id="another day"),
        pytest.param("NOVAK", {"state": "cancelled"}, "booked", id="cancelled meanwhile"),
    ],
)
def test_the_same_wish_again_gets_the_booking_there_is(name: str, changes: dict[str, object], expected: str) -> None:
    there = replace(booking(MONDAY, time(9), lane=1), **changes)  # type: ignore[arg-type]  # a table of any fields
    what = outcome(book(name=name), there)
    assert what.outcome == expected
    if expected == "already_booked":
        assert what == AlreadyBooked(there)


def test_a_caller_without_a_phone_may_book_the_same_for_two() -> None:
    there = booking(MONDAY, time(9), sender="")
    assert isinstance(outcome(request(book(), sender=""), there), Booked)


@pytest.mark.parametrize(
    ("ago", "changes", "expected"),
    [
        pytest.param(10, {}, "already_booked", id="within ten minutes"),
        pytest.param(11, {}, "booked", id="later it is a new wish"),
        pytest.param(10, {"text_key": "other"}, "booked", id="another text"),
        pytest.param(10, {"sender": OTHER}, "booked", id="another sender"),
        pytest.param(10, {"state": "cancelled"}, "booked", id="cancelled meanwhile"),
    ],
)
@pytest.mark.parametrize("ask", [book(TUESDAY), BookSoonest("POP", "NOVAK")], ids=["book", "soonest"])
def test_the_identical_text_again_is_a_repeat(
    ask: Book | BookSoonest, ago: int, changes: dict[str, object], expected: str
) -> None:
    there = booking(MONDAY, time(9), text_key="zitra 9:00", made_at=minute(NOW - timedelta(minutes=ago)))
    there = replace(there, **changes)  # type: ignore[arg-type]  # a table of any fields
    assert outcome(request(ask, text_key="zitra 9:00"), there).outcome == expected


def test_a_repeat_is_told_its_booking_before_anything_else() -> None:
    there = booking(MONDAY, time(9))
    office = with_settings(notice_minutes=600, open_per_sender=1, persons_at_most=1)
    assert outcome(request(book(persons=2), sent=NOW - timedelta(days=1)), there, office=office) == AlreadyBooked(there)


def test_a_booking_is_open_until_the_minute_it_starts() -> None:
    there = booking(MONDAY, time(9))
    assert outcome(request(book(), now=at(9)), there) == AlreadyBooked(there)


def test_a_booking_that_has_begun_is_no_longer_open() -> None:
    there = booking(MONDAY, time(9))
    assert outcome(request(book(), now=at(9, 1)), there) == InPast(MONDAY, time(9), 0)


# --- soonest ----------------------------------------------------------------------------------


def soonest(name: str = "NOVAK", persons: int = 1) -> BookSoonest:
    return BookSoonest("ZOP", name, persons)


@pytest.mark.parametrize(
    ("taken", "now", "notice", "found"),
    [
        pytest.param([], NOW, 0, at(8), id="today's first"),
        pytest.param([], at(8), 0, at(8), id="the start of this minute"),
        pytest.param([], at(8, 1), 0, at(8, 15), id="the next start"),
        pytest.param([], at(8), 31, at(8, 45), id="after the notice"),
        pytest.param([], at(17), 0, at(8, day=TUESDAY), id="tomorrow"),
        pytest.param(filled(MONDAY, time(8), time(8, 15)), NOW, 0, at(8, 30), id="over what is taken"),
        pytest.param([], at(15, day=FRIDAY), 0, at(8, day=date(2026, 8, 10)), id="over the weekend"),
    ],
)
def test_the_soonest_free_start(taken: list[Booking], now: datetime, notice: int, found: datetime) -> None:
    what = outcome(request(soonest(), now=now), *taken, office=with_settings(notice_minutes=notice))
    assert made(what).start == minute(found)


def test_two_persons_get_two_places_in_a_row() -> None:
    there = made(outcome(soonest(persons=2), *filled(MONDAY, time(8, 15))))
    assert (there.at, there.end - there.start) == (time(8, 30), 30)


WEEK = [MONDAY + timedelta(days=ahead) for ahead in (0, 1, 2, 3, 4)]


def test_the_seventh_day_is_looked_at_and_the_eighth_is_not() -> None:
    assert made(outcome(soonest(), *full(*WEEK))).day == MONDAY + timedelta(days=7)
    full_week = full(*WEEK, MONDAY + timedelta(days=7))
    assert outcome(soonest(), *full_week) == NoFreeSlot(ZOP, MONDAY, MONDAY + timedelta(days=7))


def test_soonest_never_looks_beyond_the_horizon() -> None:
    assert outcome(soonest(), *full(MONDAY), office=with_settings(horizon_days=0)) == NoFreeSlot(ZOP, MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        pytest.param("novák", {}, "already_booked", id="an open booking of that service under that name"),
        pytest.param("DVORAK", {}, "booked", id="another name"),
        pytest.param("NOVAK", {"service": "POP"}, "booked", id="another service"),
        pytest.param("NOVAK", {"sender": OTHER}, "booked", id="another sender"),
    ],
)
def test_soonest_again(name: str, changes: dict[str, object], expected: str) -> None:
    there = replace(booking(date(2026, 9, 14), time(9)), **changes)  # type: ignore[arg-type]  # a table of any fields
    assert outcome(soonest(name), there).outcome == expected


def test_soonest_of_no_service() -> None:
    assert outcome(BookSoonest("XYZ", "NOVAK")) == UnknownService("XYZ", ())


# --- codes ------------------------------------------------------------------------------------


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
    assert made(outcome(request(book(), codes=("111111", "222222")), *others)).code == code


def test_without_a_code_nothing_is_changed_and_others_may_be_drawn() -> None:
    mine, other = booking(TUESDAY, time(9), code="333333"), booking(MONDAY, time(10), sender=OTHER, code="333333")
    books = Books(OFFICE, facts([mine, other]))
    for ask in (book(), Move("333333", MONDAY, time(9))):
        with pytest.raises(OutOfCodes):
            decide(request(ask, codes=("333333",)), OFFICE, books)
    assert (books.new, books.changed) == ([], [])
    assert isinstance(decide(request(book(), codes=("444444",)), OFFICE, books), Booked)


# --- yes to an offer --------------------------------------------------------------------------

OFFERS = (Offer("ZOP", MONDAY, time(9, 15), "NOVAK", 2), Offer("POP", TUESDAY, time(8), "NOVAK"))


@pytest.mark.parametrize(
    ("choice", "ago", "expected"),
    [
        pytest.param(1, 0, ("ZOP", time(9, 15), 2), id="the first"),
        pytest.param(2, 15, ("POP", time(8), 1), id="the second, in the last minute"),
        pytest.param(2, 16, None, id="too late"),
        pytest.param(3, 0, None, id="no such offer"),
        pytest.param(0, 0, None, id="no number"),
        pytest.param(-1, 0, None, id="not from the end"),
    ],
)
def test_yes_books_an_offer_while_it_stands(choice: int, ago: int, expected: tuple[str, time, int] | None) -> None:
    offered = Offered(minute(NOW - timedelta(minutes=ago)), OFFERS)
    what = outcome(Accept(choice), offered={ME: offered, OTHER: Offered(minute(NOW), ())})
    if expected is None:
        assert what == NothingOffered()
    else:
        there = made(what)
        assert (there.service, there.at, there.persons) == expected


def test_yes_without_an_offer() -> None:
    assert outcome(Accept()) == NothingOffered()


def test_an_offer_may_have_been_taken_since() -> None:
    what = outcome(Accept(2), *filled(TUESDAY, time(8)), offered={ME: Offered(minute(NOW), OFFERS)})
    assert isinstance(what, SlotFull)


def test_an_offer_and_a_yes_in_one_batch() -> None:
    _, books = decided(book(), *filled(MONDAY, time(9)))
    assert made(decide(request(Accept()), OFFICE, books)).at == time(8, 45)


def test_yes_twice_is_one_booking_but_a_yes_to_a_new_offer_is_another() -> None:
    _, books = decided(request(book(), text_key="first"), *filled(MONDAY, time(9)))
    yes = request(Accept(), text_key="ano")
    first = made(decide(yes, OFFICE, books))
    assert decide(yes, OFFICE, books) == AlreadyBooked(first)
    decide(request(book(name="DVORAK"), text_key="second"), OFFICE, books)
    assert made(decide(replace(yes, codes=("222222",)), OFFICE, books)).name == "DVORAK"


# --- moving -----------------------------------------------------------------------------------


def moving(start: time = time(10), day: date = MONDAY, code: str = "111111") -> Move:
    return Move(code, day, start)


def test_a_moved_booking_leaves_its_place_and_keeps_all_else() -> None:
    there = booking(MONDAY, time(9), name="Dvořák", persons=2, end=minute(at(9, 30)))
    what, books = decided(request(moving(day=TUESDAY), text_key="presun"), there)
    new = made(what)
    assert what == Moved(new, there)
    assert (new.service, new.name, new.persons, new.sender, new.code) == ("ZOP", "Dvořák", 2, ME, "111111")
    assert (new.day, new.at, new.end - new.start, new.text_key) == (TUESDAY, time(10), 30, "presun")
    assert books.new == [new]
    assert books.changed == [replace(there, state="moved")]
    assert [(freed.day, freed.start) for freed in books.freed] == [(MONDAY, there.start)]


@pytest.mark.parametrize(
    ("day", "code"),
    [pytest.param(MONDAY, "111111", id="the same day"), pytest.param(TUESDAY, CODE, id="taken on the new day")],
)
def test_the_code_of_a_moved_booking(day: date, code: str) -> None:
    other = booking(TUESDAY, time(14), sender=OTHER)
    assert made(outcome(moving(day=day), booking(MONDAY, time(9)), other)).code == code


def test_a_moved_booking_is_not_in_its_own_way() -> None:
    office = long_zop(30, lanes=1)
    there = booking(MONDAY, time(9), office=office)
    assert made(outcome(moving(time(9, 15)), there, office=office)).lane == 0


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        pytest.param(moving(time(9, 15)), "slot_full", id="full"),
        pytest.param(moving(time(12)), "outside_hours", id="outside hours"),
        pytest.param(moving(time(9, 5)), "off_grid", id="off grid"),
        pytest.param(moving(day=SATURDAY), "closed_day", id="closed"),
        pytest.param(moving(day=date(2027, 1, 4)), "too_far", id="too far"),
        pytest.param(moving(time(6)), "in_past", id="in the past"),
        pytest.param(moving(time(9)), "already_booked", id="where it is"),
        pytest.param(moving(code="999999"), "unknown_booking", id="no such code"),
        pytest.param(moving(code="222222"), "unknown_booking", id="somebody else's code"),
    ],
)
def test_what_cannot_be_moved_stays(ask: Move, expected: str) -> None:
    there, strange = booking(MONDAY, time(9)), booking(MONDAY, time(14), sender=OTHER, code="222222")
    what, books = decided(ask, there, strange, *filled(MONDAY, time(9, 15)))
    assert what.outcome == expected
    assert (books.new, books.changed, books.freed) == ([], [], [])


def test_while_the_new_place_is_full_nobody_gets_the_old_one() -> None:
    there = booking(MONDAY, time(9))
    taken = [*filled(MONDAY, time(9, 15)), booking(MONDAY, time(9), lane=1, sender=OTHER)]
    what, books = decided(moving(time(9, 15)), there, *taken)
    assert isinstance(what, SlotFull)
    assert isinstance(decide(request(book(name="DVORAK"), sender=OTHER), OFFICE, books), SlotFull)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(MONDAY, "111111", id="the same day"),
        pytest.param(TUESDAY, CODE, id="another day, where nobody looked who has the old one"),
    ],
)
def test_the_code_of_a_booking_moved_by_a_yes(day: date, code: str) -> None:
    offer = Offer("ZOP", day, time(10), "NOVAK", moving="111111")
    books = Books(OFFICE, Facts(open=[booking(MONDAY, time(9))], offered={ME: Offered(minute(NOW), (offer,))}))
    moved = made(decide(request(Accept()), OFFICE, books))
    assert moved.code == code
    assert decide(request(Accept()), OFFICE, books) == AlreadyBooked(moved)


def test_an_offer_to_who_wants_to_move_moves() -> None:
    there = booking(MONDAY, time(9))
    what, books = decided(moving(time(10)), there, *filled(MONDAY, time(10)))
    assert isinstance(what, SlotFull)
    assert {offer.moving for offer in what.offers} == {"111111"}
    moved = decide(request(Accept()), OFFICE, books)
    assert moved == Moved(made(moved), there)
    assert made(moved).at == time(9, 45)


@pytest.mark.parametrize(
    ("now", "deadline", "expected"),
    [
        pytest.param(at(9), 0, "moved", id="in the minute of its start"),
        pytest.param(at(9, 1), 0, "too_late", id="begun"),
        pytest.param(at(8), 60, "moved", id="just before the deadline"),
        pytest.param(at(8, 1), 60, "too_late", id="after the deadline"),
    ],
)
def test_until_when_a_booking_may_be_moved(now: datetime, deadline: int, expected: str) -> None:
    there = booking(MONDAY, time(9))
    what = outcome(request(moving(), now=now), there, office=with_settings(cancel_until_minutes=deadline))
    assert what.outcome == expected
    if expected == "too_late":
        assert what == TooLate(there)


def test_the_same_move_again_gets_the_booking_there_is_even_under_its_new_code() -> None:
    other = booking(TUESDAY, time(14), sender=OTHER)
    ask = request(moving(day=TUESDAY), text_key="presun")
    what, books = decided(ask, booking(MONDAY, time(9)), other)
    assert decide(ask, OFFICE, books) == AlreadyBooked(made(what))


def test_a_caller_without_a_phone_has_no_booking_to_move() -> None:
    what = outcome(request(moving(), sender=""), booking(MONDAY, time(9), sender=""))
    assert what == UnknownBooking("111111", None)


# --- old messages -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
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
    ask: Book | BookSoonest | Move | Accept, hours: float, old: bool
) -> None:
    there = booking(MONDAY, time(14))
    late = request(ask, sent=NOW - timedelta(hours=hours))
    what, books = decided(late, there, offered={ME: Offered(minute(NOW), OFFERS)})
    assert (what == TooOld()) == old
    assert bool(books.new) != old


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
    skipped = outcome(request(book(sunday, time(2, 30)), now=eve), office=night)
    assert skipped == OffGrid(ZOP, sunday, time(2, 30), (time(1, 45), time(3)))
    long = made(outcome(request(book(sunday, time(1, 45), persons=2), now=eve), office=night))
    assert made(outcome(request(book(sunday, time(3)), now=eve, codes=("222222",)), long, office=night)).lane == 1
