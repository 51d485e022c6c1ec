"""How many replies a number gets, and that the silence is told once (docs/spec/safety.md §2.6)."""

import pytest

from prepazka.core.booking.outcomes import HelpGiven, Ignored, Outcome, TooManyThisHour, TooManyToday
from prepazka.core.booking.replies import Replied, ReplyLimits, silence

LIMITS = ReplyLimits(an_hour=4, a_day=9)


@pytest.mark.parametrize(
    ("replied", "outcome"),
    [
        pytest.param(Replied(), None, id="the first"),
        pytest.param(Replied(3, 8), None, id="the last of the hour and of the day"),
        pytest.param(Replied(4, 5), TooManyThisHour(), id="told of the hour"),
        pytest.param(Replied(5, 6, told_this_hour=True), Ignored("too_many"), id="told before"),
        pytest.param(Replied(4, 6, told_this_hour=True), Ignored("too_many"), id="one fell out of the hour, told"),
        pytest.param(Replied(3, 6, told_this_hour=True), None, id="fewer in the hour again"),
        pytest.param(Replied(0, 9), TooManyToday(), id="told of the day"),
        pytest.param(Replied(5, 9, told_this_hour=True), TooManyToday(), id="of the day too, once told of the hour"),
        pytest.param(Replied(0, 10, told_today=True), Ignored("too_many"), id="told of the day before"),
    ],
)
def test_what_becomes_of_one_more_message(replied: Replied, outcome: Outcome | None) -> None:
    assert silence(replied, LIMITS) == outcome


def test_replies_of_one_batch_count_too() -> None:
    replied = Replied()
    for _ in range(4):
        assert silence(replied, LIMITS) is None
        replied = replied.with_reply(HelpGiven())
    told = silence(replied, LIMITS)
    assert told == TooManyThisHour()
    assert silence(replied.with_reply(told), LIMITS) == Ignored("too_many")
