from datetime import time, timedelta

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.decide import decide
from prepazka.core.booking.outcomes import AlreadyBooked, NothingOffered, SlotFull
from prepazka.core.booking.questions import Question
from tests.core.booking.contexts import (
    ME,
    MONDAY,
    NOW,
    OFFERS,
    OFFICE,
    OTHER,
    TUESDAY,
    book,
    decided,
    filled,
    made,
    outcome,
    submission,
)


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
    question = Question(NOW - timedelta(minutes=ago), "offered", OFFERS)
    what = outcome(Accept(choice), questions={ME: question, OTHER: Question(NOW, "offered", ())})
    if expected is None:
        assert what == NothingOffered(OFFERS if ago == 0 else ())
    else:
        there = made(what)
        assert (there.service, there.at, there.persons) == expected


def test_yes_without_an_offer() -> None:
    assert outcome(Accept()) == NothingOffered()


def test_an_offer_may_have_been_taken_since() -> None:
    what = outcome(Accept(2), *filled(TUESDAY, time(8)), questions={ME: Question(NOW, "offered", OFFERS)})
    assert isinstance(what, SlotFull)


def test_an_offer_and_a_yes_in_one_batch() -> None:
    _, ledger = decided(book(), *filled(MONDAY, time(9)))
    assert made(decide(submission(Accept()), OFFICE, ledger)).at == time(8, 45)


def test_yes_twice_is_one_booking_but_a_yes_to_a_new_offer_is_another() -> None:
    _, ledger = decided(submission(book(), text_key="first"), *filled(MONDAY, time(9)))
    yes = submission(Accept(), text_key="ano")
    first = made(decide(yes, OFFICE, ledger))
    assert decide(yes, OFFICE, ledger) == AlreadyBooked(first)
    decide(submission(book(name="DVORAK"), text_key="second"), OFFICE, ledger)
    assert made(decide(yes._replace(codes=("222222",)), OFFICE, ledger)).name == "DVORAK"
