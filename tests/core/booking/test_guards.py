from datetime import timedelta

import pytest

from prepazka.core.booking.book import Book, Move
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.decide import decide
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.ledger import Ledger
from prepazka.core.booking.misunderstandings import BadDate, Misunderstanding, NotUnderstood
from prepazka.core.booking.outcomes import Ignored, Outcome, UnknownBooking
from prepazka.core.booking.propose import Propose
from prepazka.core.booking.query import Help
from prepazka.core.booking.replies import Answered
from prepazka.core.booking.requests import Request
from prepazka.core.booking.snapshot import Snapshot
from prepazka.core.minutes import Minute, minute
from tests.core.booking.contexts import (
    ME,
    MONDAY,
    NOW,
    OFFICE,
    OTHER,
    TUESDAY,
    at,
    booking,
    outcome,
    submission,
    with_settings,
)

UNREAD = NotUnderstood("A", None)
DRAFT = Draft("book")


def ago(minutes: int) -> Minute:
    return Minute(minute(NOW) - minutes)


def answers(*minutes_ago: int, text: str = "help", of: str = "help", sender: str = ME) -> list[Answered]:
    return [Answered(sender, text, of, ago(minutes)) for minutes in sorted(minutes_ago, reverse=True)]


def guarded(asked: Request | Misunderstanding, *lately: Answered, text: str = "help") -> Outcome:
    return outcome(submission(asked, text_key=text, guarded=True), booking(MONDAY, at(9).time()), answered=lately)


@pytest.mark.parametrize(
    ("lately", "answered"),
    [
        pytest.param(answers(1, 2), True, id="the third"),
        pytest.param(answers(1, 2, 3), False, id="the fourth"),
        pytest.param(answers(1, 2, 59), False, id="within the hour"),
        pytest.param(answers(1, 2, 60), True, id="an hour later"),
        pytest.param(answers(1, 2, 3, text="pomoc"), True, id="other texts"),
        pytest.param(answers(1, 2, 3, sender=OTHER), True, id="another sender"),
    ],
)
def test_identical_messages_are_answered_three_times_an_hour(lately: list[Answered], answered: bool) -> None:
    assert (guarded(Help(), *lately) != Ignored("loop")) == answered


@pytest.mark.parametrize(
    ("asked", "lately", "answered"),
    [
        pytest.param(UNREAD, answers(1, 2, 3, 4, text="x", of="not_understood"), True, id="the fifth"),
        pytest.param(UNREAD, answers(*range(5), text="x", of="not_understood"), False, id="the sixth"),
        pytest.param(UNREAD, answers(1, 2, 3, 4, 60, text="x", of="not_understood"), True, id="an hour later"),
        pytest.param(UNREAD, answers(*range(5), text="x", of="bad_date"), True, id="other misunderstandings"),
        pytest.param(
            BadDate("31.2.", DRAFT), answers(*range(5), text="x", of="not_understood"), True, id="a better one"
        ),
        pytest.param(Help(), answers(*range(5), text="x", of="not_understood"), True, id="an understood one"),
    ],
)
def test_not_understood_is_answered_five_times_an_hour(
    asked: Request | Misunderstanding, lately: list[Answered], answered: bool
) -> None:
    assert (guarded(asked, *lately) != Ignored("loop")) == answered


def test_answers_of_one_batch_count_and_ignored_ones_do_not() -> None:
    ledger = Ledger(OFFICE, Snapshot())
    again = submission(Help(), text_key="help", guarded=True)
    outcomes = [decide(again, OFFICE, ledger).outcome for _ in range(5)]
    assert outcomes == ["help"] * 3 + ["ignored"] * 2
    assert len(ledger.answered(ME)) == 3


def test_where_an_answer_costs_nothing_there_is_no_loop() -> None:
    ledger = Ledger(OFFICE, Snapshot())
    assert {decide(submission(Help()), OFFICE, ledger).outcome for _ in range(10)} == {"help"}


@pytest.mark.parametrize(
    ("wrong", "silent"),
    [
        pytest.param((1, 2, 3, 4), False, id="four wrong codes"),
        pytest.param((1, 2, 3, 4, 5), True, id="five"),
        pytest.param((1, 2, 3, 4, 60), True, id="within an hour"),
        pytest.param((1, 2, 3, 4, 61), False, id="not within an hour"),
        pytest.param((59, 70, 80, 90, 118), True, id="silence lasts an hour from the last"),
        pytest.param((60, 70, 80, 90, 118), False, id="and no longer"),
        pytest.param((1, 70, 80, 90, 100, 110), False, id="one after the silence begins anew"),
    ],
)
@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(Cancel("999999", MONDAY), id="cancel"),
        pytest.param(Cancel("222222", MONDAY), id="cancel somebody else's by a right code"),
        pytest.param(Move("999999", TUESDAY, at(9).time()), id="move"),
    ],
)
def test_five_wrong_codes_within_an_hour_are_followed_by_an_hour_of_silence(
    asked: Request, wrong: tuple[int, ...], silent: bool
) -> None:
    theirs = booking(MONDAY, at(10).time(), sender=OTHER, code="222222")
    lately = answers(*wrong, text="x", of="unknown_booking")
    what = outcome(submission(asked, text_key="y", guarded=True), theirs, answered=lately)
    assert (what == Ignored("silenced")) == silent


