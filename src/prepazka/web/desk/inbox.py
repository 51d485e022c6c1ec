"""The clerk's inbox: what people wrote that the office did not understand, and answering it by SMS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.flows import clerk_inbox as inbox
from prepazka.sms.reply.free_text import fits, free_text
from prepazka.sms.reply.render import Reply
from prepazka.store import accounts
from prepazka.store import clerk_inbox as store
from prepazka.store.clerk_inbox import InboxMessage
from prepazka.store.register import masked
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.desk import inbox_words as words
from prepazka.web.post_only import post_only

_MESSAGE = "inbox message"
_SIZE = 200
"""Messages the list is made of; from one sender there may be several."""
_LAST = 2**62
_BEGINNING = 60
"""Characters of a message the list shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A sender in the list. message: the id of the newest message; count: how many there are."""

    message: int
    sender: str
    beginning: str
    at: str
    age: str
    count: int
    readers: str
    by: str


class AnswerForm(forms.Form):
    """An answer, and the conversation as its writer saw it (`flows.clerk_inbox.Seen`)."""

    text = forms.CharField(
        label=gettext_lazy("Odpověď"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Napište odpověď.")},
    )
    seen_message = forms.IntegerField()
    seen_answer = forms.IntegerField()

    def __init__(self, office: Office, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office

    def clean_text(self) -> Reply:
        """Return the text as it will be sent."""
        reply = free_text(self.cleaned_data["text"], self.office)
        if not reply.parts:
            raise forms.ValidationError(_("Z textu nezbylo nic, co lze poslat v SMS. Napište ho prosím písmeny."))
        if not fits(reply):
            raise forms.ValidationError(words.describe_excess(reply))
        return reply

    @property
    def seen(self) -> inbox.Seen:
        """Return the conversation the form was filled in upon."""
        return inbox.Seen(self.cleaned_data["seen_message"], self.cleaned_data["seen_answer"])


@staff("clerk")
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """List the senders whose messages wait, the newest first; `?done`: those that were seen to."""
    return render(request, "web/desk/inbox.html", _list(request))


@staff("clerk")
@require_safe
def thread(request: StaffRequest, message: int) -> HttpResponse:
    """Show a conversation with the form that answers it."""
    return _thread(request, message)


@staff("clerk")
@post_only
def answer(request: StaffRequest, message: int) -> HttpResponseBase:
    """Send an answer; `insert` only puts a saved one into the form, `count` only counts."""
    office, now = _office(request), clock.now()
    form = AnswerForm(office, request.POST)
    if "insert" in request.POST or "count" in request.POST:
        return _thread(request, message, _filled(form, office))
    if not form.is_valid():
        return _thread(request, message, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    text: Reply = form.cleaned_data["text"]
    match inbox.answer(office.id, message, text, form.seen, (request.official.who, now)):
        case "gone":
            raise Http404
        case "answered_before":
            form.add_error(None, _("Mezitím už odešla jiná odpověď, vidíte ji výše. Tuto jsme neposlali."))
        case "unsendable":
            form.add_error(None, _("Na toto číslo teď zprávu poslat nelze: úřad nemá bránu, kterou by odešla."))
        case _:
            return _back(request, message, _("Odpověď posíláme, zpráva je vyřízená."))
    return _thread(request, message, form, HTTPStatus.CONFLICT)


@staff("clerk")
@post_only
def count(request: StaffRequest) -> HttpResponse:
    """Return how long a text will be, for the page's own script."""
    text = request.POST.get("text", "")[:2000]
    reply = free_text(text, _office(request))
    return render(request, "web/desk/count.html", words.describe_length(reply, text))


@staff("clerk")
@post_only
def done(request: StaffRequest, message: int) -> HttpResponseBase:
    """Mark a conversation as seen to, as far as the clerk had seen it."""
    seen = inbox.Seen(_parse_number(request.POST.get("seen_message")), 0)
    if not inbox.mark_done(_office(request).id, message, seen, request.official.who, clock.now()):
        raise Http404
    return _back(request, message, _("Zpráva je vyřízená bez odpovědi."))


