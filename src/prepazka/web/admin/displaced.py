"""Changes that leave people without a place: they are shown first, and the official says what becomes of them."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prepazka.core.office import lengths
from prepazka.core.office.office import Office
from prepazka.flows.booking import displaced
from prepazka.web import clock, office_errors, wording
from prepazka.web.access import StaffRequest
from prepazka.web.admin import editing
from prepazka.web.admin.editing import OfficeDocument
from prepazka.web.admin.page import office_page


class ReasonForm(forms.Form):
    """Why bookings are cancelled; for closures their own reason says it."""

    why = forms.CharField(
        label=gettext_lazy("Důvod zrušení"),
        max_length=lengths.CLOSURE_REASON,
        help_text=gettext_lazy("Uvidí jej lidé ve zprávě, když objednávky zrušíte."),
    )

    def clean_why(self) -> str:
        """What a message can say."""
        why = str(self.cleaned_data["why"])
        if any(unicodedata.category(character) == "Cc" for character in why):
            raise forms.ValidationError(str(office_errors.WORDS["control_character"]))
        return why


@dataclass(frozen=True)
class PendingChange:
    """A change on its way: the form that asks for it, the page it is on, and what it does to the office's table.

    seen: the part the form was filled from, and its digest then. closure: its reason, when it shuts the office: then
    nobody can be kept.
    """

    request: StaffRequest
    form: forms.Form
    page: str
    edit: Callable[[OfficeDocument], None]
    seen: tuple[Callable[[OfficeDocument], object], str]
    closure: str | None = None


def change_or_confirm(changing: PendingChange) -> HttpResponse | None:
    """Change the office; None when it is done, a page to be confirmed when that leaves somebody without a place.

    Raises: Refused, as `web.admin.editing.change_office`.
    """
    request, now = changing.request, clock.now()
    confirm = request.POST.get("confirm", "")
    calling, reason = _calling(changing, confirm)
    sure = calling is not None or (confirm == "keep" and changing.closure is None)
    ids = request.POST.get("hit", "").split(",") if sure else []
    shown_before = [int(one) for one in ids if one.isdecimal() and len(one) < 19]

    def then(before: Office, after: Office) -> None:
        displaced.displace(before, after, shown_before, (request.official.who, now), calling)

    try:
        editing.change_office(request.official, changing.edit, now, changing.seen, then)
    except displaced.OthersDisplaced as others:
        return _ask(changing, others, reason, again=sure)
    return None


def _calling(changing: PendingChange, confirm: str) -> tuple[displaced.Cancellation | None, ReasonForm]:
    """Whether those hit are cancelled, and the form of the reason, with its mistakes if it has any."""
    post = changing.request.POST
    if confirm != "call_off":
        return None, ReasonForm(initial={"why": _("změna otevírací doby")}, label_suffix="")
    form = ReasonForm(post, label_suffix="")
    if changing.closure is not None:
        return displaced.Cancellation(changing.closure, "tell" in post), form
    return displaced.Cancellation(form.cleaned_data["why"], "tell" in post) if form.is_valid() else None, form


def _ask(
    changing: PendingChange, others: displaced.OthersDisplaced, reason: ReasonForm, *, again: bool
) -> HttpResponse:
    """Show whom the change hits, and ask what to do."""
    hit = others.bookings
    rows = [
        {
            "when": f"{wording.format_day(booking.day)} {wording.format_time(booking.at)}",
            "service": booking.service,
            "name": booking.name,
            "phone": wording.format_phone(booking.sender) if booking.sender else "",
        }
        for booking in hit
    ]
    context: dict[str, Any] = {
        "form": changing.form,
        "remove": "remove" in changing.request.POST,
        "reason": None if changing.closure is not None else reason,
        "back": changing.page,
        "hit": rows,
        "ids": ",".join(str(booking.id) for booking in hit),
        "count": wording.format_booking_count(len(hit)),
        "again": again,
    }
    return office_page(changing.request, "closing", changing.page, context)
