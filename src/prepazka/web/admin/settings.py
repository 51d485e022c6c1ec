"""The office's rules (`core.office.office.Settings`): one form, built from the settings themselves."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import time
from typing import Any, NamedTuple, get_type_hints

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
from prepazka.web.admin.editing import ChangeRefused, OfficeDocument, SeenPart, add_errors, digest
from prepazka.web.admin.forms import number_field
from prepazka.web.admin.forms import time_field as clock_field
from prepazka.web.admin.page import office_page
from prepazka.web.labels import CHOICES, RULES
from prepazka.web.titles import mark_language

_HINTS = get_type_hints(Settings)
_LENGTHS = {
    "screen_notice": lengths.SCREEN_NOTICE,
    "inbox_hours": lengths.INBOX_HOURS,
    "day_list_email": lengths.EMAIL,
    "day_list_printer": lengths.PRINTER,
}
_DEFAULTS = {setting.name: setting.default for setting in fields(Settings)}


class OriginsField(forms.CharField):
    """Origins of web pages, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"})

    def prepare_value(self, value: Any) -> Any:
        """Return the lines for a list, or what was typed."""
        return value if isinstance(value, str) else "\n".join(value or ())

    def to_python(self, value: Any) -> Any:
        """Return the origins; their trailing slash, which browsers show, is left out."""
        return [line.strip().rstrip("/").lower() for line in str(value or "").splitlines() if line.strip()]


class FieldGroup(NamedTuple):
    """Fields under one heading."""

    title: object
    fields: list[forms.BoundField]


class RulesForm(forms.Form):
    """One field for each setting, with its default in the hint."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for _title, group in RULES:
            for name, (label, hint) in group.items():
                self.fields[name] = _make_field(name, label, hint)

    def groups(self) -> Iterator[FieldGroup]:
        """Yield the fields as the page groups them."""
        for title, group in RULES:
            yield FieldGroup(title, [self[name] for name in group])

    def section(self) -> dict[str, Any]:
        """Return `[settings]`; an empty field means no limit."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen" and value is not None}
        return given | {"languages": self._languages()}

    def _languages(self) -> list[str]:
        """Return the languages chosen; none where all are, so that a language added later is offered too."""
        old: list[str] = self.initial["settings"]["languages"]
        every, chosen = [one.code for one in load()], self.cleaned_data["languages"]
        if set(chosen) == set(old or every):
            return old
        return [] if set(chosen) == set(every) else [code for code in every if code in chosen]


def _make_field(name: str, label: object, hint: object) -> forms.Field:
    default = _DEFAULTS[name]
    usual = _format_default(name, default)
    hint = " ".join(filter(None, [str(hint), usual and _("Obvykle: %(default)s.") % {"default": usual}]))
    if _HINTS[name] is time:
        field = clock_field(label)
        field.help_text = hint
        return field
    if _HINTS[name] in (bool, bool | None):
        return forms.BooleanField(label=label, help_text=hint, required=False)  # type: ignore[arg-type]  # a lazy text
    if name == "languages":
        languages = [(one.code, mark_language(one)) for one in load()]
        several = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(label=label, help_text=hint, choices=languages, widget=several)  # type: ignore[arg-type]  # as above
    if name == "frame_origins":
        return OriginsField(label=label, help_text=hint, required=False)  # type: ignore[arg-type]  # as above
    if name in CHOICES:
        words = list(CHOICES[name].items())
        return forms.ChoiceField(label=label, help_text=hint, choices=words, widget=forms.RadioSelect)  # type: ignore[arg-type]  # as above
    if _HINTS[name] is str:
        return forms.CharField(label=label, help_text=hint, required=False, max_length=_LENGTHS[name])  # type: ignore[arg-type]  # as above
    return number_field(label, hint, required=default is not None)


def _format_default(name: str, default: object) -> str:
    if name == "confirm_web":  # which has no default; a new office chooses it
        return _("ano")
    if name in CHOICES:
        return str(CHOICES[name][str(default)])
    match default:
        case None:
            return _("bez omezení")
        case bool():
            return _("ano") if default else _("ne")
        case time():
            return f"{default.hour}:{default:%M}"
        case tuple():
            return _("všechny") if name == "languages" else ""
        case _:
            return str(default)


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: StaffRequest) -> HttpResponse:
    """Show and change the rules."""
    old = officefile.to_document(request.official.office)["settings"]
    initial = old | {name: old[name].zfill(5) for name in old if _HINTS[name] is time}
    initial |= {"languages": old["languages"] or [one.code for one in load()], "seen": digest(old), "settings": old}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial)

    def edit(document: OfficeDocument) -> None:
        document["settings"] = form.section()

    if request.method == "POST" and form.is_valid():
        seen = SeenPart(lambda document: document["settings"], form.cleaned_data["seen"])
        try:
            editing.change_office(request.official, edit, clock.now(), seen)
        except ChangeRefused as refused:
            add_errors(form, refused.mistakes, "settings")
        else:
            return redirect(f"{reverse('admin-rules', args=[request.official.office.slug])}?done=saved")
    return office_page(request, "rules", "admin-rules", {"form": form})
