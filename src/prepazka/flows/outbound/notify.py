"""Notifications: messages that are no replies, such as confirmations from the web, cancellations, reminders, notices.

    reply = render(Booked(booking), office, "cs")
    notify.enqueue(office, [notify.of_booking("confirmation", booking, booking_id, reply)], now)

Queued within the transaction that decided, so that exactly what happened is announced. `flows.outbound.deliver` sends
them later. A new kind of message is a line in `core.delivery.KINDS`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.conf import settings

from prepazka.core.booking.booking import Booking
from prepazka.core.delivery import KINDS as KINDS_OF_MESSAGES
from prepazka.core.minutes import instant
from prepazka.core.office.office import Office
from prepazka.flows.outbound import ceiling
from prepazka.flows.phone_numbers import replyable
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.screens import PHONE, SCREENS
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import Reply
from prepazka.sms.understand.parse import parse
from prepazka.store import notifications as store
from prepazka.store import writes

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Route:
    """The gateway a message leaves by, and the office's number it is sent from."""

    gateway: str
    number: str


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes an office has now. first: for messages without a route of their own; None: it has none."""

    first: Route | None
    gateways: frozenset[str]
    numbers: frozenset[str]

    def back(self, gateway: str, number: str) -> Route | None:
        """Return the route a message came by, if a reply can take it; otherwise the first."""
        if gateway in self.gateways and number in self.numbers:
            return Route(gateway, number)
        return self.first


@dataclass(frozen=True, slots=True)
class Notification:
    """A message to be queued.

    kind: of `core.delivery.KINDS`. recipient: E.164. until: it is of no use from then on (aware). booking: the row id
    of the booking it is about; one of each kind is sent about a booking, ever. route: None is the office's first.
    """

    kind: str
    recipient: str
    reply: Reply
    until: datetime
    booking: int | None = None
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class ReplyPreference:
    """The route and the language of messages to the sender of a booking."""

    route: Route | None
    language: str


def routes_of(office: Office) -> Routes:
    """Return the routes of an office: its numbers, in their order, that are bound to a gateway that can send.

    Without any, messages go to the phone simulator, where that is switched on.
    """
    openable = store.gateways_of_kinds(KINDS)
    bound = [Route(bound.gateway, bound.number) for bound in store.numbers(office.id) if bound.gateway in openable]
    if settings.SIMULATOR and office.numbers:
        bound.append(Route(PHONE, office.numbers[0]))
    return Routes(bound[0] if bound else None, openable | SCREENS, frozenset(office.numbers))


def reply_preferences(
    office: Office, bookings: Collection[int], today: date, routes: Routes
) -> Mapping[int, ReplyPreference]:
    """Return how to answer the senders of these bookings: as they wrote, else on the first route and in Czech.

    bookings: row ids; today: any recent day of the office, for reading the messages. A constant number of queries.
    """
    messages = store.booking_messages(office.id, bookings)
    return {
        booking: ReplyPreference(
            routes.back(message.gateway, message.recipient), parse(message.text, office, today).language
        )
        if (message := messages.get(booking))
        else ReplyPreference(routes.first, FIRST)
        for booking in bookings
    }


def of_booking(kind: str, booking: Booking, booking_id: int, reply: Reply, route: Route | None = None) -> Notification:
    """Return a notification to the sender of a booking about it, of use until the visit."""
    return Notification(kind, booking.sender, reply, instant(booking.start), booking_id, route)


def enqueue(office: Office, notifications: Iterable[Notification], now: datetime, routes: Routes | None = None) -> int:
    """Queue notifications in the caller's transaction; return how many.

    Left out are those that are of no use any more, those queued before (same kind, same booking), those that can wait
    when the ceiling of the day is reached, and those that cannot be sent: to a recipient that is no ordinary number, or
    from an office without a number bound to a gateway that can send. routes: the office's `routes_of`, where the caller
    has read them already.
    """
    wanted = [
        notification for notification in notifications if notification.until > now and replyable(notification.recipient)
    ]
    first = (routes or routes_of(office)).first if any(notification.route is None for notification in wanted) else None
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
    return writes.send_once(office.id, _below_ceiling(office, messages, now), now)


# docs/spec/safety.md §2.6: "reminders, notices of freed places and messages to many"
def _below_ceiling(
    office: Office, messages: list[writes.OutgoingMessage], now: datetime
) -> list[writes.OutgoingMessage]:
    """Leave out the messages that the office no longer begins on this day; those on a screen cost nothing."""
    stoppable = [one for one in messages if KINDS_OF_MESSAGES[one.kind].below_ceiling and one.gateway not in SCREENS]
    if not stoppable or not ceiling.is_reached(office, now):
        return messages
    log.warning("ceiling of messages reached", office=office.id, left_out=len(stoppable))
    return [one for one in messages if one not in stoppable]
