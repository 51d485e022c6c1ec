"""The office's rules (`core.office.office.Settings`): one form, made from the settings themselves."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import time
from typing import Any, get_type_hints

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from prepazka import officefile
from prepazka.core.office import lengths
from prepazka.core.office.office import Settings
from prepazka.sms.languages import load
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import editing
from prepazka.web.admin.editing import ChangeRefused, Table, digest, tell
from prepazka.web.admin.forms import clock as clock_field
from prepazka.web.admin.forms import counted
from prepazka.web.admin.page import office_page
from prepazka.web.labels import CHOICES, RULES

_HINTS = get_type_hints(Settings)
_DEFAULTS = {setting.name: setting.default for setting in fields(Settings)}


class RulesForm(forms.Form):
    """One field a setting, with its default in the hint."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for _title, group in RULES:
            for name, (label, hint) in group.items():
                self.fields[name] = _field(name, label, hint)

    def groups(self) -> Iterator[tuple[object, list[forms.BoundField]]]:
        """The fields as the page shows them."""
        for title, group in RULES:
            yield title, [self[name] for name in group]

    def table(self) -> dict[str, Any]:
        """`[settings]`; what was left empty has no limit."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen" and value is not None}


def _field(name: str, label: object, hint: object) -> forms.Field:
    default = _DEFAULTS[name]
    usual = _usual(name, default)
    hint = " ".join(filter(None, [str(hint), _("Obvykle: %(default)s.") % {"default": usual} if usual else ""]))
    if _HINTS[name] is time:
        field = clock_field(label)
        field.help_text = hint
        return field
    if name == "languages":
        spoken = [(one.code, one.name) for one in load()]
        return forms.MultipleChoiceField(
            label=label,  # type: ignore[arg-type]  # lazy texts, here and below
            help_text=hint,
            required=False,
            choices=spoken,
            widget=forms.CheckboxSelectMultiple,
        )
    if name in CHOICES:
        return forms.ChoiceField(label=label, help_text=hint, choices=CHOICES[name], widget=forms.RadioSelect)  # type: ignore[arg-type]
    if _HINTS[name] is str:
        return forms.CharField(label=label, help_text=hint, required=False, max_length=lengths.INBOX_HOURS)  # type: ignore[arg-type]
    if _HINTS[name] is bool:
        return forms.BooleanField(label=label, help_text=hint, required=False)  # type: ignore[arg-type]  # a lazy text
    return counted(label, hint, required=default is not None)


def _usual(name: str, default: object) -> str:
    """The default in words; "" where it is nothing."""
    if name in CHOICES:
        return str(dict(CHOICES[name])[str(default)])
    match default:
        case "" | ():
            return ""
        case None:
            return _("bez omezení")
        case bool():
            return _("ano") if default else _("ne")
        case time():
            return f"{default.hour}:{default:%M}"
        case _:
            return str(default)


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: StaffRequest) -> HttpResponse:
    """The rules."""
    old = officefile.table(request.official.office)["settings"]
    shows = old | {name: old[name].zfill(5) for name in old if _HINTS[name] is time} | {"seen": digest(old)}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=shows)

    def change(table: Table) -> None:
        table["settings"] = form.table()

    if request.method == "POST" and form.is_valid():
        seen = (lambda table: table["settings"], form.cleaned_data["seen"])
        try:
            editing.change(request.official, change, clock.now(), seen)
        except ChangeRefused as refused:
            tell(form, refused.found, "settings")
        else:
            return redirect(f"{reverse('admin-rules', args=[request.official.office.slug])}?done=saved")
    return office_page(request, "rules", "admin-rules", {"form": form})
