"""Counters their clerks forgot: when one closes by itself, when its clerk is asked first, and when it gets a break."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from prepazka.core.minutes import instant, midnight
from prepazka.core.office import calendar
from prepazka.core.office.office import Counter, Office
from prepazka.core.queue.board import Seat
from prepazka.core.queue.tickets import ACTIVE, Ticket

ASKED_BEFORE = timedelta(minutes=5)
"""How long before a counter closes by itself its clerk is asked."""

Fate = Literal["open", "asked", "closes", "pauses"]


def fate(office: Office, seat: Seat, tickets: Iterable[Ticket], now: datetime) -> Fate:
    """Return what becomes of a counter where somebody sits. tickets: those of today that are active."""
    at = closes_at(office, seat, tickets, now)
    if at is not None and now >= at:
        return "closes"
    if is_left(office, seat, now) and not seat.paused:
        return "pauses"
    return "asked" if at is not None and now >= at - ASKED_BEFORE else "open"


# docs/spec/counters.md §5.3: "A counter closes by itself when all of its agendas have been closed for"
def closes_at(office: Office, seat: Seat, tickets: Iterable[Ticket], now: datetime) -> datetime | None:
    """Return when the counter closes by itself if nothing happens until then; None when it stays open."""
    counter, settings = office.counter_of.get(seat.counter), office.settings
    if counter is None or not settings.close_counters_minutes or any(_concerns(one, counter) for one in tickets):
        return None
    closed = _closed_since(office, counter, now)
    acts = [moment for moment in (seat.since, seat.paused_since, seat.acted_at) if moment is not None]
    if closed is None or not acts:
        return None
    idle = max(acts) + timedelta(minutes=settings.counter_idle_minutes)
    return max(closed + timedelta(minutes=settings.close_counters_minutes), idle)


# docs/spec/counters.md §5.3: "One whose clerk has been signed out for"
def is_left(office: Office, seat: Seat, now: datetime) -> bool:
    """Whether the clerk has been signed out for so long that the counter gets a break."""
    after = office.settings.signed_out_minutes
    return bool(after) and seat.away_since is not None and now - seat.away_since >= timedelta(minutes=after)


# docs/spec/counters.md §5.3: "The clerk's next sign-in ends it; a break the clerk began goes on"
def has_given_break(seat: Seat) -> bool:
    """Whether the counter has a break that began while its clerk was away."""
    return seat.paused_since is not None and seat.away_since is not None and seat.paused_since > seat.away_since


def _concerns(ticket: Ticket, counter: Counter) -> bool:
    mine = ticket.agenda in counter.agendas or counter.id in {ticket.counter, ticket.reserved_for}
    return mine and ticket.state in ACTIVE


def _closed_since(office: Office, counter: Counter, now: datetime) -> datetime | None:
    """Return since when the last of the counter's agendas has been closed for today; None while one is still to open.

    Before the first opening and in a midday break an agenda counts as open: its clerks are getting ready.
    """
    today = now.astimezone(office.zone).date()
    ends = [calendar.day_end(office, office.agenda_of[agenda], today) for agenda in counter.agendas]
    last = max((midnight(today, office.zone) if end is None else end for end in ends), default=None)
    closed = None if last is None else instant(last)
    return closed if closed is not None and closed <= now else None
