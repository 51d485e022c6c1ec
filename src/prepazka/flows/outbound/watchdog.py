"""The watchdog at work: sends the morning's messages, and notes which came back.

A message from the office's own number is never answered (`core/booking/guards.py`), so none of them can begin a loop.
It is sent as any other: its cost is in the figures of the office.
"""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from prepazka.core import watchdog as rules
from prepazka.core.watchdog import Rounds
from prepazka.flows.outbound import notify
from prepazka.flows.outbound.notify import Notification, Route
from prepazka.flows.phone_numbers import replyable
from prepazka.gateways.kinds import KINDS
from prepazka.sms.reply.render import Reply
from prepazka.store import offices
from prepazka.store import watchdog as store
from prepazka.store.watchdog import Watched

# Read alike in every language, and taught to nobody: it is read by this program only.
_TEXT = "PREPAZKA KONTROLA {code}"


def watch(now: datetime) -> int:
    """Send what is due and look for what has come back; return how many were sent. Nothing without the setting."""
    if settings.WATCHDOG is None:
        return 0
    known = store.rounds()
    on_its_way = {number: one.sent for number, one in known.items() if one.sent and rules.is_on_its_way(one)}
    for number in store.came_back(on_its_way):
        store.note_back(number, now)
        known[number] = Rounds(known[number].sent, now, known[number].missed)
    return sum(
        _send(one, known.get(one.number, Rounds()), now)
        for one in store.watched(KINDS)
        if replyable(one.number)  # nobody can text a short code from itself
        and rules.is_due(known.get(one.number, Rounds()).sent, settings.WATCHDOG, now, ZoneInfo(one.timezone))
    )


def _send(watched: Watched, before: Rounds, now: datetime) -> int:
    office = offices.load(watched.office)
    reply = Reply.of(_TEXT.format(code=secrets.token_hex(4).upper()))
    route = Route(watched.gateway, watched.number)
    message = Notification(store.KIND, watched.number, reply, now + rules.PATIENCE, route=route)
    with transaction.atomic():
        if not store.claim(watched.number, before.sent, now):
            return 0
        if rules.is_on_its_way(before):
            store.note_missed(watched.number, now)
        return notify.enqueue(office, [message], now)
