"""The words of the clerk's inbox: how long a text is, how old a message is, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from prepazka.core.booking.misunderstood import MISUNDERSTOOD
from prepazka.core.office.office import Office
from prepazka.sms.reply.free_text import excess, room
from prepazka.sms.reply.render import Reply
from prepazka.store import models
from prepazka.store.messages import ConversationLine
from prepazka.web import wording
from prepazka.web.message_states import STATES


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a conversation. lost: it was not understood."""

    ours: bool
    text: str
    at: str
    state: str
    lost: bool


def format_lines(said: Sequence[ConversationLine], office: Office) -> list[Line]:
    """Return a conversation as the page shows it."""
    return [
        Line(
            ours=one.ours,
            text=one.text,
            at=f"{wording.format_short_day(one.at.astimezone(office.zone).date())} "
            f"{wording.format_time(one.at.astimezone(office.zone).time())}",
            state=str(STATES.get(one.state, "")) if one.ours else "",
            lost=one.what in MISUNDERSTOOD,
        )
        for one in said
    ]


def format_booking(one: models.Booking, office: Office) -> dict[str, Any]:
    """Return a booking of the sender, with its day for a link."""
    at = one.starts_at.astimezone(office.zone)
    return {
        "code": one.service.code,
        "day": one.day,
        "when": f"{wording.format_day(one.day)} {wording.format_time(at.time())}",
    }


def format_moment(at: datetime, office: Office, now: datetime) -> str:
    """Return `9:12` of today, `st 26. 11.` of another day."""
    there = at.astimezone(office.zone)
    if there.date() == now.astimezone(office.zone).date():
        return wording.format_time(there.time())
    return wording.format_short_day(there.date())


def format_age(since: datetime, now: datetime) -> str:
    """Return how long a message has been waiting, in whole minutes, hours or days."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes >= 24 * 60:
        return wording.format_day_count(minutes // (24 * 60))
    if minutes >= 60:
        return f"{minutes // 60}\u00a0h"
    return f"{minutes}\u00a0min"


def describe_length(reply: Reply, written: str) -> dict[str, Any]:
    """Return how many characters and messages a text takes, in words; `mark` is the shape that goes with them."""
    pieces = [_("znaků %(used)s/%(room)s") % {"used": reply.septets, "room": room(reply)}]
    mark = ""
    if excess(reply):
        mark = "■"
        pieces.append(describe_excess(reply))
    elif reply.parts > 1:
        mark = "▲"
        pieces.append(wording.format_message_count(reply.parts))
        pieces.append(_("%(times)s× cena") % {"times": reply.parts})
    elif reply.parts:
        pieces.append(wording.format_message_count(reply.parts))
    plain = reply.text != "\n".join(line.rstrip() for line in written.replace("\r", "").strip().split("\n"))
    return {
        "counted": ", ".join(pieces),
        "mark": mark,
        "parts": reply.parts,
        "over": excess(reply) > 0,
        "plain": plain and bool(reply.parts),
    }


def describe_excess(reply: Reply) -> str:
    """Return by how much a text is too long."""
    return _("zkraťte text o %(over)s") % {"over": wording.format_character_count(excess(reply))}
