"""Delivery: which messages did not arrive, by gateway and why; each sent once more with one press where it is safe."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prepazka.core.delivery import REMEMBERED
from prepazka.core.resending import obstacle
from prepazka.store import gateway_hours, register, strays, troubles
from prepazka.store.troubles import Trouble
from prepazka.web import clock, wording
from prepazka.web.access import Official, StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.delivery_words import OBSTACLES, describe_cause, describe_obstacle
from prepazka.web.message_states import KINDS, STATES

_SIZE = 50


@staff("manager")
@require_safe
def delivery(request: StaffRequest) -> HttpResponse:
    """Show what did not arrive of the last 30 days; to the operator also receipts of no message, and strays."""
    official, now = request.official, clock.now()
    since = now - REMEMBERED
    register.count(official.office.id, now, official.who, "messages listed")
    found = troubles.latest(official.office.id, since, _before(request.GET.get("before", "")), _SIZE + 1)
    context = {
        "groups": [
            {
                "group": group,
                "state": STATES[group.state],
                "cause": describe_cause(group.cause),
                "last": group.last_at.astimezone(official.office.zone),
            }
            for group in troubles.groups(official.office.id, since)
        ],
        "entries": _entries(official, found[:_SIZE], now),
        "next": found[_SIZE - 1].id if len(found) > _SIZE else "",
        "days": REMEMBERED // timedelta(days=1),
        "not_resent": OBSTACLES.get(request.GET.get("not", "")),
        "operator": official.operator,
    }
    if official.operator:  # neither names an office
        context["unmatched"] = gateway_hours.unmatched(since)
        context["strays"] = strays.count()
    return office_page(request, "delivery", "admin-delivery", context)


def _entries(official: Official, found: Sequence[Trouble], now: datetime) -> list[dict[str, object]]:
    sent = troubles.sent_messages(official.office.id, [trouble.id for trouble in found], now)
    return [
        {
            "trouble": trouble,
            "at": trouble.at.astimezone(official.office.zone),
            "phone": wording.format_phone(trouble.number),
            "state": STATES[trouble.state],
            "what": KINDS[trouble.kind],
            "cause": describe_cause(trouble.cause) or trouble.error,
            "obstacle": describe_obstacle(obstacle(sent[trouble.id])),
        }
        for trouble in found
        if trouble.id in sent
    ]


def _before(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else None
