"""Deciding: from a request to its outcome, whatever is requested."""

from prepazka.core.booking import guards
from prepazka.core.booking.context import Context
from prepazka.core.booking.ledger import Ledger, Submission
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
        # A misunderstanding is its own outcome: nothing is done on a text that was understood only in part.
        outcome = request.decide(context) if isinstance(request, Request) else request
    ledger.note(submission, context.now, outcome)
    return outcome
