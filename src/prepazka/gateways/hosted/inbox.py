"""A provider's inbox that is fetched: the place in its list, what is due, and what is wrong with it.

Invariant: the place moves only in `ack`, after the office has stored what comes before it, so a kill at any time gives
the same page again, and the office knows its messages by their ids.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Final

from prepazka.gateways.hosted.account import Account
from prepazka.gateways.hosted.faults import FetchFault, left_out
from prepazka.gateways.hosted.pages import Page, fetch_page, remove_item
from prepazka.gateways.hosted.requests import Fetch
from prepazka.gateways.values import GatewayEvent, Health, Inbound, Part

# Pages one after another; after them the next one waits as if nothing were new: a list without end is no news.
MOST_PAGES: Final = 50
# The longest wait after faults that repeat.
LONGEST: Final = timedelta(minutes=5)
# At the first fetch, older messages are left alone: they were written before the office listened.
FIRST: Final = timedelta(days=1)
# How long it is told that items were left out.
TOLD: Final = timedelta(days=1)


class Inbox:
    """What is fetched from one provider, from each of its lists in turn. fault: what is wrong, None when nothing is."""

    def __init__(self, gateway: str, account: Account, clock: Callable[[], datetime]) -> None:
        self._settings = settings = account.settings
        self._clock = clock
        self._lists = [_List(gateway, fetch, account) for fetch in settings.described.fetch]
        self._told = ""

    @property
    def fault(self) -> Health | None:
        """The worst that is wrong with any of the lists."""
        faults = [one.fault for one in self._lists if one.fault]
        return next((one for one in faults if one.level == "error"), faults[0] if faults else None)

    def resume(self, position: str) -> None:
        """Go on behind this place. One of another address, or of before another setting `start_at`, does not count."""
        kept = json.loads(position) if position else {}
        if kept.get("of") == self._of:
            for one, (place, first) in zip(self._lists, kept["places"], strict=False):
                one.place, one.first = place, first

    @property
    def position(self) -> str | None:
        """The place behind the events of the last poll; None where it has not moved."""
        if all(one.after == (one.place, one.first) for one in self._lists):
            return None
        places = [one.after for one in self._lists]
        return json.dumps({"of": self._of, "places": places})

    @property
    def _of(self) -> list[str]:
        return [self._settings.base, self._settings.start_at, *(one.fetch.url for one in self._lists)]

    def poll(self, wait: float, closed: Event) -> Sequence[GatewayEvent]:
        """Fetch one page of each list that is due, waiting for the first to become due.

        Raises: FetchFault once for each new fault, when nothing else came; `fault` says it as long as it lasts.
        """
        now = self._clock()
        due = [one for one in self._lists if one.due is None or one.due <= now]
        if not due:
            soonest = min(one.due for one in self._lists if one.due)
            closed.wait(min(wait, (soonest - now).total_seconds()))
            return ()
        events = tuple(event for one in due for event in one.fetch_next(now))
        fault = self.fault
        told, self._told = self._told, fault.name if fault else ""
        if fault and not events and fault.name != told and fault.level == "error":
            raise FetchFault(fault)
        return events

    def ack(self, events: Iterable[GatewayEvent]) -> None:
        """Move the places behind what is stored now, and remove it where there are no places."""
        stored = set(events)
        for one in self._lists:
            one.ack(stored, self._clock())


class _List:
    """One list of a provider. page: fetched and not acknowledged yet."""

    def __init__(self, gateway: str, fetch: Fetch, account: Account) -> None:
        settings = account.settings
        self.fetch = fetch
        self.place = settings.start_at or fetch.start
        self.first = True
        self.due: datetime | None = None
        self.fault: Health | None = None
        self.page: Page | None = None
        self._gateway = gateway
        self._account = account
        self._pages = 0
        self._stored: set[GatewayEvent] = set()
        self._between: Page | None = None
        self._left_out = 0
        self._left_out_at: datetime | None = None
        self._wait = self._interval = timedelta(seconds=settings.poll_seconds)

    @property
    def after(self) -> tuple[str, bool]:
        """The place behind the page, and whether what is behind it still is of the time before the office listened."""
        return (self.page.place, self.first and self.page.more) if self.page else (self.place, self.first)

    def fetch_next(self, now: datetime) -> Sequence[GatewayEvent]:
        if self._between:  # first of all: nobody else has it
            self.page = self._between
            return list(self.page.items)
        self.page = None
        try:
            page = fetch_page(self._gateway, self.fetch, self._account, self.place, now)
        except FetchFault as fault:
            self.fault = fault.health
            self._wait = min(self._wait * 2, max(LONGEST, self._interval))
            self.due = now + (fault.after or self._wait)
            return ()
        self.page = page
        self.fault = page.fault or self._told_left_out(page.left_out, now)
        self._wait = self._interval
        # A page that brought something and moved the place may have another one behind it.
        self._pages = self._pages + 1 if page.items and page.place != self.place else 0
        page.more = 0 < self._pages < MOST_PAGES
        self._pages = self._pages if page.more else 0
        self.due = now if page.more else now + self._interval
        before = self.first and self.fetch.uses("cursor")
        new = [event for event in page.items if event not in self._stored]
        return [event for event in new if not (before and _is_old(event, now))]

    def _told_left_out(self, count: int, now: datetime) -> Health | None:
        """Return that items were left out, for a day: the place has moved past them."""
        if count:
            known = self._left_out if self._left_out_at and now - self._left_out_at < TOLD else 0
            self._left_out, self._left_out_at = known + count, now
        told = self._left_out_at is not None and now - self._left_out_at < TOLD
        return left_out(self._account.settings, self._left_out) if told else None

    def ack(self, stored: set[GatewayEvent], now: datetime) -> None:
        page, self.page = self.page, None
        if page is None:
            return
        self.place, self.first = page.place, self.first and page.more
        if self.fetch.clear is not None:
            self._clear(self.fetch.clear.at_least, page, stored, now)
        if self.fetch.remove is None:
            return
        for event, item in page.items.items():
            if event in stored and item:
                try:
                    remove_item(self.fetch.remove, self._account, item, now)
                except FetchFault as fault:
                    self.fault = fault.health
                    return

    def _clear(self, at_least: int, page: Page, stored: set[GatewayEvent], now: datetime) -> None:
        """Delete the whole list, once all of it is stored; what came in between is handed in next."""
        if page is self._between:
            self._between = None if stored.issuperset(page.items) else page
            return
        self._stored = {event for event in page.items if event in self._stored or event in stored}
        if len(self._stored) < max(at_least, len(page.items)):
            return
        try:
            deleted = fetch_page(self._gateway, self.fetch.clearing or self.fetch, self._account, self.place, now)
        except FetchFault as fault:
            self.fault = fault.health
            return
        between = {event: "" for event in deleted.items if event not in self._stored}
        self._stored = set()
        if between:
            self._between, self.due = Page(self.place, items=between), None


def _is_old(event: GatewayEvent, now: datetime) -> bool:
    return isinstance(event, Inbound | Part) and event.sent is not None and event.sent < now - FIRST
