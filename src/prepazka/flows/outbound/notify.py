"""Telling citizens what they did not ask for: confirmations of the web, changes by the office, reminders, notices.

    ways = outbox.ways(office)
    reply = render(Booked(booking), office, "cs")
    outbox.tell(office, [outbox.of_booking("confirmation", booking, reply)], now)

Called within the transaction that decided it, so that nobody is told what did not happen, and nobody is not told what
did. What is told is sent later, by `flows.outbound.deliver`. A new kind of message is a line in `core.delivery.KINDS`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from prepazka.core.booking.booking import Booking
from prepazka.core.minutes import instant
from prepazka.core.office.office import Office
from prepazka.flows.phone_numbers import replyable
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.screens import PHONE, SCREENS
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import Reply
from prepazka.sms.understand.parse import parse
from prepazka.store import notifications as store
from prepazka.store import writes


@dataclass(frozen=True, slots=True)
class Route:
    """How a message leaves: by which gateway, and from which of the office's numbers."""

    gateway: str
    number: str


@dataclass(frozen=True, slots=True)
class Routes:
    """The ways an office has now. first: what messages take that have none of their own; None: it has none."""

    first: Route | None
    gateways: frozenset[str]
    numbers: frozenset[str]

    def back(self, gateway: str, number: str) -> Route | None:
        """The way a message came by, if one can go back by it; else the first."""
        if gateway in self.gateways and number in self.numbers:
            return Route(gateway, number)
        return self.first


@dataclass(frozen=True, slots=True)
class Notification:
    """What somebody is to be told.

    kind: of `core.delivery.KINDS`. recipient: E.164. until: it is of no use from then on (aware). booking: the id of
    the one it is about; of each kind, one is sent a booking, ever. way: None is the office's first.
    """

    kind: str
    recipient: str
    reply: Reply
    until: datetime
    booking: int | None = None
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class ReplyPreference:
    """How to speak to who made a booking: by which way, and in which language."""

    route: Route | None
    language: str


def routes_of(office: Office) -> Routes:
    """The ways of an office: its numbers, in their order, that are bound to a gateway that can send.

    Without any, the phone simulator shows what is said, where there is one.
    """
    openable = store.gateways(KINDS)
    bound = [Route(gateway, number) for number, gateway in store.numbers(office.id) if gateway in openable]
    if settings.SIMULATOR and office.numbers:
        bound.append(Route(PHONE, office.numbers[0]))
    return Routes(bound[0] if bound else None, openable | SCREENS, frozenset(office.numbers))


def reply_preferences(
    office: Office, bookings: Collection[int], today: date, known: Routes
) -> Mapping[int, ReplyPreference]:
    """How to speak to who made these bookings: as they wrote; on the first way and in Czech where they did not.

    bookings: their ids; today: any recent day of the office, for reading what they wrote. A constant number of queries.
    """
    wrote = store.wrote(office.id, bookings)
    return {
        booking: ReplyPreference(known.back(said.gateway, said.recipient), parse(said.text, office, today).language)
        if (said := wrote.get(booking))
        else ReplyPreference(known.first, FIRST)
        for booking in bookings
    }


def of_booking(kind: str, booking: Booking, row: int, reply: Reply, route: Route | None = None) -> Notification:
    """What who made a booking is to be told of it, of use until the visit. row: the booking's id in the store."""
    return Notification(kind, booking.sender, reply, instant(booking.start), row, route)


def enqueue(office: Office, notifications: Iterable[Notification], now: datetime, known: Routes | None = None) -> int:
    """Queue these messages, in the caller's transaction; how many.

    Not queued is what is of no use any more, what was told before (same kind, same booking), and what cannot reach
    anybody: a recipient that is no ordinary number, or an office without a number bound to a gateway that can send.
    known: the office's `routes_of`, where the caller has asked already.
    """
    wanted = [
        notification for notification in notifications if notification.until > now and replyable(notification.recipient)
    ]
    first = (known or routes_of(office)).first if any(notification.route is None for notification in wanted) else None
    messages = [
        writes.OutgoingMessage(
            gateway=route.gateway,
            in_reply_to=None,
            kind=notification.kind,
            sender=route.number,
            recipient=notification.recipient,
            text=notification.reply.text,
            septets=notification.reply.septets,
            parts=notification.reply.parts,
            state="queued",
            expires_at=notification.until,
            booking=notification.booking,
        )
        for notification in wanted
        if (route := notification.route or first)
    ]
    return writes.notify(office.id, messages, now)
