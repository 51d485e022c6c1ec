"""Fields for the office's own words in the other languages of the pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from prepazka.web.titles import language_title

_HINT = _("Prázdné pole: ukážeme ho česky.")


def other_languages() -> list[str]:
    """Return the codes of the languages of pages besides the office's own."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def add_fields(form: forms.Form, name: str, label: str | Promise, most: int) -> None:
    """Add a field for each other language, such as "titles.en"; most: how many characters."""
    kept = form.initial.get(name, {})
    for code in other_languages():
        form.initial.setdefault(f"{name}.{code}", kept.get(code, ""))
        form.fields[f"{name}.{code}"] = forms.CharField(
            label=format_html('{} (<span lang="{}">{}</span>)', label, code, language_title(code)),
            required=False,
            max_length=most,
            help_text=_HINT,
        )


def take(form: forms.Form, item: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an item with the texts by language in place of those fields; a language without a field stays."""
    kept: Mapping[str, str] = form.initial.get(name, {})
    texts = {**kept, **{code: item.get(f"{name}.{code}", "") for code in _codes(form, name)}}
    plain = {key: value for key, value in item.items() if not key.startswith(f"{name}.")}
    return plain | {name: {code: text for code, text in texts.items() if text}}


def _codes(form: forms.Form, name: str) -> Iterator[str]:
    return (field.removeprefix(f"{name}.") for field in form.fields if field.startswith(f"{name}."))