@staff("clerk")
@post_only
def reopen(request: StaffRequest, message: int) -> HttpResponseBase:
    """Put a conversation back among those that wait."""
    if not inbox.reopen(_office(request).id, message, request.official.who, clock.now()):
        raise Http404
    return redirect("desk-inbox-thread", slug=request.official.office.slug, message=message)


def _office(request: StaffRequest) -> Office:
    """Return the office. Raises: Http404 where its clerks do not answer messages."""
    office = request.official.office
    if not office.settings.inbox:
        raise Http404
    return office


def _back(request: StaffRequest, message: int, notice: str) -> HttpResponseBase:
    """Redirect to the list, which says what was done and offers to undo it."""
    request.session[_MESSAGE] = {"words": notice, "message": message}
    return redirect("desk-inbox", slug=request.official.office.slug)


def _thread(
    request: StaffRequest, message: int, form: AnswerForm | None = None, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    office, now = _office(request), clock.now()
    found = inbox.open_thread(office.id, message, request.official.who, now)
    if found is None:
        raise Http404
    form = form or AnswerForm(office)
    text = form["text"].value() or ""
    called = accounts.called([*found.readers, found.message.done_by])
    context = {
        "thread": found,
        "form": form,
        "phone": wording.format_phone(found.message.sender),
        "lines": words.format_lines(found.lines, office),
        "bookings": [words.format_booking(one, office) for one in found.bookings],
        "readers": wording.join_words([called[reader] for reader in found.readers]) if found.readers else "",
        "done_by": called.get(found.message.done_by, ""),
        "saved": office.answers,
        **words.describe_length(free_text(text, office), text),
    }
    return render(request, "web/desk/inbox.html", _list(request, message) | context, status=status)


def _filled(form: AnswerForm, office: Office) -> AnswerForm:
    """Return the form as it stands, with the saved answer that was chosen, unchecked."""
    written = form.data.get("text", "")
    place = _parse_number(form.data.get("saved"))
    if "insert" in form.data and 0 <= place < len(office.answers):
        written = "\n".join(filter(None, [written.rstrip(), office.answers[place].text]))
    return AnswerForm(office, initial={"text": written})


def _list(request: StaffRequest, opened: int = 0) -> dict[str, Any]:
    office, now = _office(request), clock.now()
    finished = "done" in request.GET
    before = _parse_number(request.GET.get("before")) or _LAST
    messages = store.done(office.id, _SIZE) if finished else store.unread(office.id, before, _SIZE + 1)
    shown = messages[:_SIZE]
    rows = _rows(office, shown, now, request.official.who)
    return {
        "office": office,
        "rows": rows,
        "finished": finished,
        "hours": office.settings.inbox_hours,
        "opened": opened,
        "next": shown[-1].id if len(messages) > _SIZE else None,
        "notice": None if opened else request.session.pop(_MESSAGE, None),
    }


def _rows(office: Office, messages: Sequence[InboxMessage], now: datetime, who: str) -> list[Row]:
    """Return one row for each sender, in the order of their newest messages."""
    of_sender: dict[str, list[InboxMessage]] = {}
    for one in messages:
        of_sender.setdefault(one.sender, []).append(one)
    reading = inbox.readers(office.id, now)
    called = accounts.called([*(reader for _message, reader in reading), *(one.done_by for one in messages)])
    found = []
    for sender, theirs in of_sender.items():
        newest, oldest, ids = theirs[0], theirs[-1], {one.id for one in theirs}
        readers = dict.fromkeys(called[reader] for one, reader in reading if one in ids and reader != who)
        beginning = " ".join(newest.text.split())
        found.append(
            Row(
                message=newest.id,
                sender=masked(sender),
                beginning=beginning if len(beginning) <= _BEGINNING else f"{beginning[:_BEGINNING]}…",
                at=words.format_moment(newest.received_at, office, now),
                age=words.format_age(oldest.received_at, now) if newest.done_at is None else "",
                count=len(theirs),
                readers=wording.join_words(list(readers)) if readers else "",
                by=called.get(newest.done_by, ""),
            )
        )
    return found


def _parse_number(written: Any) -> int:
    """Parse a number of a form or an address; 0 for anything else."""
    text = str(written or "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
