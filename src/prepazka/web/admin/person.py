"""What the office holds of one telephone number, at its owner's request: shown, saved to a file, erased.

The number comes by POST only, so it is in no address and in no proxy's log.
"""

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka.core.office.office import Office
from prepazka.flows.erasing import NotErased, erase_person
from prepazka.flows.phone_numbers import e164
from prepazka.store import persons, register
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.admin.person_words import sections


class NumberForm(forms.Form):
    """Whose data is asked for."""

    number = forms.CharField(
        label=gettext_lazy("Telefonní číslo"),
        max_length=40,
        error_messages={"required": gettext_lazy("Napište telefonní číslo.")},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        """Return the number in E.164."""
        number = e164(self.cleaned_data["number"])
        if not number.startswith("+"):  # a fixed line may be kept for calling
            raise forms.ValidationError(_("Toto není telefonní číslo. Napište ho například jako 777 123 456."))
        return number


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: StaffRequest) -> HttpResponse:
    """Ask for a number; show what the office holds of it; with the other buttons, save or erase that."""
    form = NumberForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return office_page(request, "person", "admin-person", {"form": form})
    number: str = form.cleaned_data["number"]
    if "erase" in request.POST:
        return _erase(request, form, number)
    held = _look(request, number, "person exported" if "save" in request.POST else "person shown")
    if "save" in request.POST:
        return _file(number, held)
    return _page(request, form, number, held)


def _erase(request: StaffRequest, form: NumberForm, number: str) -> HttpResponse:
    office, who = request.official.office, request.official.who
    result = erase_person(number, office.id, clock.now(), who, cancel="cancel" in request.POST)
    if isinstance(result, NotErased):
        return _page(request, form, number, persons.held(number, office.id), result)
    done = "kept" if result.kept_by else "erased"
    return redirect(f"{reverse('admin-person', args=[office.slug])}?done={done}")


def _look(request: StaffRequest, number: str, act: register.Act) -> dict[str, list[dict[str, Any]]]:
    office, now = request.official.office, clock.now()
    register.note(office.id, now, request.official.who, act, number)
    return persons.held(number, office.id)


def _page(
    request: StaffRequest,
    form: NumberForm,
    number: str,
    held: dict[str, list[dict[str, Any]]],
    refused: NotErased | None = None,
) -> HttpResponse:
    office: Office = request.official.office
    context = {
        "form": form,
        "number": number,
        "sections": sections(held, office),
        "to_come": persons.to_come(number, office.id, clock.now()).count(),
        "refused": refused,
    }
    return office_page(request, "person", "admin-person", context)


def _file(number: str, held: dict[str, list[dict[str, Any]]]) -> HttpResponse:
    text = json.dumps({"number": number} | held, ensure_ascii=False, indent=2, default=str)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="osobni-udaje.json"'
    return response
