"""Resending a message that did not arrive, when an official decides so: as a new message; the old one stays."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from prepazka.core.delivery import LIFETIME
from prepazka.core.resending import Obstacle, obstacle
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import Reply
from prepazka.store import log, offices, outbox, troubles

NotResent = Obstacle | Literal["no_gateway"]
"""Why nothing was sent once more: by the rule, or because the office has no gateway its recipient can be reached by."""


# docs/spec/delivery.md §6: "One press of the button, however often it is pressed, sends one message."
def resend(office_id: int, outbound: int, now: datetime, who: str) -> NotResent | None:
    """Queue the same text to the same number, where it is safe; return why not otherwise.

    Invariant: however often the button is clicked, one message is sent, and none whose recipient may have it already.
    It holds because the office and the gateway of the message are locked: nobody presses, and no answer is stored,
    between the decision and the new message.
    """
    with transaction.atomic():
        office = offices.lock(office_id).office
        message = log.find_outbound(office_id, outbound)
        if message is None:
            return "erased"
        outbox.lock(message.gateway)
        if why := obstacle(troubles.sent_messages(office_id, [outbound], now)[outbound]):
            return why
        routes = notify.routes_of(office)
        route = routes.back(message.gateway, message.sender)
        reply = Reply(message.text, message.septets, message.parts)
        resent = notify.Notification("resent", message.recipient, reply, now + LIFETIME, route=route)
        if not notify.enqueue(office, [resent], now, routes):
            return "no_gateway"
        log.note(office_id, now, who, "message sent again", message=outbound)
    return None
