from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.misunderstandings import Misunderstanding, NotUnderstood
from prepazka.core.booking.propose import Propose
from prepazka.core.booking.query import FreeTimes, Help, JoinWaitlist, ListServices, Mine
from prepazka.core.booking.readset import read_set
from prepazka.core.booking.reminders import ResumeReminders, StopReminders
from prepazka.core.booking.requests import Request
from prepazka.core.booking.snapshot import NotRead, ReadSet, Snapshot, Span
from prepazka.core.minutes import Minute, minute
from tests.core.booking.contexts import CODE, ME, MONDAY, NOW, OFFICE, OTHER, submission, with_settings
from tests.offices import DOKLADY, EVIDENCE, PRAGUE

AT = time(9)


def midnight(day: date) -> Minute:
    return minute(datetime.combine(day, time(), tzinfo=PRAGUE))


def days(agenda: int, first: int, last: int) -> Span:
    """A span of days, both included, counted from this Monday."""
    return Span(agenda, midnight(MONDAY + timedelta(days=first)), midnight(MONDAY + timedelta(days=last + 1)))


def ahead(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("asked", "spans"),
    [
        pytest.param(Book("ZOP", ahead(3), AT, "N"), [days(DOKLADY, 3, 10)], id="a day and those offered instead"),
        pytest.param(Book("ZOP", ahead(58), AT, "N"), [days(DOKLADY, 58, 60)], id="up to the horizon"),
        pytest.param(Book("ZOP", ahead(61), AT, "N"), [], id="not beyond it"),
        pytest.param(Book("ZOP", date.max, AT, "N"), [], id="however far"),
        pytest.param(Book("ZOP", ahead(-1), AT, "N"), [], id="nor the past"),
        pytest.param(Book("XYZ", ahead(3), AT, "N"), [], id="of no service"),
        pytest.param(BookSoonest("PTP", "N"), [days(EVIDENCE, 0, 7)], id="soonest"),
        pytest.param(FreeTimes("PTP", ahead(2)), [days(EVIDENCE, 2, 2)], id="free times of a day"),
        pytest.param(JoinWaitlist("PTP", ahead(2)), [days(EVIDENCE, 2, 2)], id="a day to watch"),
        pytest.param(
            Move("1", ahead(2), AT), [days(DOKLADY, 2, 9), days(EVIDENCE, 2, 9)], id="a move, whatever is moved"
        ),
        pytest.param(Accept(), [days(DOKLADY, 0, 60), days(EVIDENCE, 0, 60)], id="a yes, whatever was offered"),
        *(
            pytest.param(asked, [], id=type(asked).__name__)
            for asked in (
                Cancel("1", MONDAY),
                Mine(),
                ListServices(),
                StopReminders(),
                ResumeReminders(),
                NotUnderstood("", None),
            )
        ),
    ],
)
def test_the_days_whose_places_are_looked_at(asked: Request | Misunderstanding, spans: list[Span]) -> None:
    assert sorted(read_set([submission(asked)], OFFICE).spans, key=lambda span: span.agenda) == spans


def start(agenda: int, number: int, minutes: int) -> Span:
    """What a booking at AT holds."""
    begin = Minute(midnight(ahead(number)) + AT.hour * 60)
    return Span(agenda, begin, Minute(begin + minutes))


@pytest.mark.parametrize(
    ("asked", "spans"),
    [
        pytest.param(Book("ZOP", ahead(2), AT, "N"), [start(DOKLADY, 2, 15)], id="a place, before others are offered"),
        pytest.param(Book("ZOP", ahead(2), AT, "N", 3), [start(DOKLADY, 2, 45)], id="of several persons"),
        pytest.param(Book("ZOP", ahead(59), AT, "N"), [start(DOKLADY, 59, 15)], id="up to the horizon"),
        pytest.param(Book("ZOP", ahead(61), AT, "N"), [], id="not beyond it"),
        pytest.param(Book("ZOP", date.max, AT, "N"), [], id="however far"),
        pytest.param(Book("ZOP", ahead(2), time(9, 1), "N"), [], id="no such start"),
        pytest.param(Book("XYZ", ahead(2), AT, "N"), [], id="of no service"),
        pytest.param(BookSoonest("PTP", "N"), [days(EVIDENCE, 0, 7)], id="soonest may be any"),
        pytest.param(FreeTimes("PTP", ahead(2)), [days(EVIDENCE, 2, 2)], id="free times of a day"),
        pytest.param(Move("1", ahead(2), AT), [], id="a move, before its service is known"),
        pytest.param(Accept(), [], id="a yes, before it is known to what"),
        pytest.param(
            Propose((Book("ZOP", ahead(2), AT, "N"), Book("PTP", ahead(7), AT, "N"))),
            [start(DOKLADY, 2, 15), start(EVIDENCE, 7, 15)],
            id="each of two readings",
        ),
        pytest.param(
            Propose((Book("ZOP", ahead(2), AT, "N"), BookSoonest("ZOP", "N"))),
            [days(DOKLADY, 0, 9)],
            id="one of which may be any",
        ),
        pytest.param(Mine(), [], id="none"),
    ],
)
def test_the_places_that_are_usually_enough(asked: Request, spans: list[Span]) -> None:
    found = read_set([submission(asked)], OFFICE, usual=True)
    assert sorted(found.spans, key=lambda span: span.agenda) == spans
    whole = read_set([submission(asked)], OFFICE)
    assert replace(found, spans=whole.spans, usual=False) == whole, "everything else is read as ever"