def test_the_phone_that_booked_can_always_cancel_and_move() -> None:
    lately = answers(1, 2, 3, 4, 5, text="x", of="unknown_booking")
    assert guarded(Cancel("111111", MONDAY), *lately).outcome == "cancelled"
    assert guarded(Move("111111", TUESDAY, at(9).time()), *lately).outcome == "moved"


def test_a_wrong_date_with_ones_own_code_is_no_guess() -> None:
    ledger = Ledger(OFFICE, Snapshot(open=[booking(MONDAY, at(9).time())], coded=[booking(MONDAY, at(9).time())]))
    wrong = [submission(Cancel("111111", TUESDAY), text_key=str(n), guarded=True) for n in range(9)]
    assert {decide(one, OFFICE, ledger).outcome for one in wrong} == {"unknown_booking"}
    assert decide(submission(Cancel("999999", TUESDAY), guarded=True), OFFICE, ledger).outcome == "unknown_booking"


def test_the_last_wrong_code_before_the_silence_says_so() -> None:
    ledger = Ledger(OFFICE, Snapshot())
    wrong = [submission(Cancel(f"99999{n}", MONDAY), text_key=str(n), guarded=True) for n in range(6)]
    told = [decide(one, OFFICE, ledger) for one in wrong]
    assert [one.last for one in told[:5] if isinstance(one, UnknownBooking)] == [False] * 4 + [True]
    assert told[5] == Ignored("silenced")


def test_a_repeated_proposal_counts_as_not_understood() -> None:
    proposal = Propose((Book("ZOP", MONDAY, at(11).time(), "SVOBODA"),))
    lately = [*answers(1, 2, 3, text="x", of="not_understood"), *answers(4, 5, text="y", of="proposed")]
    assert guarded(proposal, *lately, text="y").outcome == "proposed"
    lately = [*answers(1, 2, 3, 6, text="x", of="not_understood"), *answers(4, 5, text="y", of="proposed")]
    assert guarded(proposal, *lately, text="y") == Ignored("loop")
    assert guarded(proposal, *lately, text="z").outcome == "proposed"


def test_all_but_cancelling_and_moving_is_answered_in_the_silence() -> None:
    lately = answers(1, 2, 3, 4, 5, text="x", of="unknown_booking")
    assert guarded(Help(), *lately).outcome == "help"


def test_somebody_elses_wrong_codes_silence_nobody() -> None:
    lately = answers(1, 2, 3, 4, 5, text="x", of="unknown_booking", sender=OTHER)
    assert guarded(Cancel("111111", MONDAY), *lately).outcome == "cancelled"


def test_an_office_may_allow_fewer_wrong_codes() -> None:
    office = with_settings(wrong_codes_per_hour=1)
    ledger = Ledger(office, Snapshot())
    guess = [submission(Cancel(code, MONDAY), text_key=code, guarded=True) for code in ("111111", "222222")]
    assert [decide(one, office, ledger).outcome for one in guess] == ["unknown_booking", "ignored"]


@pytest.mark.parametrize(
    ("mute", "own", "why"),
    [
        pytest.param(True, False, "sender", id="nobody could be answered"),
        pytest.param(False, True, "own_number", id="the office's own number"),
        pytest.param(True, True, "own_number", id="both"),
    ],
)
def test_nothing_happens_that_nobody_can_be_told_of(mute: bool, own: bool, why: str) -> None:
    ledger = Ledger(OFFICE, Snapshot(coded=[booking(MONDAY, at(9).time())]))
    what = decide(submission(Cancel("111111", MONDAY), mute=mute, own_number=own), OFFICE, ledger)
    assert isinstance(what, Ignored)
    assert what.why == why
    assert ledger.changed == []


def test_the_hour_begins_with_the_answer() -> None:
    ledger = Ledger(OFFICE, Snapshot())
    for minutes, expected in ((0, "help"), (10, "help"), (20, "help"), (59, "ignored"), (60, "help"), (69, "ignored")):
        again = submission(Help(), text_key="help", guarded=True, now=NOW + timedelta(minutes=minutes))
        assert decide(again, OFFICE, ledger).outcome == expected
