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


def decide(request: Submission, office: Office, books: Ledger) -> Outcome:
    """What comes of a request (spec/messages.md §4, §6), entered in the books for the requests after it.

    Who gets no answer comes first: nothing may happen that nobody is told of. Raises OutOfCodes, nothing changed,
    when a booking would be made but all of the request's codes are taken on its day.
    """
    case = Context.of(request, office, books)
    outcome = guards.ignored(case) or _granted(case)
    books.note(request, case.now, outcome)
    return outcome


def _granted(case: Context) -> Outcome:
    ask = case.request.ask
    match ask:
        case Book():
            return book(case, ask)
        case BookSoonest():
            return book_soonest(case, ask)
        case FreeTimes():
            return free_times(case, ask)
        case Cancel():
            return cancel(case, ask)
        case Accept():
            return accept(case, ask)
        case Move():
            return move(case, ask)
        case JoinWaitlist():
            return join_waitlist(case, ask)
        case Mine():
            return mine(case)
        case QueueStatus():
            return queue_status(case, ask)
        case Help():
            return HelpGiven()
        case ListServices():
            return ServicesListed(case.office.services)
        case StopReminders():
            return RemindersStopped()
        case ResumeReminders():
            return RemindersResumed()
        case UnknownService() | MissingName() | MissingDate() | MissingTime() | MissingCode():
            return ask
        case BadDate() | BadTime() | NotUnderstood() | Incomplete():
            return ask
        case _:
            assert_never(ask)
