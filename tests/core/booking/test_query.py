from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import (
    BadDate,
    BadTime,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Misunderstanding,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.outcomes import (
    ClosedDay,
    FreeTimesListed,
    HelpGiven,
    InPast,
    MineListed,
    NoFreeSlot,
    Outcome,
    RemindersResumed,
    RemindersStopped,
    ServicesListed,
    TooFar,
    TooOld,
    Watching,
)
from prepazka.core.booking.query import FreeTimes, Help, JoinWaitlist, ListServices, Mine
from prepazka.core.booking.reminders import ResumeReminders, StopReminders
from prepazka.core.booking.requests import Request
from prepazka.core.office.plan import Closed
from tests.core.booking.contexts import (
    ME,
    MONDAY,
    NOW,
    OFFICE,
    OTHER,
    TUESDAY,
    at,
    booking,
    decided,
    filled,
    full,
    outcome,
    submission,
)

ZOP = OFFICE.service_of["ZOP"]
FRIDAY, SATURDAY = date(2026, 8, 7), date(2026, 8, 8)

DRAFT = Draft("book", service="PTP")


def shown(what: Outcome) -> str:
    assert isinstance(what, FreeTimesListed)
    return " ".join(f"{start:%-H:%M}" for start in what.starts)


@pytest.mark.parametrize(
    ("taken", "asked", "now", "expected"),
    [
        pytest.param([], FreeTimes("ZOP", FRIDAY, time(13, 45)), NOW, "13:45 14:00 14:15", id="until closing"),
        pytest.param([], FreeTimes("ZOP", FRIDAY, time(13, 50)), NOW, "14:00 14:15", id="since, between starts"),
        pytest.param([], FreeTimes("ZOP", FRIDAY), at(14, 0, FRIDAY), "14:00 14:15", id="what is gone is not free"),
        pytest.param(
            filled(MONDAY, time(16, 30)), FreeTimes("ZOP", MONDAY, time(16)), NOW, "16:00 16:15 16:45", id="nor taken"
        ),
        pytest.param(
            filled(MONDAY, time(16, 30))[:1],
            FreeTimes("ZOP", MONDAY, time(16, 30)),
            NOW,
            "16:30 16:45",
            id="one lane of two is free",
        ),
        pytest.param(
            filled(MONDAY, time(16, 30)),
            FreeTimes("PTP", MONDAY, time(16, 30)),
            NOW,
            "16:30 16:45",
            id="another agenda is",
        ),
        pytest.param(
            [],
            FreeTimes("ZOP", MONDAY, time(11)),
            at(10),
            "11:00 11:15 "
            + " ".join(
                f"{hour}:{minutes:02}"
                for hour in range(12, 17)
                for minutes in (0, 15, 30, 45)
                if (hour, minutes) >= (12, 30)
            ),
            id="around lunch",
        ),
    ],
)
def test_free_times(taken: list[Booking], asked: FreeTimes, now: datetime, expected: str) -> None:
    assert shown(outcome(submission(asked, now=now), *taken)) == expected


def test_free_times_say_what_was_asked() -> None:
    what = outcome(FreeTimes("ZOP", FRIDAY, time(14, 15)))
    assert what == FreeTimesListed(ZOP, FRIDAY, (time(14, 15),), time(14, 15))


YESTERDAY = MONDAY - timedelta(days=1)
NOT_LISTED = [
    pytest.param(YESTERDAY, NOW, InPast(YESTERDAY, None, 0), id="yesterday"),
    pytest.param(date.max, NOW, TooFar(date.max, date(2026, 10, 2)), id="too far"),
    pytest.param(SATURDAY, NOW, ClosedDay(ZOP, SATURDAY, Closed("weekend"), date(2026, 8, 10)), id="closed"),
    pytest.param(FRIDAY, at(14, 16, FRIDAY), NoFreeSlot(ZOP, FRIDAY, FRIDAY), id="all gone"),
]


@pytest.mark.parametrize(("day", "now", "expected"), NOT_LISTED)
@pytest.mark.parametrize("asked", [FreeTimes, JoinWaitlist], ids=["free times", "watch"])
def test_a_day_without_free_times(
    asked: type[FreeTimes] | type[JoinWaitlist], day: date, now: datetime, expected: Outcome
) -> None:
    assert outcome(submission(asked("ZOP", day), now=now)) == expected


def test_a_full_day_and_a_rest_of_a_day_without_free_times() -> None:
    nothing = NoFreeSlot(ZOP, TUESDAY, TUESDAY)
    assert outcome(FreeTimes("ZOP", TUESDAY), *full(TUESDAY)) == nothing
    assert outcome(FreeTimes("ZOP", TUESDAY, time(15))) == nothing


@pytest.mark.parametrize("asked", [FreeTimes("XYZ", MONDAY), JoinWaitlist("XYZ", MONDAY)], ids=["free times", "watch"])
def test_a_service_that_is_not_known(asked: Request) -> None:
    assert outcome(asked) == UnknownService("XYZ", ())


def test_free_times_are_told_to_an_old_message_too() -> None:
    assert isinstance(outcome(submission(FreeTimes("ZOP", TUESDAY), sent=NOW - timedelta(days=1))), FreeTimesListed)


# --- watching ---------------------------------------------------------------------------------


def test_who_watches_a_full_day_will_be_told() -> None:
    assert outcome(JoinWaitlist("ZOP", TUESDAY), *full(TUESDAY)) == Watching(ZOP, TUESDAY)


def test_who_watches_a_day_that_is_not_full_is_told_now() -> None:
    what = outcome(JoinWaitlist("ZOP", TUESDAY), *full(TUESDAY)[2:])
    assert what == FreeTimesListed(ZOP, TUESDAY, (time(8),))


def test_an_old_message_watches_nothing() -> None:
    old = submission(JoinWaitlist("ZOP", TUESDAY), sent=NOW - timedelta(days=1))
    assert outcome(old, *full(TUESDAY)) == TooOld()


# --- one's own --------------------------------------------------------------------------------


def test_mine_are_my_open_bookings_in_order_of_time() -> None:
    late, soon = booking(TUESDAY, time(9)), booking(MONDAY, time(14), "PTP")
    others = [
        booking(MONDAY, time(7)),
        booking(MONDAY, time(10), state="cancelled"),
        booking(MONDAY, time(10), state="moved"),
        booking(MONDAY, time(10), sender=OTHER),
        booking(MONDAY, time(10), sender=""),
    ]
    assert outcome(Mine(), late, *others, soon) == MineListed((soon, late), (), NOW.date())


@pytest.mark.parametrize("sender", [ME, ""], ids=["no bookings", "no phone"])
def test_mine_may_be_none(sender: str) -> None:
    assert outcome(submission(Mine(), sender=sender), booking(MONDAY, time(9), sender="")) == MineListed(
        (), (), NOW.date()
    )


def test_a_booking_made_in_the_same_batch_is_mine() -> None:
    _, ledger = decided(submission(FreeTimes("ZOP", MONDAY)))
    made = replace(booking(MONDAY, time(9)), id=None)
    ledger.add(made)
    assert ledger.active(ME) == [made]


# --- what needs no books ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Help(), HelpGiven("ZOP", TUESDAY, time(8))),
        (ListServices(), ServicesListed(OFFICE.services)),
        (StopReminders(), RemindersStopped()),
        (ResumeReminders(), RemindersResumed()),
    ],
)
def test_simple_asks(asked: Request, expected: Outcome) -> None:
    assert outcome(asked) == expected


@pytest.mark.parametrize(
    "asked",
    [
        UnknownService("ZPO", ("ZOP",)),
        MissingName(DRAFT),
        MissingDate(DRAFT),
        MissingTime(DRAFT),
        MissingCode(Draft("cancel")),
        BadDate("31.2.", DRAFT),
        BadTime("25:00", DRAFT),
        NotUnderstood("AHOJ", None),
    ],
)
def test_a_misunderstanding_is_its_own_outcome(asked: Misunderstanding) -> None:
    assert outcome(asked) == asked
