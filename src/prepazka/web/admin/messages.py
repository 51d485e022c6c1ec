"""The log of messages: what came, what was said, and whether it got through. Whoever looks a number up is noted."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from prepazka.flows.outbound.resend import resend
from prepazka.flows.phone_numbers import e164
from prepazka.store import log
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.message_states import KINDS, STATES
from prepazka.web.titles import outcome_title

_SIZE = 50


@staff("manager")
@require_safe
def messages(request: StaffRequest) -> HttpResponse:
    """The newest messages, or those of one number. The number is in no address and in no log of a proxy."""
    return _page(request, "")


@staff("manager")
@require_POST
def of_number(request: StaffRequest) -> HttpResponse:
    """The messages of one number; that they were looked up is in the audit trail."""
    asked = request.POST.get("number", "").strip()
    if not asked:
        return redirect("admin-messages", slug=request.official.office.slug)
    return _page(request, e164(asked)[:40], asked[:40])


def _page(request: StaffRequest, number: str, asked: str = "") -> HttpResponse:
    official, now = request.official, clock.now()
    before = _before(request.POST.get("before") or request.GET.get("before", ""))
    if number:
        log.note(official.office.id, now, official.who, "messages looked up", number=number)
    page = log.messages(official.office.id, number, before, _SIZE)
    entries = [
        {
            "entry": entry,
            "at": entry.at.astimezone(official.office.zone),
            "phone": wording.phone(entry.number),
            "state": STATES.get(entry.state, entry.state),
            "what": KINDS.get(entry.what) or outcome_title(entry.what),
        }
        for entry in page.entries
    ]
    context = {"entries": entries, "number": asked, "next": ",".join(map(str, page.next)) if page.next else ""}
    return office_page(request, "messages", "admin-messages", context)


def _before(written: str) -> tuple[int, int] | None:
    keys = written.split(",")
    if len(keys) == 2 and all(key.isdecimal() and len(key) < 19 for key in keys):
        return int(keys[0]), int(keys[1])
    return None


@staff("manager")
@require_POST
def again(request: StaffRequest, message: int) -> HttpResponse:
    """Send a message that did not get through once more."""
    official = request.official
    done = resend(official.office.id, message, clock.now(), official.who)
    query = urlencode({"done": "queued" if done else "not-queued"})
    return redirect(f"{reverse('admin-messages', args=[official.office.slug])}?{query}")
