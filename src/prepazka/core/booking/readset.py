"""The read set: what must be read from the store before a batch of requests can be decided."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from prepazka.core.booking import guards, replies
from prepazka.core.booking.ledger import Submission
from prepazka.core.booking.requests import Days, Request, Wanted
from prepazka.core.booking.snapshot import ReadSet, Span
from prepazka.core.minutes import Minute, day_of, midnight, minute
from prepazka.core.office import calendar
from prepazka.core.office.office import Office

# Two spans nearer to each other than this are read as one: a few more rows cost less than one more range.
_NEAR_MINUTES = 7 * 24 * 60


def read_set(
    submissions: Sequence[Submission], office: Office, *, usual: bool = False, missing: Sequence[Span] = ()
) -> ReadSet:
    """Return all that deciding these requests may look at.

    usual: only what is usually enough, and what was `missing` when they were decided by that. A wish for a start looks
    at other places only where its own is taken. In a busy office the places of a week, or of all days for a yes, take
    longer to read than all else.
    """
    if not submissions:
        return ReadSet()
    now = minute(min(submission.now for submission in submissions))
    came = minute(min(submission.came for submission in submissions))
    guarded = [submission for submission in submissions if submission.guarded]
    reoffer = office.settings.reoffer_minutes
    requests = [(one, one.request) for one in submissions if isinstance(one.request, Request)]
    reading = [(one.sender, request.reads) for one, request in requests]
    return ReadSet(
        spans=tuple(_merged([*_spans(requests, office, usual=usual), *missing])),
        senders=frozenset([sender for sender, reads in reading if sender and reads.bookings]),
        past_of=frozenset([sender for sender, reads in reading if sender and reads.past]),
        codes=frozenset([code for one, request in requests for code in _codes(one, request)]),
        guarded=frozenset([one.sender for one in guarded]),
        text_keys=frozenset([one.text_key for one in guarded]),
        paid_for=frozenset([one.sender for one in guarded if one.costs]),
        history_since=Minute(came - guards.REACH_MINUTES) if guarded else None,
        paid_since=Minute(came - replies.REACH_MINUTES) if guarded else None,
        offers_to=frozenset([sender for sender, reads in reading if sender and reads.offers]),
        freed_since=Minute(now - reoffer) if reoffer else None,
        queue=any(reads.queue for _, reads in reading),
        usual=usual,
    )


def _spans(requests: Iterable[tuple[Submission, Request]], office: Office, *, usual: bool) -> Iterator[Span]:
    """The places that may be looked at: of the service's agenda, or of all when it is not known yet."""
    asked = [(request, day_of(one.now, office.zone)) for one, request in requests]
    if usual:
        starts = [request.wanted_starts(today, office) for request, today in asked]
        for start in {one for wanted in starts for one in wanted or ()}:
            yield from _of_start(office, start)
        asked = [one for one, wanted in zip(asked, starts, strict=True) if wanted is None]
    for days in {request.days(today, office) for request, today in asked}:
        if days:
            yield from _of_days(office, days)


def _of_start(office: Office, start: Wanted) -> Iterator[Span]:
    """What a booking from this start holds; nothing, where no such start is offered."""
    service = office.service_of.get(start.service)
    agenda = service and office.agenda_of.get(service.agenda)
    place = calendar.starts(office, agenda, start.day).places.get(start.at) if agenda else None
    if service and place:
        begin = place.start.minute
        yield Span(service.agenda, begin, Minute(begin + start.persons * service.minutes))


def _of_days(office: Office, days: Days) -> Iterator[Span]:
    begin, end = midnight(days.first, office.zone), midnight(days.last + timedelta(days=1), office.zone)
    for agenda in {service.agenda for service in office.services if days.service in (None, service.code)}:
        yield Span(agenda, begin, end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        before = merged[-1] if merged else None
        if before and before.agenda == span.agenda and span.first <= before.last + _NEAR_MINUTES:
            merged[-1] = Span(span.agenda, before.first, max(before.last, span.last))
        else:
            merged.append(span)
    return merged


def _codes(submission: Submission, request: Request) -> Iterator[str]:
    if request.typed_code is not None:
        yield request.typed_code
    if request.reads.draws_code:
        yield from submission.codes
