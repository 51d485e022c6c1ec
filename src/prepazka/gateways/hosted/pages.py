"""One page of a provider's list: asked for, read, and its items removed once they are stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prepazka.gateways.hosted.account import Account, SignInRefused
from prepazka.gateways.hosted.events import Unreadable, read_event
from prepazka.gateways.hosted.faults import (
    not_removed,
    not_signed_in,
    not_understood,
    of_status,
    unreachable,
    went_back,
)
from prepazka.gateways.hosted.fields import NoDocument, matches, read_document, text_at, value_at, words_at
from prepazka.gateways.hosted.requests import Fetch, Remove, Request
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.http import HttpResponse, NoAnswer, NotReached
from prepazka.gateways.values import GatewayEvent, Health


@dataclass(slots=True)
class Page:
    """A page. items: its events in order, each with the provider's id of the item; place: behind it.

    left_out: how many items had no number or no text. more: whether another page may be behind it.
    """

    place: str
    more: bool = False
    items: dict[GatewayEvent, str] = field(default_factory=dict)
    left_out: int = 0
    fault: Health | None = None


def fetch_page(gateway: str, fetch: Fetch, account: Account, place: str, now: datetime) -> Page:
    """Ask for what is behind a place. Raises: FetchFault."""
    settings = account.settings
    response = _ask(fetch, account, {"cursor": place})
    document = _read(fetch, settings, response, now)
    page = Page(place)
    found = list(_items(fetch, settings, document))
    for item in reversed(found) if fetch.newest_first else found:
        try:
            event = _event(gateway, fetch, item, now)
        except Unreadable:
            page.left_out += 1
            continue
        if event is not None:
            page.items[event] = (text_at(item, fetch.remove.item) or "") if fetch.remove else ""
    _move(page, fetch, settings, document, found)
    return page


def remove_item(remove: Remove, account: Account, item: str, now: datetime) -> None:
    """Remove an item. One that is gone already counts as removed. Raises: FetchFault."""
    settings = account.settings
    try:
        response = account.ask(remove, {"item": item})
    except (NotReached, NoAnswer, SignInRefused) as error:
        raise not_removed(settings, str(error)) from None
    document = _document_or_nothing(response)
    gone = response.status in {404, 410}
    if not gone and (of_status(settings, response, now, "") or not matches(document, remove.where)):
        words = words_at(document, remove.reason)
        raise not_removed(settings, f"{response.status} {words}".strip())


def _ask(request: Request, account: Account, values: Mapping[str, str]) -> HttpResponse:
    try:
        return account.ask(request, values)
    except SignInRefused as error:
        raise not_signed_in(account.settings, str(error)) from None
    except (NotReached, NoAnswer) as error:
        raise unreachable(account.settings, str(error)) from None


def _read(fetch: Fetch, settings: HostedSettings, response: HttpResponse, now: datetime) -> Any:
    """Return the fields of a page. Raises: FetchFault."""
    words = words_at(_document_or_nothing(response), fetch.reason)
    if fault := of_status(settings, response, now, words):
        raise fault
    try:
        document = read_document(response)
    except NoDocument as error:
        raise not_understood(settings, str(error), error.setting or settings.address_setting) from None
    if not matches(document, fetch.where):
        raise not_signed_in(settings, words or "it answers that it will not")
    return document


def _document_or_nothing(response: HttpResponse) -> Any:
    try:
        return read_document(response)
    except NoDocument:
        return {}


def _items(fetch: Fetch, settings: HostedSettings, document: Any) -> Iterator[Any]:
    """Yield the items of a page, of all its lists. Raises: FetchFault where there is no list."""
    lists = [_list(each, document) for each in fetch.each.split("|")]
    if all(one is None for one in lists):
        raise not_understood(settings, f"no list at {fetch.each or 'the top'}", "definition (fetch.each)")
    for one in lists:
        yield from one or ()


def _list(each: str, document: Any) -> list[Any] | None:
    """Return the list at a path, None for no list; an XML element without content, here or above, is an empty one."""
    match value_at(document, each) if each else document:
        case list() as found:
            return found
        case Mapping() as found if each:  # one element of XML
            return [found]
        case None | str():
            steps = each.split(".") if each else []
            above = [value_at(document, ".".join(steps[:count])) for count in range(1, len(steps) + 1)]
            return [] if any(isinstance(one, str) and not one.strip() for one in above) else None
        case _:
            return None


def _event(gateway: str, fetch: Fetch, item: Any, now: datetime) -> GatewayEvent | None:
    """Read an item; a message without the id it should have is known by its content. Raises: Unreadable."""
    messages = fetch.messages
    if messages and messages.id and isinstance(item, Mapping) and not text_at(item, messages.id):
        fetch = fetch.model_copy(update={"messages": messages.model_copy(update={"id": ""})})
    return read_event(gateway, fetch, item, now)


def _move(page: Page, fetch: Fetch, settings: HostedSettings, document: Any, items: list[Any]) -> None:
    """Set the place behind a page. It never goes back by itself."""
    if fetch.cursor:
        place = text_at(document, fetch.cursor) or ""
    elif fetch.last:
        place = _greatest([text for item in items if (text := text_at(item, fetch.last))])
    else:
        return
    if place and _is_before(place, page.place):
        if fetch.cursor or items:
            page.fault = went_back(settings, page.place, place)
    elif place:
        page.place = place


def _greatest(places: list[str]) -> str:
    """Return the greatest of the places, as numbers where they are numbers; in whatever order they came."""
    if all(place.isascii() and place.isdecimal() for place in places):
        return max(places, key=int, default="")
    return max(places, default="")


def _is_before(place: str, other: str) -> bool:
    """Whether a place is certainly before another one: both are numbers, or both are times of one form."""
    if all(one.isascii() and one.isdecimal() for one in (place, other)):
        return int(place) < int(other)
    times = [_time(one) for one in (place, other)]
    return None not in times and len(place) == len(other) and place < other


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
