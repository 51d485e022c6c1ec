"""An operator founds an office: by the few things that cannot wait, or whole by an office file.

Its administrator sets up the rest; an operator who names none does it, from the first steps on the office's overview.
"""

import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka import officefile
from prepazka.core.office.office import Office
from prepazka.officefile.as_written import read_name
from prepazka.sms.languages import load
from prepazka.sms.own_words import new_word_problems
from prepazka.sms.reply.fit import text_problems
from prepazka.sms.send_back.check import new_taught_problems
from prepazka.store import accounts, memberships, offices
from prepazka.web import clock, office_errors
from prepazka.web.access import StaffRequest, proof_needed, signed_in
from prepazka.web.titles import mark_language

_LONGEST_FILE = 1024 * 1024
# Stand for what is missing or wrong, so that the rest of the form can be read.
_SLUG, _NAME = "urad", "Úřad"
_FIELDS = {"office.slug": "slug", "office.name": "name", "office.numbers": "number", "settings.languages": "languages"}
"""The field of the form that a place in the office's file comes from."""


class NewOfficeForm(forms.Form):
    """A new office."""

    slug = forms.CharField(
        label=gettext_lazy("Adresa na webu"),
        max_length=40,
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice a spojovníky, například muj-urad."),
    )
    name = forms.CharField(label=gettext_lazy("Název úřadu"), max_length=60)
    number = forms.CharField(
        label=gettext_lazy("Telefonní číslo, na které lidé píší"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Například 739 547 765. Nevíte-li je zatím, doplníte je později."),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Jazyky odpovědí"),
        help_text=gettext_lazy("Rozumíme všem. Na zprávu v jazyce, který není vybraný, odpovíme v prvním vybraném."),
        widget=forms.CheckboxSelectMultiple,
    )
    administrator = forms.CharField(
        label=gettext_lazy("Přihlašovací jméno správce"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "Kdo úřad nastaví. Není-li takový účet, založíme ho a ukážeme vám heslo. Prázdné pole: nastavíte ho sami."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        offered = [(one.code, mark_language(one)) for one in load()]
        field = cast(forms.MultipleChoiceField, self.fields["languages"])
        field.choices, field.initial = offered, [code for code, _title in offered]

    def document(self) -> dict[str, Any]:
        """Return the sections of the office's file; no language where all are chosen, so that a later one counts."""
        values = self.cleaned_data
        office = {"slug": values.get("slug", _SLUG), "name": values.get("name", _NAME)}
        numbers = {"numbers": [values["number"]]} if values.get("number") else {}
        every, chosen = [one.code for one in load()], values.get("languages", [])
        return {
            "office": office | numbers,
            "settings": {
                "public_unfinished": False,
                "languages": [] if set(chosen) == set(every) else [one for one in every if one in chosen],
            },
        }

    def clean_slug(self) -> str:
        """Accept an address that no other office has."""
        slug = read_name(self.cleaned_data["slug"])
        if offices.find(slug) is not None:
            raise forms.ValidationError(_("Úřad s touto adresou už tu je."))
        return slug

    def clean_administrator(self) -> str:
        """Return the name as it is stored; "" where the operator sets the office up."""
        if not self.cleaned_data["administrator"]:
            return ""
        try:
            return accounts.username(self.cleaned_data["administrator"])
        except accounts.AccountError:
            raise forms.ValidationError(
                _("Použijte 2 až 40 malých písmen bez háčků a čárek, číslic, teček nebo spojovníků.")
            ) from None

    # docs/spec/administration.md §1.1: "All that is wrong is told at once"
    def clean(self) -> None:
        """Check as an office file what was filled in, also beside a field that is missing or wrong."""
        office = self._read() or self._read()  # what was wrong is left out now
        for taken in offices.find_taken(office.numbers, "") if office else ():
            self.add_error("number", office_errors.describe_problem(taken))

    def _read(self) -> Office | None:
        try:
            return officefile.read(self.document())
        except officefile.OfficeFileError as error:
            for problem in error.found:
                field = _FIELDS.get(problem.place.partition("[")[0])
                self.add_error(field, office_errors.describe_problem(problem))
        return None


class OfficeFileForm(forms.Form):
    """An office file, such as `prepazka dump-office` and `prepazka example-office` print."""

    file = forms.FileField(
        label=gettext_lazy("Soubor úřadu"),
        help_text=gettext_lazy("Soubor TOML, jaký vypíše příkaz prepazka example-office nebo dump-office."),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_file(self) -> Office:
        """Return the office of the file, with all checks of `prepazka load-office`."""
        given = self.cleaned_data["file"]
        try:
            office = officefile.parse(given.read(_LONGEST_FILE).decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("Soubor není text v kódování UTF-8.")) from None
        except officefile.OfficeFileError as error:
            raise forms.ValidationError(
                [_place_of(one, office_errors.describe_problem(one)) for one in error.found]
            ) from None
        if wrong := [*_find_taken(office), *_find_untrue(office)]:
            raise forms.ValidationError(wrong)
        return office


def _place_of(problem: officefile.Problem, words: str) -> str:
    return f"{problem.place}: {words}" if problem.place else words


def _find_taken(office: Office) -> Iterator[str]:
    """Yield what another office has already."""
    if offices.find(office.slug) is not None:
        yield _("Úřad s touto adresou už tu je.")
    for taken in offices.find_taken(office.numbers, ""):
        yield office_errors.describe_problem(taken)


def _find_untrue(office: Office) -> Iterator[str]:
    """Yield what is wrong with the texts and words of an office."""
    texts, words = text_problems(office), new_word_problems(office, None)
    for text in texts:
        yield f"texts.{text.language}.{text.name}: {office_errors.describe_text_problem(text)}"
    for word in words:
        yield office_errors.describe_word_problem(word)
    if texts or words:  # what is taught with them would be wrong, too, many times over
        return
    for taught in new_taught_problems(office, None, clock.now()):
        yield office_errors.describe_taught_problem(taught)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def new(request: StaffRequest) -> HttpResponse:
    """Found an office: by the form, or by a file where one was sent."""
    if not request.user.is_superuser:
        raise PermissionDenied
    posted, by_file = request.method == "POST", bool(request.FILES)
    form = NewOfficeForm(request.POST if posted and not by_file else None)
    upload = OfficeFileForm(request.POST if posted and by_file else None, request.FILES if by_file else None)
    if upload.is_bound and upload.is_valid():
        office: Office = upload.cleaned_data["file"]
        if _keep(office, upload, "file", request.user.username) is not None:
            return redirect("admin", office.slug)
    elif form.is_bound and form.is_valid() and (founded := _found_office(form, request.user.username)):
        if not form.cleaned_data["administrator"]:
            return redirect("admin", founded.slug)
        return render(request, "web/account/founded.html", {**form.cleaned_data, "password": founded.password})
    return render(request, "web/account/new_office.html", {"form": form, "upload": upload})


class Founded(NamedTuple):
    """A new office. password: of its new administrator, "" for an existing account or none."""

    slug: str
    password: str


def _found_office(form: NewOfficeForm, who: str) -> Founded | None:
    """Found the office and give it its administrator. Return None for what somebody else took meanwhile."""
    values, office = form.cleaned_data, officefile.read(form.document())
    with transaction.atomic():
        office_id = _keep(office, form, "number", who)
        if office_id is None:
            return None
        password = _appoint(values["administrator"], office_id, who) if values["administrator"] else ""
    return Founded(office.slug, password)


def _keep(office: Office, form: forms.Form, field: str, who: str) -> int | None:
    """Store the office and return its id; None, with the mistake at the field, for what only the database can find."""
    try:
        with transaction.atomic():
            return offices.keep(office.founded(), clock.now(), who)
    except offices.OfficeError as error:
        form.add_error(field, office_errors.describe_problem(error))
        return None


def _appoint(name: str, office_id: int, who: str) -> str:
    """Make somebody administrator, and return the password of a new account, "" for an existing one."""
    user, now, password = accounts.find(name), clock.now(), ""
    if user is None or not user.is_active:
        password = secrets.token_urlsafe(12)
        user = accounts.open_account(name, make_password(password), now, who)
        memberships.give_home(user, office_id)
    accounts.appoint(user, office_id, "administrator", now, who)
    return password
