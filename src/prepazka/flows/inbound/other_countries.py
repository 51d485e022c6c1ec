"""Messages from phones of other countries: all are answered, up to a number an office and day.

A stranger with phones of a dear country could otherwise make an office pay for as many replies as it sends messages.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.conf import settings

from prepazka.core.office.office import Office
from prepazka.core.rate_limits import REPLIES_TO_OTHER_COUNTRIES, Bucket
from prepazka.flows.phone_numbers import country_of
from prepazka.store import rate_limits
from prepazka.store.inbox import WaitingMessage

log = structlog.get_logger()


# docs/spec/safety.md §3.2: "phones of all other countries share 50 replies an office and day"
def over_ceiling(office: Office, waiting: Sequence[WaitingMessage], now: datetime) -> frozenset[int]:
    """Return the row ids of the messages no reply is left for, and count the others. The office's lock is held.

    Almost always no message is from another country; then nothing is asked of the database.
    """
    foreign = [row.id for row in waiting if _is_of_another_country(row.sender)]
    if not foreign:
        return frozenset()
    bucket = _bucket(office.id)
    [before] = rate_limits.peek([bucket])
    left = max(0, before.limit.figure - before.hits(now))
    if answered := len(foreign[:left]):
        rate_limits.hit_many({bucket: answered}, now).fetch()
    if len(foreign) > left:
        log.error(
            "no replies left for phones of other countries today", office=office.id, unanswered=len(foreign) - left
        )
    return frozenset(foreign[left:])


def is_used_up(office_id: int, now: datetime) -> bool:
    """Whether no reply is left for phones of other countries."""
    [tally] = rate_limits.peek([_bucket(office_id)])
    return tally.reached(now)


def _is_of_another_country(sender: str) -> bool:
    country = country_of(sender)
    return country is not None and country not in settings.COUNTRIES


def _bucket(office_id: int) -> Bucket:
    return Bucket(REPLIES_TO_OTHER_COUNTRIES, "", office_id)
