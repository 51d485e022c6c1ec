"""Changes that displace bookings: the official first sees them, and decides whether they are kept or cancelled."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prepazka.core.actor import Actor
from prepazka.core.office import lengths
from prepazka.core.office.office import Office
from prepazka.flows.booking import displaced
from prepazka.store import register
from prepazka.store.offices import Locked
from prepazka.web import clock, office_errors, wording
from prepazka.web.access import StaffRequest
from prepazka.web.admin import editing
from prepazka.web.admin.editing import OfficeDocument, SeenPart
from prepazka.web.admin.page import office_page


class ReasonForm(forms.Form):
    """The reason of cancelled bookings; a closure has its own."""

    why = forms.CharField(
        label=gettext_lazy("Důvod zrušení"),
        max_length=lengths.CLOSURE_REASON,
        help_text=gettext_lazy("Uvidí ho lidé ve zprávě, když objednávky zrušíte."),
    )

    def clean_why(self) -> str:
        """Reject characters that a message cannot contain."""
        why = str(self.cleaned_data["why"])
        if any(unicodedata.category(character) == "Cc" for character in why):
            raise forms.ValidationError(str(office_errors.WORDS["control_character"]))
        return why


@dataclass(frozen=True)
class PendingChange:
    """A change of the office that may have to be confirmed first: its form, the form's page, and the edit itself.

    seen: the part the form shows. closure: the reason of a closure, whose displaced bookings cannot be kept; None for
    other changes. reasons: the same in other languages.
    """

    request: StaffRequest
    form: forms.Form
    page: str
    edit: Callable[[OfficeDocument], None]
    seen: SeenPart
    closure: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


def change_or_confirm(pending: PendingChange) -> HttpResponse | None:
    """Change the office and return None; when that displaces bookings, return the page that asks what to do.

    Raises: ChangeRefused, as `editing.change_office`.
    """
    request, now = pending.request, clock.now()
    confirm = request.POST.get("confirm", "")
    answer = _read_answer(pending, confirm)
    confirmed = answer.cancellation is not None or (confirm == "keep" and pending.closure is None)
    ids = request.POST.get("hit", "").split(",") if confirmed else []
    seen_ids = [int(text) for text in ids if text.isdecimal() and len(text) < 19]

    wanted: list[str] = []

    def displace(before: Locked, after: Office) -> None:
        wanted[:] = _describe_closures(before.office, after)
        displaced.displace(before, after, seen_ids, Actor(request.official.who, now), answer.cancellation)

    try:
        editing.change_office(request.official, pending.edit, now, pending.seen, displace)
    except displaced.OthersDisplaced as others:
        return _ask_confirmation(pending, others, answer.reason, wanted, again=confirmed)
    return None


@dataclass(frozen=True, slots=True)
class _Answer:
    """The official's decision: the cancellation, None to keep the bookings; and the form of its reason."""

    cancellation: displaced.Cancellation | None
    reason: ReasonForm


def _read_answer(pending: PendingChange, confirm: str) -> _Answer:
    """Read the decision; without a valid reason there is no cancellation, and the form has the mistakes."""
    post = pending.request.POST
    if confirm != "call_off":
        return _Answer(None, ReasonForm(initial={"why": _("změna otevírací doby")}, label_suffix=""))
    form = ReasonForm(post, label_suffix="")
    if pending.closure is not None:
        return _Answer(displaced.Cancellation(pending.closure, "tell" in post, pending.reasons), form)
    if not form.is_valid():
        return _Answer(None, form)
    return _Answer(displaced.Cancellation(form.cleaned_data["why"], "tell" in post), form)


def _describe_closures(before: Office, after: Office) -> Iterator[str]:
    """Yield what is closed by a change: days, hours, what of the office, and the reason people will read."""
    for one in after.closures:
        if any(replace(one, agenda=None) == replace(old, agenda=None) for old in before.closures):
            continue
        hours = wording.format_time_range(one.since, one.until) if one.since and one.until else ""
        of_office = after.agenda_of[one.agenda].title if one.agenda is not None else _("celý úřad")
        yield f"{', '.join(filter(None, (wording.format_days(one.first, one.last), hours, of_office)))}: {one.reason}"


def _ask_confirmation(
    pending: PendingChange, others: displaced.OthersDisplaced, reason: ReasonForm, wanted: list[str], *, again: bool
) -> HttpResponse:
    """Show the displaced bookings, and ask what to do with them. wanted: what is to be closed."""
    official = pending.request.official
    register.count(official.office.id, clock.now(), official.who, "bookings listed")
    rows = [
        {
            "when": wording.format_start(booking.day, booking.at),
            "service": booking.service,
            "name": booking.name,
            "phone": wording.format_phone(booking.sender) if booking.sender else "",
        }
        for booking in others.bookings
    ]
    context: dict[str, Any] = {
        "form": pending.form,
        "remove": "remove" in pending.request.POST,
        "reason": None if pending.closure is not None else reason,
        "back": pending.page,
        "wanted": wanted,
        "hit": rows,
        "ids": ",".join(str(booking.id) for booking in others.bookings),
        "count": wording.format_booking_count(len(others.bookings)),
        "again": again,
    }
    return office_page(pending.request, "closing", pending.page, context)
