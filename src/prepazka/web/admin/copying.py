"""Copying hours between agendas and weekdays: what would change is shown first, and saved by one press."""

from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka import officefile
from prepazka.officefile import copying
from prepazka.officefile.reading import WEEKDAYS
from prepazka.web import wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import displaced
from prepazka.web.admin.editing import ChangeRefused, OfficeDocument, SeenPart, add_errors, digest
from prepazka.web.admin.lists import describe_hours
from prepazka.web.admin.page import office_page


class CopyForm(forms.Form):
    """Which hours of an agenda, and where to."""

    day = forms.ChoiceField(label=gettext_lazy("Které hodiny zkopírovat"), required=False)
    agendas = forms.MultipleChoiceField(
        label=gettext_lazy("Do agend"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Vyberte alespoň jednu agendu.")},
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Do dnů"),
        required=False,
        choices=list(zip(WEEKDAYS, wording.WEEKDAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Jen když kopírujete jeden den. Co v těch dnech bylo, to nahradíme."),
    )

    def __init__(self, document: OfficeDocument, agenda: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.document, self.agenda = document, agenda
        rules = next(one.get("rules", []) for one in document["agendas"] if one["key"] == agenda)
        open_days = [day for day in WEEKDAYS if any(day in rule["days"] for rule in rules)]
        named = [(day, wording.WEEKDAYS[WEEKDAYS.index(day)]) for day in open_days]
        week = [("", _("celý týden, každý den do stejného dne"))]
        cast(forms.ChoiceField, self.fields["day"]).choices = [*week, *named]
        titles = [(one["key"], one["title"]) for one in document["agendas"]]
        cast(forms.MultipleChoiceField, self.fields["agendas"]).choices = titles

    def copy(self) -> copying.Copy:
        """Return what is to be copied where."""
        values = self.cleaned_data
        return copying.Copy(self.agenda, values["day"], values["agendas"], values["days"])

    def clean(self) -> dict[str, Any]:
        """Refuse a copy that says no day, and one that changes nothing."""
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        if len(cast(forms.ChoiceField, self.fields["day"]).choices) == 1:  # type: ignore[arg-type]  # a list, as above
            raise forms.ValidationError(_("Tato agenda zatím nemá žádné hodiny, které by šlo zkopírovat."))
        if values["day"] and not values["days"]:
            self.add_error("days", _("Vyberte dny, do kterých se hodiny mají zkopírovat."))
        elif not copying.list_changed_days(self.document, self.copy()):
            raise forms.ValidationError(_("Tam už jsou hodiny stejné. Není co změnit."))
        return values


# docs/spec/administration.md §4: "Hours are copied between agendas and weekdays"
@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def copy_hours(request: StaffRequest, agenda: str) -> HttpResponse:
    """Show what copying would change (GET), and do it (POST): all of it, or nothing."""
    document = officefile.to_document(request.official.office)
    source = next((one for one in document["agendas"] if one["key"] == agenda), None)
    if source is None:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    form = CopyForm(document, agenda, asked if "agendas" in asked or "day" in asked else None)
    if request.method == "POST" and form.is_valid():
        response = _copy(request, form)
        if response:
            return response
    changed = copying.list_changed_days(document, form.copy()) if form.is_bound and form.is_valid() else []
    titles = {one["key"]: one["title"] for one in document["agendas"]}
    context = {
        "form": form,
        "agenda": source,
        "changed": [_describe(one, titles[one.agenda]) for one in changed],
        "seen": digest(document["agendas"]),
    }
    return office_page(request, "copy_hours", "admin-agendas", context)


def _copy(request: StaffRequest, form: CopyForm) -> HttpResponse | None:
    """Copy and return the response; None, with the mistakes in the form, where nothing was done."""

    def edit(document: OfficeDocument) -> None:
        copying.copy_hours(document, form.copy())

    seen = SeenPart(lambda document: document["agendas"], request.POST.get("seen", ""))
    try:
        pending = displaced.PendingChange(request, form, "admin-agendas", edit, seen)
        confirmation = displaced.change_or_confirm(pending)
    except ChangeRefused as refused:
        add_errors(form, refused.mistakes, "-")
        return None
    return confirmation or redirect(f"{reverse('admin-agendas', args=[request.official.office.slug])}?done=saved")


def _describe(changed: copying.ChangedDay, title: str) -> dict[str, Any]:
    return {
        "agenda": title,
        "day": wording.WEEKDAYS[WEEKDAYS.index(changed.day)],
        "before": [describe_hours(rule) for rule in changed.before],
        "after": [describe_hours(rule) for rule in changed.after],
    }
