"""Closing an office down, by the operator alone: its address typed, everything archived, then erased."""

from contextlib import suppress
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka.flows import closing_down
from prepazka.store import register, removal
from prepazka.store.removal import OfficeGone
from prepazka.web import clock
from prepazka.web.access import StaffRequest, proof_needed, staff
from prepazka.web.admin.page import office_page


class CloseDownForm(forms.Form):
    """The office's address, typed by hand, so that no other office is meant."""

    slug = forms.CharField(
        label=gettext_lazy("Pro potvrzení opište adresu úřadu"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, asked: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.asked = asked

    def clean_slug(self) -> str:
        """Accept this office's address only."""
        if self.cleaned_data["slug"] != self.asked:
            raise forms.ValidationError(_("To není adresa tohoto úřadu. Nic jsme nesmazali."))
        return self.asked


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def close_down(request: StaffRequest) -> HttpResponseBase:
    """Show what would be erased, and with the typed address do it; anybody but the operator is told who does it."""
    if not request.official.operator:
        register.count(request.official.office.id, clock.now(), request.official.who, "refused", "admin-close-down")
        response = office_page(request, "close_down", "admin-office", {"refused": True})
        response.status_code = 403
        return response
    return _close_down(request)


@proof_needed
def _close_down(request: StaffRequest) -> HttpResponse:
    office, now = request.official.office, clock.now()
    form = CloseDownForm(office.slug, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        archive = closing_down.new_archive(office.slug, now)
        # Pressed twice: the second press finds what the first one does, or has done.
        with suppress(OfficeGone, FileExistsError, BlockingIOError):
            closing_down.close_down(office.id, office.slug, archive, now, request.official.who)
        return redirect(f"{reverse('closed-offices')}?closed={archive.name}")
    context = {"form": form, "ahead": removal.ahead(office.id, now)}
    return office_page(request, "close_down", "admin-office", context)
