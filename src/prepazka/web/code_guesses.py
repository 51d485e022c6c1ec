"""Wrong access codes on the web: who tries too many waits between two tries, and an office with very many asks all.

Messages, desks and kiosks are not touched by what happens on the web.
"""

from datetime import datetime, timedelta

import structlog
from django.http import HttpRequest

from prepazka.core.rate_limits import WRONG_CODES, WRONG_CODES_OF_OFFICE, Bucket
from prepazka.store import rate_limits
from prepazka.web import callers

log = structlog.get_logger()


def begin(request: HttpRequest, office_id: int, now: datetime) -> timedelta:
    """Count a try of a code before it is made; return how long it still has to wait, 0 when it may be made."""
    return rate_limits.attempt(_buckets(request, office_id), now)


def right(request: HttpRequest, office_id: int) -> None:
    """Take the try back: its code was one of the office's."""
    rate_limits.forgive(_buckets(request, office_id))


# docs/spec/safety.md §2.4: "200 wrong codes an hour in one office raise an alarm"
def wrong(request: HttpRequest, office_id: int, now: datetime) -> None:
    """Count the wrong code for the office too, and raise the alarm when there are too many."""
    if callers.is_official(request, office_id):
        return
    tally = rate_limits.hit(_of_office(office_id), now)
    if tally.exceeded(now) and not tally.without_this().exceeded(now):
        log.error("very many wrong codes on the web", office=office_id, in_an_hour=tally.hits(now))


def alarmed(office_id: int, now: datetime) -> bool:
    """Whether the office has had so many wrong codes that its web forms ask everybody for one more step."""
    [tally] = rate_limits.peek([_of_office(office_id)])
    return tally.reached(now)


def _buckets(request: HttpRequest, office_id: int) -> list[Bucket]:
    if callers.is_official(request, office_id):
        return []
    return WRONG_CODES.buckets(callers.address_of(request), office=office_id)


def _of_office(office_id: int) -> Bucket:
    return Bucket(WRONG_CODES_OF_OFFICE, "web", office_id)
