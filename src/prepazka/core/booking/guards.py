"""Guards against reply loops between robots and against guessing of access codes (spec/messages.md §6).

Both look at what a sender was answered lately, and only for channels where each answer costs a message: there the
sender is known too. What is ignored does not count, so nobody who goes on writing is kept out for ever.
"""

from collections.abc import Sequence

from prepazka.core.booking.context import Context
from prepazka.core.booking.ledger import Answered
from prepazka.core.booking.outcomes import Ignored, NotUnderstood, UnknownBooking
from prepazka.core.booking.requests import Request
from prepazka.core.minutes import Minute

_HOUR = 60

# How far back the guards look: a silence of an hour may follow upon wrong codes spread over an hour.
REACH_MINUTES = 2 * _HOUR


# docs/spec/messages.md §6.6: "A message is ignored when its sender is one of the office's own numbers, or cannot be
# answered"
def ignored(context: Context) -> Ignored | None:
    """Why this request is not answered at all, if so."""
    submission = context.submission
    if submission.own_number:
        return Ignored("own_number")
    if submission.mute:
        return Ignored("sender")
    if not submission.guarded:
        return None
    answered = context.ledger.answered(submission.sender)
    if not answered:
        return None
    if _loops(context, answered):
        return Ignored("loop")
    request = submission.request
    if isinstance(request, Request) and request.guesses_code and _guessed(context, answered):
        return Ignored("silenced")
    return None


# docs/spec/messages.md §6.6: "An identical message is answered at most `identical_per_hour` times per sender and hour."
# docs/spec/messages.md §6.6: "`not_understood` is answered at most `not_understood_per_hour` times per sender and
# hour."
def _loops(context: Context, answered: Sequence[Answered]) -> bool:
    settings = context.office.settings
    lately = [answer for answer in answered if context.now - answer.at < _HOUR]
    if sum(answer.text_key == context.submission.text_key for answer in lately) >= settings.identical_per_hour:
        return True
    return isinstance(context.submission.request, NotUnderstood) and (
        sum(answer.outcome == NotUnderstood.outcome for answer in lately) >= settings.not_understood_per_hour
    )


# docs/spec/messages.md §6.6: "After `wrong_codes_per_hour` wrong codes within an hour, a sender's attempts to cancel or
# move are ignored for an hour after the last of them."
def _guessed(context: Context, answered: Sequence[Answered]) -> bool:
    """Whether so many codes were wrong within an hour that the hour of silence after the last of them still runs."""
    wrong: list[Minute] = sorted(answer.at for answer in answered if answer.outcome == UnknownBooking.outcome)
    most = context.office.settings.wrong_codes_per_hour
    return any(
        last - first < _HOUR and context.now - last < _HOUR
        for first, last in zip(wrong, wrong[most - 1 :], strict=False)
    )
