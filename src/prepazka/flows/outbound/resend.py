"""Sending once more what did not get through, when an official says so: a new message, for the old one is history."""

from datetime import datetime

from django.db import transaction

from prepazka.core.delivery import LIFETIME
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import Reply
from prepazka.store import log, offices


# docs/spec/delivery.md §6: "One press of the button, however often it is pressed, sends one message."
def resend(office_id: int, outbound: int, now: datetime, who: str) -> bool:
    """Send the same text to the same number; False for what got through, was sent again already, or is erased.

    Invariant: one pressing of the button, however often it is pressed, sends one message.
    """
    with transaction.atomic():
        office = offices.lock(office_id).office
        message = log.said(office_id, outbound)
        if message is None or message.state not in log.AFRESH or not message.text:
            return False
        if log.sent_again(office_id, message):
            return False
        routes = notify.routes_of(office)
        route = routes.back(message.gateway, message.sender)
        reply = Reply(message.text, message.septets, message.parts)
        again = notify.Notification("resent", message.recipient, reply, now + LIFETIME, route=route)
        if not notify.enqueue(office, [again], now, routes):
            return False
        log.note(office_id, now, who, "message sent again", message=outbound)
    return True
