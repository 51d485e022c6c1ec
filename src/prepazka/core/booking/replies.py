"""How many replies a number may be sent: beyond, it is told once that it gets no more for a while, and then nothing."""

from dataclasses import dataclass, replace

from prepazka.core.booking.outcomes import Ignored, Outcome, TooManyThisHour, TooManyToday
from prepazka.core.rate_limits import SMS_REPLIES_A_DAY, SMS_REPLIES_AN_HOUR


@dataclass(frozen=True, slots=True)
class ReplyLimits:
    """The most replies to one number, as the installation sets them."""

    an_hour: int = SMS_REPLIES_AN_HOUR.figure
    a_day: int = SMS_REPLIES_A_DAY.figure


@dataclass(frozen=True, slots=True)
class Replied:
    """What a number was sent in the past hour and in the past day: replies, and whether it was told of the silence."""

    this_hour: int = 0
    today: int = 0
    told_this_hour: bool = False
    told_today: bool = False

    def with_reply(self, outcome: Outcome) -> "Replied":
        """Return the same with one reply more."""
        return replace(
            self,
            this_hour=self.this_hour + 1,
            today=self.today + 1,
            told_this_hour=self.told_this_hour or isinstance(outcome, TooManyThisHour),
            told_today=self.told_today or isinstance(outcome, TooManyToday),
        )


# docs/spec/safety.md §2.6: "30 replies an hour and 100 a day"
# docs/spec/safety.md §2.6: "it is told once, and then nothing is sent"
def silence(replied: Replied, limits: ReplyLimits) -> Outcome | None:
    """Return what becomes of one more message of this number instead of its own outcome, if anything does."""
    if replied.today >= limits.a_day:
        return Ignored("too_many") if replied.told_today else TooManyToday()
    if replied.this_hour >= limits.an_hour:
        return Ignored("too_many") if replied.told_this_hour else TooManyThisHour()
    return None
