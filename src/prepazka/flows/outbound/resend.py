"""Resending a message that was not delivered, when an official decides so: as a new message; the old one stays."""

from datetime import datetime

from django.db import transaction

from prepazka.core.delivery import LIFETIME
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import Reply
from prepazka.store import log, offices


# docs/spec/delivery.md §6: "One press of the button, however often it is pressed, sends one message."
def resend(office_id: int, outbound: int, now: datetime, who: str) -> bool:
    """Queue the same text to the same number; False when it was delivered, resent already, or erased.

    Invariant: however often the button is clicked, one message is sent.
    """
    with transaction.atomic():
        office = offices.lock(office_id).office
        message = log.find_outbound(office_id, outbound)
        if message is None or message.state not in log.RESENDABLE or not message.text:
            return False
        if log.was_sent_again(office_id, message):
            return False
        routes = notify.routes_of(office)
        route = routes.back(message.gateway, message.sender)
        reply = Reply(message.text, message.septets, message.parts)
        resent = notify.Notification("resent", message.recipient, reply, now + LIFETIME, route=route)
        if not notify.enqueue(office, [resent], now, routes):
            return False
        log.note(office_id, now, who, "message sent again", message=outbound)
    return True
