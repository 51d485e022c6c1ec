"""How many replies a number may be sent: beyond, it is told once that it gets no more for a while, and then nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prepazka.core.booking.outcomes import Ignored, Outcome, TooManyThisHour, TooManyToday
from prepazka.core.minutes import Minute
from prepazka.core.rate_limits import SMS_REPLIES_A_DAY, SMS_REPLIES_AN_HOUR

_HOUR = 60
# How far back replies are counted.
REACH_MINUTES = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class ReplyLimits:
    """The most replies to one number, as the installation sets them."""

    an_hour: int = SMS_REPLIES_AN_HOUR.figure
    a_day: int = SMS_REPLIES_A_DAY.figure


class Answered(NamedTuple):
    """A message of a sender that was answered, at which time and how; known: whether it is kept with a booking."""

    sender: str
    text_key: str
    outcome: str
    at: Minute
    known: bool = False


# docs/spec/safety.md §2.6: "30 replies an hour and 100 a day"
# docs/spec/safety.md §2.6: "it is told once, and then nothing is sent"
def silence(answered: Sequence[Answered], now: Minute, limits: ReplyLimits) -> Outcome | None:
    """Return what becomes of one more message of this number instead of its own outcome, if anything does."""
    if not answered:
        return None
    today = [one for one in answered if now - one.at < REACH_MINUTES]
    this_hour = [one for one in today if now - one.at < _HOUR]
    if len(today) >= limits.a_day:
        return _told_once(today, TooManyToday())
    if len(this_hour) >= limits.an_hour:
        return _told_once(this_hour, TooManyThisHour())
    return None


def _told_once(answered: Sequence[Answered], silence: Outcome) -> Outcome:
    return Ignored("too_many") if any(one.outcome == silence.outcome for one in answered) else silence
