from dataclasses import replace
from datetime import date, time

import pytest

from prepazka.core.booking.book import Book
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import SlotFull
from prepazka.core.office.office import Closure, Office
from tests.core.booking.contexts import (
    FRIDAY,
    MONDAY,
    OFFICE,
    TUESDAY,
    ZOP,
    at,
    book,
    filled,
    full,
    outcome,
    submission,
    with_settings,
)


@pytest.mark.parametrize(
    ("taken", "asked", "offers"),
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
def test_offers_instead_of_a_taken_start(taken: list[Booking], asked: Book, offers: str) -> None:
    what = outcome(asked, *taken)
    assert isinstance(what, SlotFull)
    assert (what.service, what.day, what.at) == (ZOP, asked.day, asked.at)
    assert ", ".join(f"{offer.day:%-d.%-m.} {offer.at:%-H:%M}" for offer in what.offers) == offers
    assert {(o.service, o.name, o.persons, o.moving) for o in what.offers} == {("ZOP", "NOVAK", asked.persons, "")}


def test_nothing_gone_is_offered() -> None:
    what = outcome(submission(book(), now=at(9)), *filled(MONDAY, time(9)))
    assert isinstance(what, SlotFull)
    assert [offer.at for offer in what.offers] == [time(9, 15), time(9, 30), time(9, 45)]


@pytest.mark.parametrize(
    "office",
    [
        pytest.param(with_settings(soonest_days=0), id="other days are not looked at"),
        pytest.param(with_settings(horizon_days=0), id="beyond the horizon"),
        pytest.param(
            replace(OFFICE, closures=(Closure(TUESDAY, date(2026, 9, 28), "stěhování"),)), id="closed afterwards"
        ),
    ],
)
def test_there_may_be_nothing_to_offer(office: Office) -> None:
    assert outcome(book(), *full(MONDAY), office=office) == SlotFull(ZOP, MONDAY, time(9), ())
