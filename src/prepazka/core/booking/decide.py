"""Deciding: from a request to its outcome, whatever is requested."""

from prepazka.core.booking import guards
from prepazka.core.booking.context import Context
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.misunderstandings import MissingName, MissingTime
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Office


def decide(submission: Submission, office: Office, ledger: Ledger) -> Outcome:
    """Decide a request and enter what came of it in the ledger, for the requests after it.

    Who gets no answer comes first: nothing may happen that nobody is told of. Raises OutOfCodes, with nothing
    changed, when a booking would be made but every access code drawn for it is taken on its day.
    Source: docs/spec/messages.md §4, §6.
    """
    context = Context.of(submission, office, ledger)
    request = submission.request
    outcome: Outcome | None = guards.ignored(context)
    if outcome is None:
        outcome = request.decide(context) if isinstance(request, Request) else _misunderstood(context, request)
    ledger.note(submission, outcome)
    return outcome


# docs/spec/conversation.md §1: "What is missing is not asked for where the day that was given offers nothing: that is
# told at once."
def _misunderstood(context: Context, outcome: Outcome) -> Outcome:
    """A misunderstanding is its own outcome: nothing is done on a text that was understood only in part."""
    draft = outcome.draft if isinstance(outcome, MissingTime | MissingName) else None
    says_more = draft is not None and (draft.name or draft.at)  # "OBJ ZCD Sobota" alone may be Mr Sobota
    if draft and says_more and draft.form in {"book", "book_persons"} and draft.service and draft.day:
        return context.in_vain(draft.service, draft.day, draft.persons or 1) or outcome
    return outcome
