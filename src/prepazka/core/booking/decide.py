"""Deciding: from a request to its outcome, whatever is asked."""

from typing import assert_never

from prepazka.core.booking import guards
from prepazka.core.booking.book import accept, book, book_soonest, move
from prepazka.core.booking.cancel import cancel
from prepazka.core.booking.context import Context
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.outcomes import (
    BadDate,
    BadTime,
    HelpGiven,
    Incomplete,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    NotUnderstood,
    Outcome,
    RemindersResumed,
    RemindersStopped,
    ServicesListed,
    UnknownService,
)
from prepazka.core.booking.query import free_times, join_waitlist, mine, queue_status
from prepazka.core.booking.requests import (
    Accept,
    Book,
    BookSoonest,
    Cancel,
    FreeTimes,
    Help,
    JoinWaitlist,
    ListServices,
    Mine,
    Move,
    QueueStatus,
    ResumeReminders,
    StopReminders,
)
from prepazka.core.office.office import Office


def decide(submission: Submission, office: Office, ledger: Ledger) -> Outcome:
    """What comes of a request (spec/messages.md §4, §6), entered in the books for the requests after it.

    Who gets no answer comes first: nothing may happen that nobody is told of. Raises OutOfCodes, nothing changed,
    when a booking would be made but all of the request's codes are taken on its day.
    """
    context = Context.of(submission, office, ledger)
    outcome = guards.ignored(context) or _granted(context)
    ledger.note(submission, context.now, outcome)
    return outcome


def _granted(context: Context) -> Outcome:
    request = context.submission.request
    match request:
        case Book():
            return book(context, request)
        case BookSoonest():
            return book_soonest(context, request)
        case FreeTimes():
            return free_times(context, request)
        case Cancel():
            return cancel(context, request)
        case Accept():
            return accept(context, request)
        case Move():
            return move(context, request)
        case JoinWaitlist():
            return join_waitlist(context, request)
        case Mine():
            return mine(context)
        case QueueStatus():
            return queue_status(context, request)
        case Help():
            return HelpGiven()
        case ListServices():
            return ServicesListed(context.office.services)
        case StopReminders():
            return RemindersStopped()
        case ResumeReminders():
            return RemindersResumed()
        case UnknownService() | MissingName() | MissingDate() | MissingTime() | MissingCode():
            return request
        case BadDate() | BadTime() | NotUnderstood() | Incomplete():
            return request
        case _:
            assert_never(request)
