"""How many replies a number gets, and that the silence is told once (docs/spec/safety.md §2.6)."""

from collections.abc import Sequence

import pytest

from prepazka.core.booking.outcomes import Ignored, Outcome, TooManyThisHour, TooManyToday
from prepazka.core.booking.replies import Answered, ReplyLimits, silence
from prepazka.core.minutes import Minute

LIMITS = ReplyLimits(an_hour=4, a_day=9)
NOW = Minute(29_700_000)
HOUR_TOLD, DAY_TOLD = "too_many_this_hour", "too_many_today"


def replied(at: Minute, outcome: str) -> Answered:
    return Answered("+420603111222", "a text", outcome, at)


def sent(*ago: int, told: int | None = None, of: str = HOUR_TOLD) -> list[Answered]:
    """Replies so many minutes ago; told: how many minutes ago the silence was told."""
    replies = [replied(Minute(NOW - minutes), "help") for minutes in ago]
    return replies if told is None else [*replies, replied(Minute(NOW - told), of)]


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        pytest.param(sent(), None, id="the first"),
        pytest.param(sent(3, 2, 1, *range(61, 66)), None, id="the last of the hour and of the day"),
        pytest.param(sent(59, 3, 2, 1), TooManyThisHour(), id="told of the hour"),
        pytest.param(sent(60, 3, 2, 1), None, id="an hour later"),
        pytest.param(sent(30, 3, 2, 1, told=0), Ignored("too_many"), id="told before"),
        pytest.param(sent(61, 3, 2, 1, told=1), Ignored("too_many"), id="one fell out of the hour, told in it"),
        pytest.param(sent(61, 61, 3, 2, 1, told=60), None, id="the telling fell out too"),
        pytest.param(sent(*range(100, 109)), TooManyToday(), id="told of the day"),
        pytest.param(sent(*range(5), *range(100, 109), told=3), TooManyToday(), id="of the day, once told of the hour"),
        pytest.param(sent(*range(100, 109), told=90, of=DAY_TOLD), Ignored("too_many"), id="told of the day before"),
        pytest.param(sent(*range(1440, 1449), told=1439, of=DAY_TOLD), None, id="a day later"),
    ],
)
def test_what_becomes_of_one_more_message(replies: Sequence[Answered], outcome: Outcome | None) -> None:
    assert silence(replies, NOW, LIMITS) == outcome


def test_a_flood_of_hours_is_told_of_each_hour_at_most_once() -> None:
    replies: list[Answered] = []
    for minute in range(0, 6 * 60, 2):
        now = Minute(NOW + minute)
        outcome = silence(replies, now, ReplyLimits(an_hour=4, a_day=1_000))
        if not isinstance(outcome, Ignored):
            replies.append(replied(now, outcome.outcome if outcome else "help"))
    assert 1 <= sum(reply.outcome == HOUR_TOLD for reply in replies) <= 6
