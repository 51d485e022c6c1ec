from dataclasses import replace
from datetime import date, datetime, time

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Move
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger
from prepazka.core.booking.outcomes import AlreadyBooked, Moved, Offer, SlotFull, TooLate, UnknownBooking
from prepazka.core.booking.questions import Question
from prepazka.core.booking.snapshot import Snapshot
from prepazka.core.minutes import minute
from tests.core.booking.contexts import (
    CODE,
    ME,
    MONDAY,
    NOW,
    OFFICE,
    OTHER,
    SATURDAY,
    TUESDAY,
    at,
    book,
    booking,
    decided,
    filled,
    long_zop,
    made,
    moving,
    outcome,
    submission,
    with_settings,
)


def test_a_moved_booking_leaves_its_place_and_keeps_all_else() -> None:
    there = booking(MONDAY, time(9), name="Dvořák", persons=2, end=minute(at(9, 30)))
    what, ledger = decided(submission(moving(day=TUESDAY), text_key="presun"), there)
    new = made(what)
    assert what == Moved(new, there)
    assert (new.service, new.name, new.persons, new.sender, new.code) == ("ZOP", "Dvořák", 2, ME, "111111")
    assert (new.day, new.at, new.end - new.start, new.text_key) == (TUESDAY, time(10), 30, "presun")
    assert ledger.new == [new]
    assert ledger.changed == [replace(there, state="moved")]
    assert [(freed.day, freed.start) for freed in ledger.freed] == [(MONDAY, there.start)]


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
    ("asked", "expected"),
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
def test_what_cannot_be_moved_stays(asked: Move, expected: str) -> None:
    there, strange = booking(MONDAY, time(9)), booking(MONDAY, time(14), sender=OTHER, code="222222")
    what, ledger = decided(asked, there, strange, *filled(MONDAY, time(9, 15)))
    assert what.outcome == expected
    assert (ledger.new, ledger.changed, ledger.freed) == ([], [], [])


def test_while_the_new_place_is_full_nobody_gets_the_old_one() -> None:
    there = booking(MONDAY, time(9))
    taken = [*filled(MONDAY, time(9, 15)), booking(MONDAY, time(9), lane=1, sender=OTHER)]
    what, ledger = decided(moving(time(9, 15)), there, *taken)
    assert isinstance(what, SlotFull)
    assert isinstance(decide(submission(book(name="DVORAK"), sender=OTHER), OFFICE, ledger), SlotFull)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(MONDAY, "111111", id="the same day"),
        pytest.param(TUESDAY, CODE, id="another day, where nobody looked who has the old one"),
    ],
)
def test_the_code_of_a_booking_moved_by_a_yes(day: date, code: str) -> None:
    offer = Offer("ZOP", day, time(10), "NOVAK", moving="111111")
    ledger = Ledger(
        OFFICE, Snapshot(open=[booking(MONDAY, time(9))], questions={ME: Question(NOW, "offered", (offer,))})
    )
    moved = made(decide(submission(Accept()), OFFICE, ledger))
    assert moved.code == code
    assert decide(submission(Accept()), OFFICE, ledger) == AlreadyBooked(moved)


def test_an_offer_to_who_wants_to_move_moves() -> None:
    there = booking(MONDAY, time(9))
    what, ledger = decided(moving(time(10)), there, *filled(MONDAY, time(10)))
    assert isinstance(what, SlotFull)
    assert {offer.moving for offer in what.offers} == {"111111"}
    moved = decide(submission(Accept()), OFFICE, ledger)
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
    what = outcome(submission(moving(), now=now), there, office=with_settings(cancel_until_minutes=deadline))
    assert what.outcome == expected
    if expected == "too_late":
        assert what == TooLate(there)


def test_the_same_move_again_gets_the_booking_there_is_even_under_its_new_code() -> None:
    other = booking(TUESDAY, time(14), sender=OTHER)
    asked = submission(moving(day=TUESDAY), text_key="presun")
    what, ledger = decided(asked, booking(MONDAY, time(9)), other)
    assert decide(asked, OFFICE, ledger) == AlreadyBooked(made(what))


def test_a_caller_without_a_phone_has_no_booking_to_move() -> None:
    what = outcome(submission(moving(), sender=""), booking(MONDAY, time(9), sender=""))
    assert what == UnknownBooking("111111", None)