def test_a_day_that_was_missing_is_read_too() -> None:
    found = read_set([submission(Accept())], OFFICE, usual=True, missing=[days(EVIDENCE, 4, 4), days(DOKLADY, 5, 5)])
    assert set(found.spans) == {days(EVIDENCE, 4, 4), days(DOKLADY, 5, 5)}


def test_what_is_missing_is_told() -> None:
    """And once all was read that the request says it reads, a day outside of it is a mistake of ours."""
    asked = [submission(Book("ZOP", ahead(2), AT, "N"))]
    usual = Ledger(OFFICE, Snapshot(read=read_set(asked, OFFICE, usual=True)))
    _, first, last = start(DOKLADY, 2, 15)
    usual.lanes_between(DOKLADY, ahead(2), first, last)
    with pytest.raises(NotRead) as longer:
        usual.lanes_between(DOKLADY, ahead(2), first, Minute(last + 1))
    assert longer.value.span == start(DOKLADY, 2, 16)
    with pytest.raises(NotRead) as whole:
        usual.lanes(DOKLADY, ahead(2))
    assert whole.value.span == days(DOKLADY, 2, 2)
    with pytest.raises(NotRead):
        usual.lanes_between(EVIDENCE, ahead(2), first, last)
    with pytest.raises(AssertionError, match="not read"):
        Ledger(OFFICE, Snapshot(read=read_set(asked, OFFICE))).lanes(DOKLADY, ahead(11))


@pytest.mark.parametrize(
    ("asked", "spans"),
    [
        pytest.param([1, 2, 3], [days(DOKLADY, 1, 3)], id="days in a row"),
        pytest.param([9, 1], [days(DOKLADY, 1, 9)], id="days a week apart, in any order"),
        pytest.param([1, 20], [days(DOKLADY, 1, 1), days(DOKLADY, 20, 20)], id="days far apart"),
    ],
)
def test_near_days_are_read_at_once(asked: list[int], spans: list[Span]) -> None:
    submissions = [submission(FreeTimes("ZOP", ahead(number))) for number in asked]
    assert list(read_set(submissions, OFFICE).spans) == spans


def test_a_long_span_holds_the_short_ones_within() -> None:
    submissions = [
        submission(Accept()),
        submission(FreeTimes("ZOP", ahead(20))),
        submission(FreeTimes("PTP", ahead(1))),
    ]
    assert set(read_set(submissions, OFFICE).spans) == {days(DOKLADY, 0, 60), days(EVIDENCE, 0, 60)}


@pytest.mark.parametrize(
    ("asked", "of_sender", "codes", "offers"),
    [
        pytest.param(Book("ZOP", MONDAY, AT, "N"), True, {CODE}, False, id="book"),
        pytest.param(BookSoonest("ZOP", "N"), True, {CODE}, False, id="soonest"),
        pytest.param(Accept(), True, {CODE}, True, id="yes"),
        pytest.param(Move("777777", MONDAY, AT), True, {CODE, "777777"}, False, id="move"),
        pytest.param(Cancel("777777", MONDAY), True, {"777777"}, False, id="cancel"),
        pytest.param(Mine(), True, set(), False, id="mine"),
        pytest.param(FreeTimes("ZOP", MONDAY), False, set(), False, id="free times"),
        pytest.param(Help(), False, set(), False, id="help"),
    ],
)
def test_whose_bookings_and_which_codes_are_looked_at(
    asked: Request, of_sender: bool, codes: set[str], offers: bool
) -> None:
    found = read_set([submission(asked)], OFFICE)
    assert found.senders == ({ME} if of_sender else set())
    assert found.codes == codes
    assert found.offers_to == ({ME} if offers else set())


def test_a_caller_without_a_phone_has_nothing_to_look_up() -> None:
    asked = read_set([submission(Accept(), sender=""), submission(Mine(), sender="")], OFFICE)
    assert (asked.senders, asked.offers_to) == (frozenset(), frozenset())


def test_the_guards_look_two_hours_back_from_the_first_request() -> None:
    def help_at(minutes: int, **changes: object) -> Submission:
        return submission(Help(), now=NOW + timedelta(minutes=minutes), **changes)

    asked = read_set(
        [
            help_at(5, guarded=True, text_key="b", sender=OTHER),
            help_at(0, guarded=True, text_key="a"),
            help_at(0, text_key="c", sender="+420601000002"),
        ],
        OFFICE,
    )
    assert asked.guarded == {ME, OTHER}
    assert asked.text_keys == {"a", "b"}
    assert asked.history_since == minute(NOW) - 120
    assert read_set([help_at(0)], OFFICE).history_since is None


@pytest.mark.parametrize(("delay", "since"), [(0, None), (30, minute(NOW) - 30)])
def test_places_given_back_lately_count_within_the_reoffer_delay(delay: int, since: int | None) -> None:
    assert read_set([submission(Help())], with_settings(reoffer_minutes=delay)).freed_since == since


def test_nothing_is_needed_for_nothing() -> None:
    assert read_set([], OFFICE) == ReadSet()
