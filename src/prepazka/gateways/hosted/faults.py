"""What goes wrong with an inbox that is fetched, each with the setting that mends it."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.http import HttpResponse
from prepazka.gateways.values import Health

# The longest time a provider may ask to be left alone.
LONGEST_PAUSE: Final = timedelta(hours=1)


class FetchFault(OSError):
    """A page could not be fetched. health: what to say of it; after: how long to wait, where the provider says so."""

    def __init__(self, health: Health, after: timedelta | None = None) -> None:
        super().__init__(health.summary)
        self.health = health
        self.after = after


def unreachable(settings: HostedSettings, reason: str) -> FetchFault:
    """Return the fault of a provider that could not be asked, or did not answer."""
    return FetchFault(health_of("hosted_silent", title=settings.described.title, reason=reason))


def not_signed_in(settings: HostedSettings, reason: str) -> FetchFault:
    """Return the fault of a provider that does not let us in."""
    names = [name for name in ("username", "password", "key") if settings.described.uses(name)]
    fix = ", ".join(names) or "addresses"
    return FetchFault(health_of("hosted_refused", title=settings.described.title, reason=reason, settings=fix))


def not_understood(settings: HostedSettings, reason: str, setting: str) -> FetchFault:
    """Return the fault of an answer that is not what the profile says. setting: where the mistake may be."""
    title = settings.described.title
    return FetchFault(health_of("hosted_not_understood", title=title, reason=reason, setting=setting))


def of_status(settings: HostedSettings, response: HttpResponse, now: datetime, words: str) -> FetchFault | None:
    """Return the fault of an answer by its status; None of one that is a success."""
    status = response.status
    said = f"{status} {words}".strip()
    match status:
        case _ if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return None
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return not_signed_in(settings, said)
        case HTTPStatus.TOO_MANY_REQUESTS:
            after = retry_after(response, now)
            until = f"{now + (after or timedelta(seconds=settings.poll_seconds)):%H:%M:%S}"
            return FetchFault(health_of("hosted_busy", title=settings.described.title, until=until), after)
        case _ if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return not_understood(settings, said, settings.address_setting)
        case _:
            fault = unreachable(settings, said)
            return FetchFault(fault.health, retry_after(response, now))


def retry_after(response: HttpResponse, now: datetime) -> timedelta | None:
    """Return how long the provider wants to be left alone: in seconds, or until a time. At most an hour."""
    written = response.headers.get("retry-after", "").strip()
    if written.isascii() and written.isdecimal():
        return min(timedelta(seconds=int(written[:6])), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=now.tzinfo)
    return min(max(until - now, timedelta(0)), LONGEST_PAUSE)


def went_back(settings: HostedSettings, ours: str, theirs: str) -> Health:
    """Return that a provider's place is before ours, where it should not be."""
    return health_of("hosted_went_back", title=settings.described.title, ours=ours[:40], theirs=theirs[:40])


def left_out(settings: HostedSettings, count: int) -> Health:
    """Return that items of a list have no number or no text."""
    return health_of("hosted_left_out", title=settings.described.title, count=count)


def not_removed(settings: HostedSettings, reason: str) -> FetchFault:
    """Return the fault of a provider that keeps what was to be removed."""
    return FetchFault(health_of("hosted_not_removed", title=settings.described.title, reason=reason))
