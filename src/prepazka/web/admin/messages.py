"""The log of messages, in and out, with their delivery. Whoever looks is in the register of access."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from prepazka.core.resending import TROUBLED, obstacle
from prepazka.flows.outbound.resend import resend
from prepazka.flows.phone_numbers import e164
from prepazka.store import log, register, troubles
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.delivery_words import OBSTACLES, describe_cause, describe_obstacle
from prepazka.web.message_states import KINDS, STATES
from prepazka.web.post_only import post_only
from prepazka.web.titles import outcome_title

_SIZE = 50


@staff("manager")
@require_safe
def messages(request: StaffRequest) -> HttpResponse:
    """Show the newest messages. The number searched for is in no address and in no proxy's log."""
    return _messages_page(request, "")


@staff("manager")
@post_only
def of_number(request: StaffRequest) -> HttpResponse:
    """Show the messages of one number."""
    searched = request.POST.get("number", "").strip()
    if not searched:
        return redirect("admin-messages", slug=request.official.office.slug)
    return _messages_page(request, e164(searched)[:40], searched[:40])


def _messages_page(request: StaffRequest, number: str, searched: str = "") -> HttpResponse:
    official, now = request.official, clock.now()
    before = _parse_cursor(request.POST.get("before") or request.GET.get("before", ""))
    if number:
        register.note(official.office.id, now, official.who, "messages of number", number)
    else:
        register.count(official.office.id, now, official.who, "messages listed")
    page = log.messages(official.office.id, number, before, _SIZE)
    troubled = {entry.id for entry in page.entries if entry.ours and entry.state in TROUBLED}
    sent = troubles.sent_messages(official.office.id, troubled, now) if troubled else {}
    entries = [
        {
            "entry": entry,
            "at": entry.at.astimezone(official.office.zone),
            "phone": wording.format_phone(entry.number),
            "state": STATES.get(entry.state, entry.state),
            "what": KINDS.get(entry.what) or outcome_title(entry.what),
            "cause": describe_cause(entry.cause) or entry.error,
            "troubled": entry.ours and entry.id in sent,
            "obstacle": describe_obstacle(obstacle(sent[entry.id])) if entry.ours and entry.id in sent else "",
        }
        for entry in page.entries
    ]
    context = {
        "entries": entries,
        "number": searched,
        "next": ",".join(map(str, page.next)) if page.next else "",
        "not_resent": OBSTACLES.get(request.GET.get("not", "")),
    }
    return office_page(request, "messages", "admin-messages", context)


def _parse_cursor(written: str) -> log.PageKey | None:
    keys = written.split(",")
    if len(keys) == 2 and all(key.isdecimal() and len(key) < 19 for key in keys):
        return log.PageKey(int(keys[0]), int(keys[1]))
    return None


@staff("manager")
@post_only
def again(request: StaffRequest, message: int) -> HttpResponse:
    """Send a message that did not arrive once more, where that is safe; the next page says what was done."""
    official = request.official
    why = resend(official.office.id, message, clock.now(), official.who)
    query = urlencode({"not": why} if why else {"done": "queued"})
    page = "admin-delivery" if "delivery" in request.POST else "admin-messages"
    return redirect(f"{reverse(page, args=[official.office.slug])}?{query}")
