"""Today's messages with their estimated cost, the ceilings, and the emergency stop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prepazka.core.minutes import instant, midnight
from prepazka.core.office.office import Office
from prepazka.core.rate_limits import LIMITS, MESSAGES_OF_OFFICE, REPLIES_TO_OTHER_COUNTRIES, WEB_REFUSALS, Bucket
from prepazka.store import costs as store
from prepazka.store import log, offices, rate_limits
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.message_states import KINDS
from prepazka.web.post_only import post_only


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A ceiling: what it counts, how many there are of it, at most how many there may be, and what happens then."""

    title: str
    count: int
    most: int
    then: str

    @property
    def is_reached(self) -> bool:
        """Whether there may be no more."""
        return self.count >= self.most


# docs/spec/safety.md §3.5: "An administrator sees today's messages by kind with an estimate of their cost"
@staff("administrator")
@require_safe
def costs(request: StaffRequest) -> HttpResponse:
    """Show the page."""
    office, now = request.official.office, clock.now()
    today = now.astimezone(office.zone).date()
    sent = store.sent_since(office.id, instant(midnight(today, office.zone)))
    messages, parts = sum(one.messages for one in sent), sum(one.parts for one in sent)
    context = {
        "sent": [(KINDS.get(one.kind, one.kind), one.messages, one.parts, _format_cost(one.parts)) for one in sent],
        "messages": messages,
        "parts": parts,
        "cost": _format_cost(parts),
        "price": _format_cost(1),
        "ceilings": list(_ceilings(office, messages, now)),
        "stopped": offices.replies_only(office.id),
    }
    return office_page(request, "costs", "admin-costs", context)


@staff("administrator")
@post_only
def stop(request: StaffRequest) -> HttpResponse:
    """Send only replies from now on, or everything again."""
    official, stopped = request.official, request.POST.get("stopped") == "yes"
    if offices.send_only_replies(official.office.id, stopped):
        what = "only replies sent" if stopped else "all messages sent"
        log.note(official.office.id, clock.now(), official.who, what)
    done = "stopped" if stopped else "resumed"
    return redirect(f"{reverse('admin-costs', args=[official.office.slug])}?done={done}")


def _ceilings(office: Office, messages: int, now: datetime) -> Iterator[Ceiling]:
    words = {
        MESSAGES_OF_OFFICE: (
            _("Zprávy úřadu za den"),
            _("další upozornění a zprávy z webu se neposílají"),
        ),
        REPLIES_TO_OTHER_COUNTRIES: (
            _("Odpovědi telefonům jiných zemí za den"),
            _("na další zprávy z nich neodpovíme"),
        ),
        WEB_REFUSALS: (
            _("Odmítnuté objednávky z webu za 10 minut"),
            _("formuláře na webu chtějí potvrzení, že je neposílá robot"),
        ),
    }
    [replies, refusals] = rate_limits.peek(
        [Bucket(limit, "", office.id) for limit in (REPLIES_TO_OTHER_COUNTRIES, WEB_REFUSALS)]
    )
    yield Ceiling(
        words[MESSAGES_OF_OFFICE][0], messages, rate_limits.figure(MESSAGES_OF_OFFICE), words[MESSAGES_OF_OFFICE][1]
    )
    for tally in (replies, refusals):
        title, then = words[LIMITS[tally.limit.name]]
        yield Ceiling(title, tally.hits(now), tally.limit.figure, then)


def _format_cost(parts: int) -> str:
    """Return what so many SMS cost, such as `12,60 Kč`."""
    cost: Decimal = settings.SMS_PRICE * parts
    return _("%(crowns)s Kč") % {"crowns": number_format(cost, 2)}
