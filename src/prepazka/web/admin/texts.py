"""The office's own reply texts, each beside the language file's; a text that cannot be sent is refused."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from prepazka import officefile
from prepazka.sms.alphabets import GSM
from prepazka.sms.languages import load
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.cost import parts_at_most
from prepazka.sms.reply.preview import preview
from prepazka.sms.reply.render import templates_of
from prepazka.web import clock, office_errors
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import editing
from prepazka.web.admin.editing import ChangeRefused, OfficeDocument, SeenPart, add_errors, digest
from prepazka.web.admin.page import office_page
from prepazka.web.placeholder_words import PLACEHOLDERS
from prepazka.web.titles import reply_title


class TextForm(forms.Form):
    """One text; when it is empty, the language file's is used."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Vlastní text"),
        required=False,
        max_length=600,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
        help_text=_("Prázdné pole: použije se původní text."),
    )


@staff("administrator")
@require_safe
def texts(request: StaffRequest) -> HttpResponse:
    """Show the texts of all languages, the office's own ones marked."""
    own = request.official.office.texts
    office = request.official.office
    parts = {language.code: parts_at_most(office, language.code) for language in load()}
    languages = [
        {
            "code": language.code,
            "title": language.name,
            "texts": [
                {
                    "name": name,
                    "title": reply_title(name),
                    "text": own.get(language.code, {}).get(name, language.replies[name]),
                    "own": name in own.get(language.code, {}),
                    "parts": parts[language.code][name],
                }
                for name in TEXTS
            ],
        }
        for language in load()
    ]
    accented = office.settings.accents == "full"
    return office_page(request, "texts", "admin-texts", {"languages": languages, "accented": accented})


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: StaffRequest, language: str, name: str) -> HttpResponse:
    """Show and change one text."""
    languages = {file.code: file for file in load()}
    if language not in languages or name not in TEXTS:
        raise Http404
    old = _own_text(officefile.to_document(request.official.office), language, name)
    initial = {"text": old or "", "seen": digest(old)}
    form = TextForm(request.POST if request.method == "POST" else None, initial=initial, label_suffix="")

    def edit(document: OfficeDocument) -> None:
        texts: dict[str, dict[str, str]] = document["texts"]
        if form.cleaned_data["text"]:
            texts.setdefault(language, {})[name] = form.cleaned_data["text"].replace("\r\n", "\n")
        else:
            texts.get(language, {}).pop(name, None)

    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        seen = SeenPart(lambda document: _own_text(document, language, name), form.cleaned_data["seen"])
        try:
            editing.change_office(request.official, edit, clock.now(), seen)
        except ChangeRefused as refused:
            _add_errors(form, refused, f"texts.{language}.{name}")
        else:
            return redirect(f"{reverse('admin-texts', args=[request.official.office.slug])}?done=saved")
    templates = templates_of(request.official.office, language)
    written = str(form["text"].value() or "").replace("\r\n", "\n").strip()
    shown = preview(request.official.office, language, name, written)
    context: dict[str, Any] = {
        "form": form,
        "title": reply_title(name),
        "code": language,
        "language": languages[language].name,
        "shipped": languages[language].replies[name],
        "required": _explain(TEXTS[name].required),
        "allowed": _explain(TEXTS[name].allowed - TEXTS[name].required),
        "preview": shown,
        "problems": [office_errors.describe_text_problem(one) for one in shown.problems],
        "over": max(0, shown.units - shown.room),
        "parts": templates.parts_of(TEXTS[name]),
        "plain": templates.alphabet is GSM,
        "accented": request.official.office.settings.accents == "full",
    }
    return office_page(request, "text", "admin-texts", context)


def _explain(names: Iterable[str]) -> list[tuple[str, object]]:
    """Return placeholders, each with what it stands for."""
    return [(name, PLACEHOLDERS[name]) for name in sorted(names)]


def _add_errors(form: forms.Form, refused: ChangeRefused, place: str) -> None:
    for mistake in refused.mistakes:
        if mistake.place == place:
            form.add_error("text", mistake.words)
    add_errors(form, [mistake for mistake in refused.mistakes if mistake.place != place], "-")


def _own_text(document: OfficeDocument, language: str, name: str) -> str | None:
    text: str | None = document["texts"].get(language, {}).get(name)
    return text
