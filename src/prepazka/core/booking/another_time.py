"""Another time instead of the one that was read back or offered: "radši v 11", "raději ve čtvrtek"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from prepazka.core.booking.answer import open_question
from prepazka.core.booking.book import Book
from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import Offer, Outcome
from prepazka.core.booking.propose import propose
from prepazka.core.booking.requests import Days, Reads, Request, Wanted
from prepazka.core.office.office import Office


@dataclass(frozen=True, slots=True)
class AnotherTime(Request):
    """The wish of the open question on another day or at another time: read back in its turn.

    otherwise: what comes of the text, or is decided instead, when no question is open that it could be about.
    """

    reads = Reads(bookings=True, offers=True, draws_code=True)
    is_doubtful = True

    day: date | None
    at: time | None
    otherwise: Outcome | Request

    def days(self, today: date, office: Office) -> Days:
        """Every day: what was offered is not known yet."""
        return Days(None, today, today + timedelta(days=office.settings.horizon_days))

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted]:
        """None: what was offered is not known yet."""
        return ()

    def decide(self, context: Context) -> Outcome:
        """See `another_time`."""
        return another_time(context, self)


# docs/spec/conversation.md §3: "Who would rather come on another day or at another time is read back that"
def another_time(context: Context, request: AnotherTime) -> Outcome:
    """Propose what the open question was about, with the day and the time that were said."""
    asked = _asked(context)
    if asked is None:
        otherwise = request.otherwise
        return otherwise.decide(context) if isinstance(otherwise, Request) else otherwise
    day, at = request.day or asked.day, request.at or asked.at
    return propose(context, (Book(asked.service, day, at, asked.name, asked.persons),), "name")


def _asked(context: Context) -> Offer | None:
    """The one wish the open question is about; None where it is about two, about a move, or nobody's yet."""
    question = open_question(context)
    if question is None or question.kind not in {"proposed", "offered"} or question.taken or question.held:
        return None
    first, *others = question.offers
    is_one = question.kind == "offered" or not others
    return first if is_one and first.name and not first.moving else None
