"""Guards against reply loops between robots and against guessing of access codes (spec/messages.md §6).

Both look at what a sender was answered lately, and only for channels where each answer costs a message: there the
sender is known too. What is ignored does not count, so nobody who goes on writing is kept out for ever.
"""

from collections.abc import Sequence

from prepazka.core.booking.context import Context
from prepazka.core.booking.misunderstandings import NotUnderstood
from prepazka.core.booking.outcomes import Ignored, Outcome, Proposed, UnknownBooking
from prepazka.core.booking.replies import Answered
from prepazka.core.booking.requests import Request
from prepazka.core.minutes import Minute

_HOUR = 60

# How far back the guards look: a silence of an hour may follow upon wrong codes spread over an hour.
REACH_MINUTES = 2 * _HOUR


# docs/spec/messages.md §6.6: "A message is ignored when its sender is one of the office's own numbers, or cannot be
# answered"
def ignored(context: Context) -> Outcome | None:
    """Why this request is not answered at all, if so; or that it is the last for a while that is."""
    submission = context.submission
    if submission.own_number:
        return Ignored("own_number")
    if submission.mute:
        return Ignored("sender")
    if submission.over_ceiling:
        return Ignored("ceiling")
    if not submission.guarded:
        return None
    if submission.costs and not _cancels_own(context):
        silent = context.ledger.silence(submission.sender, context.came)
        if silent:
            return silent
    answered = context.ledger.answered(submission.sender)
    if not answered:
        return None
    if _loops(context, answered):
        return Ignored("loop")
    request = submission.request
    if isinstance(request, Request) and request.guesses_code and not _own(context, request):
        return Ignored("silenced") if _guessed(context, answered) else None
    return None


# docs/spec/messages.md §6.6: "An identical message is answered at most `identical_per_hour` times per sender and hour."
# docs/spec/messages.md §6.6: "`not_understood` is answered at most `not_understood_per_hour` times per sender and
# hour."
def _loops(context: Context, answered: Sequence[Answered]) -> bool:
    settings, came = context.office.settings, context.came
    lately = [answer for answer in answered if came - answer.at < _HOUR]
    if sum(answer.text_key == context.submission.text_key for answer in lately) >= settings.identical_per_hour:
        return True
    if not _not_understood(context, lately):
        return False
    before = [answer.text_key for answer in lately if answer.outcome == Proposed.outcome]
    repeated = len(before) - len(set(before))
    not_understood = sum(answer.outcome == NotUnderstood.outcome for answer in lately)
    return not_understood + repeated >= settings.not_understood_per_hour


# docs/spec/conversation.md §2: "A repeated proposal for the same text counts as a text that was not understood."
def _not_understood(context: Context, lately: Sequence[Answered]) -> bool:
    submission = context.submission
    proposed = {answer.text_key for answer in lately if answer.outcome == Proposed.outcome}
    return isinstance(submission.request, NotUnderstood) or (
        isinstance(submission.request, Request) and submission.request.is_doubtful and submission.text_key in proposed
    )


# docs/spec/conversation.md §3: "the phone that made a booking can always cancel it with code and date"
def _own(context: Context, request: Request) -> bool:
    """Whether the code is of a booking of the sender's own phone."""
    held = context.known_bookings
    return any(booking.code == request.typed_code for booking in held)


# docs/spec/safety.md §2.6: "A phone that cancels its own booking is always answered"
def _cancels_own(context: Context) -> bool:
    request = context.submission.request
    return isinstance(request, Request) and request.cancels and _own(context, request)


# docs/spec/conversation.md §3: "the silence is told once"
def is_last_guess(context: Context) -> bool:
    """Whether this wrong code is the last one that is answered."""
    submission = context.submission
    if not submission.guarded:
        return False
    wrong = [answer for answer in context.ledger.answered(submission.sender) if _is_guess(answer)]
    came = context.came
    within = [answer for answer in wrong if came - answer.at < _HOUR]
    return len(within) + 1 == context.office.settings.wrong_codes_per_hour


def _is_guess(answer: Answered) -> bool:
    """A wrong date with a code the sender's own phone holds is no guess: it is kept with that booking."""
    return answer.outcome == UnknownBooking.outcome and not answer.known


# docs/spec/messages.md §6.6: "After `wrong_codes_per_hour` wrong codes within an hour, a sender's attempts to cancel or
# move are ignored for an hour after the last of them."
def _guessed(context: Context, answered: Sequence[Answered]) -> bool:
    """Whether so many codes were wrong within an hour that the hour of silence after the last of them still runs."""
    wrong: list[Minute] = sorted(answer.at for answer in answered if _is_guess(answer))
    most, came = context.office.settings.wrong_codes_per_hour, context.came
    return any(
        last - first < _HOUR and came - last < _HOUR for first, last in zip(wrong, wrong[most - 1 :], strict=False)
    )
