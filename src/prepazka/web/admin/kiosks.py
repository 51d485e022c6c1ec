"""Kiosks: a link that works once pairs a device in the hall; its printer can be tested, and it can be removed."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.officefile.as_written import read_name
from prepazka.store import kiosks, models
from prepazka.web import clock, office_errors, paper
from prepazka.web.access import StaffRequest, proof_needed, staff
from prepazka.web.admin.page import office_page
from prepazka.web.admin.pairing import pairing_page
from prepazka.web.post_only import post_only
from prepazka.web.printers import PrinterAddress, is_ruled_out


class PrinterForm(forms.Form):
    """The address of a kiosk's printer."""

    printer = forms.CharField(
        label=gettext_lazy("Adresa tiskárny lístků"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "Síťová tiskárna lístků (ESC/POS), například 192.168.1.50. Prázdné pole: tiskne prohlížeč zařízení."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_printer(self) -> str:
        """Accept an allowed address, or none."""
        printer = str(self.cleaned_data["printer"])
        try:
            address = PrinterAddress.parse(printer) if printer else None
        except ValueError:
            raise forms.ValidationError(
                _("Napište adresu tiskárny jako 192.168.1.50 nebo tiskarna:9100, bez mezer.")
            ) from None
        if address and is_ruled_out(address, settings.PRINTERS):
            raise forms.ValidationError(
                _("Na této adrese program tisknout nesmí. Tiskárnu mimo síť úřadu povoluje provozovatel.")
            )
        return printer


class KioskForm(PrinterForm):
    """A new kiosk."""

    name = forms.CharField(
        label=gettext_lazy("Název kiosku"),
        max_length=40,
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice a spojovníky, například hala."),
    )
    field_order = ["name", "printer"]  # noqa: RUF012 -- Django reads it so

    def __init__(self, office_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office_id = office_id

    def clean_name(self) -> str:
        """Accept a name that no other kiosk of the office has."""
        name = read_name(self.cleaned_data["name"])
        if not 0 < len(name) <= 40:
            raise forms.ValidationError(str(office_errors.WORDS["slug"]))
        if any(kiosk.name == name for kiosk in kiosks.of_office(self.office_id)):
            raise forms.ValidationError(_("Kiosek s tímto názvem už tu je. Otevřete ho v seznamu."))
        return name


@staff("administrator")
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show the office's kiosks."""
    return office_page(
        request, "kiosks", "admin-kiosks", {"kiosks": kiosks.of_office(request.official.office.id, "kiosk")}
    )


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def new(request: StaffRequest) -> HttpResponse:
    """Make a new kiosk, and show the link that pairs a device."""
    form = KioskForm(request.official.office.id, request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        return pairing_page(request, kiosks.Device(form.cleaned_data["name"], "", form.cleaned_data["printer"]))
    return office_page(
        request, "part", "admin-kiosks", {"form": form, "title": _("Nový kiosek"), "back": "admin-kiosks"}
    )


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: StaffRequest, kiosk: int) -> HttpResponse:
    """Show a kiosk with its printer; change or remove it."""
    found, official = _find_kiosk(request, kiosk), request.official
    form = PrinterForm(
        request.POST if request.method == "POST" else None, initial={"printer": found.printer}, label_suffix=""
    )
    if request.method == "POST" and "remove" in request.POST:
        kiosks.withdraw(official.office.id, found.id, clock.now(), official.who)
        return redirect(f"{reverse('admin-kiosks', args=[official.office.slug])}?done=removed")
    if request.method == "POST" and form.is_valid():
        kiosks.change_printer(official.office.id, found.id, form.cleaned_data["printer"], clock.now(), official.who)
        return _redirect_to_kiosk(request, found, "saved")
    return office_page(request, "kiosk", "admin-kiosks", {"form": form, "kiosk": found})


@staff("administrator")
@post_only
@proof_needed
def pair(request: StaffRequest, kiosk: int) -> HttpResponse:
    """Show a new link, for another device in its place; the device before it loses its access."""
    found = _find_kiosk(request, kiosk)
    return pairing_page(request, kiosks.Device(found.name, "", found.printer))


@staff("administrator")
@post_only
def test(request: StaffRequest, kiosk: int) -> HttpResponse:
    """Print a test ticket."""
    found = _find_kiosk(request, kiosk)
    return _redirect_to_kiosk(request, found, paper.print_test(found.printer, request.official.office, clock.now()))


def _find_kiosk(request: StaffRequest, kiosk: int) -> models.Kiosk:
    """Return the kiosk. Raises: Http404."""
    found = kiosks.one(request.official.office.id, kiosk)
    if found is None or found.kind != "kiosk":
        raise Http404
    return found


def _redirect_to_kiosk(request: StaffRequest, kiosk: models.Kiosk, done: str) -> HttpResponse:
    return redirect(f"{reverse('admin-kiosk', args=[request.official.office.slug, kiosk.id])}?done={done}")
