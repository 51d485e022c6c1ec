"""Places held on the web: how long they wait for their phone, and what confirms, ends or keeps them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from prepazka.core.booking import limits
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import Cancelled, Confirmed, Lapsed, LimitReached, UnknownBooking
from prepazka.core.booking.requests import Reads, Request

HANDED_WITHIN = timedelta(seconds=60)
"""How long the message may take to its gateway; a place whose message takes longer needs no confirmation."""

CONFIRMED_WITHIN = timedelta(minutes=10)
"""How long the phone has from the moment its message was handed over."""

LONGEST = timedelta(minutes=20)
"""How long a place is held at most, from the moment it was chosen."""

AT_ONCE_IPV4, AT_ONCE_IPV6 = 30, 3
"""How many places may wait at once from one IPv4 address, and from one /64 of IPv6, in an office."""

PER_NUMBER_AND_HOUR = 2
"""How many places may be held for one telephone number within an hour."""

WRONG_CODES = 5
"""How many wrong codes may be typed for a held place; after them only its phone confirms it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A held place as time sees it. chosen: when it was; handed: when its message was handed over, None before."""

    chosen: datetime
    handed: datetime | None

    @property
    def until(self) -> datetime:
        """When the place is free again; before the message is handed over, the latest that can be."""
        return min((self.handed or self.chosen + HANDED_WITHIN) + CONFIRMED_WITHIN, self.chosen + LONGEST)


Fate = Literal["waits", "stands", "ends"]


# docs/spec/safety.md §3.3: "A message that was not handed over within 60 seconds asks for nothing any more"
def fate(place: Waiting, now: datetime) -> Fate:
    """What becomes of a held place now: it waits on, stands as a booking without its phone, or is free again."""
    if place.handed is None or place.handed > place.chosen + HANDED_WITHIN:
        return "stands" if now >= place.chosen + HANDED_WITHIN else "waits"
    return "ends" if now >= place.until else "waits"


def at_once(caller: str) -> int:
    """How many places may wait at once that were chosen from this network."""
    return AT_ONCE_IPV6 if ":" in caller else AT_ONCE_IPV4


@dataclass(frozen=True, slots=True)
class _OfHold(Request):
    """Something is done to a held place. booking: its row id; code, day: what it is found by."""

    reads = Reads(bookings=True)

    booking: int
    code: str
    day: date

    @property
    def typed_code(self) -> str:
        """The code it is found by."""
        return self.code

    def _found(self, context: Context) -> Booking | None:
        of_code = context.ledger.with_code(self.code, self.day)
        return next((booking for booking in of_code if booking.id == self.booking), None)


@dataclass(frozen=True, slots=True)
class ConfirmHeld(_OfHold):
    """Somebody typed the code on the page of the place."""

    def decide(self, context: Context) -> Confirmed | Lapsed | LimitReached | UnknownBooking:
        """Confirm the place; typed once more, the code says that it is confirmed."""
        found = self._found(context)
        if found is None or found.state == "moved":
            return UnknownBooking(self.code, self.day)
        if found.state == "held":
            return confirm(context, found)
        return Confirmed(found) if found.state == "booked" else Lapsed(found)


@dataclass(frozen=True, slots=True)
class KeepHeld(_OfHold):
    """The message about the place could not be handed over: it becomes a booking as it is."""

    def decide(self, context: Context) -> Confirmed | UnknownBooking:
        """Keep the place, unless something became of it meanwhile."""
        found = self._found(context)
        if found is None or found.state != "held":
            return UnknownBooking(self.code, self.day)
        return Confirmed(context.ledger.confirm(found))


@dataclass(frozen=True, slots=True)
class EndHeld(_OfHold):
    """The time of the place is over."""

    def decide(self, context: Context) -> Cancelled | UnknownBooking:
        """Cancel it, unless something became of it meanwhile."""
        found = self._found(context)
        if found is None or found.state != "held":
            return UnknownBooking(self.code, self.day)
        return Cancelled(context.ledger.cancel(found))


# docs/spec/safety.md §3.3: "A confirmed place counts in the limits of its number from then on"
def confirm(context: Context, held: Booking) -> Confirmed | LimitReached:
    """Make a held place a booking of its phone, unless that phone holds as many as it may by now."""
    service = context.office.service_of.get(held.service)
    own = context.open_bookings
    settings = context.office.settings
    limit = (limits.of_sender(settings, service, own) if service else None) or limits.of_day(settings, held.day, own)
    return limit or Confirmed(context.ledger.confirm(held))
