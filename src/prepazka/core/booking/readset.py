"""What must be read from the store before a batch of requests can be decided."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from prepazka.core.booking.guards import REACH_MINUTES
from prepazka.core.booking.ledger import ReadSet, Span, Submission
from prepazka.core.booking.requests import (
    Accept,
    Book,
    BookSoonest,
    Cancel,
    FreeTimes,
    JoinWaitlist,
    Mine,
    Move,
    QueueStatus,
)
from prepazka.core.minutes import Minute, midnight, minute
from prepazka.core.office.office import Office

# Two spans nearer to each other than this are read as one: a few more rows cost less than one more range.
_NEAR_MINUTES = 7 * 24 * 60

_OF_SENDER = Book | BookSoonest | Accept | Mine | Move


def read_set(submissions: Sequence[Submission], office: Office) -> ReadSet:
    """All that deciding these requests may look at, whatever they turn out to be."""
    if not submissions:
        return ReadSet()
    now = minute(min(submission.now for submission in submissions))
    guarded = [submission for submission in submissions if submission.guarded]
    reoffer = office.settings.reoffer_minutes
    return ReadSet(
        spans=tuple(_merged(span for submission in submissions for span in _spans(submission, office))),
        senders=frozenset(r.sender for r in submissions if r.sender and isinstance(r.request, _OF_SENDER)),
        codes=frozenset(code for submission in submissions for code in _codes(submission)),
        guarded=frozenset(submission.sender for submission in guarded),
        text_keys=frozenset(submission.text_key for submission in guarded),
        history_since=Minute(now - REACH_MINUTES) if guarded else None,
        offers_to=frozenset(r.sender for r in submissions if r.sender and isinstance(r.request, Accept)),
        freed_since=Minute(now - reoffer) if reoffer else None,
        queue=any(isinstance(submission.request, QueueStatus) for submission in submissions),
    )


def _spans(submission: Submission, office: Office) -> Iterator[Span]:
    """The days whose free places may be looked at: of the service's agenda, or of all when it is not known yet."""
    today = submission.now.astimezone(office.zone).date()
    settings = office.settings
    week, horizon = timedelta(days=settings.soonest_days), timedelta(days=settings.horizon_days)
    match submission.request:
        case Book(service=code, day=day) if today <= day <= today + horizon:
            yield from _of_agendas(office, code, day, min(day + week, today + horizon))
        case Move(day=day) if today <= day <= today + horizon:
            yield from _of_agendas(office, None, day, min(day + week, today + horizon))
        case FreeTimes(service=code, day=day) | JoinWaitlist(service=code, day=day) if today <= day <= today + horizon:
            yield from _of_agendas(office, code, day, day)
        case BookSoonest(service=code):
            yield from _of_agendas(office, code, today, today + min(week, horizon))
        case Accept():
            yield from _of_agendas(office, None, today, today + horizon)
        case _:
            pass


def _of_agendas(office: Office, code: str | None, first: date, last: date) -> Iterator[Span]:
    begin, end = midnight(first, office.zone), midnight(last + timedelta(days=1), office.zone)
    for agenda in {service.agenda for service in office.services if code in (None, service.code)}:
        yield Span(agenda, begin, end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.agenda, span.first)):
        before = merged[-1] if merged else None
        if before and before.agenda == span.agenda and span.first <= before.last + _NEAR_MINUTES:
            merged[-1] = Span(span.agenda, before.first, max(before.last, span.last))
        else:
            merged.append(span)
    return merged


def _codes(submission: Submission) -> Iterator[str]:
    match submission.request:
        case Cancel(code=code) | Move(code=code):
            yield code
        case _:
            pass
    if isinstance(submission.request, Book | BookSoonest | Accept | Move):
        yield from submission.codes
