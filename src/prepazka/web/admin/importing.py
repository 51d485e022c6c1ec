"""Switching over: an administrator brings in the bookings of another system by a file, tried first."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from prepazka.core.actor import Actor
from prepazka.core.booking.import_file import MOST_LINES, Column, Kind, LineProblem, read
from prepazka.flows.booking.import_bookings import import_bookings
from prepazka.web import clock
from prepazka.web.access import StaffRequest, proof_needed, staff
from prepazka.web.admin.page import office_page

# So many mistakes are shown; the others show when these are corrected.
_SHOWN = 100

COLUMN_WORDS: dict[Column, object] = {
    "code": gettext_lazy("kód"),
    "service": gettext_lazy("činnost"),
    "date": gettext_lazy("datum"),
    "time": gettext_lazy("čas"),
    "name": gettext_lazy("jméno"),
    "phone": gettext_lazy("telefon"),
}
WORDS: dict[Kind, object] = {
    "encoding": gettext_lazy("Soubor není text. Vyexportujte ho jako CSV."),
    "empty": gettext_lazy("Soubor je prázdný. První řádek jmenuje sloupce."),
    "columns": gettext_lazy(
        "Tento sloupec chybí. První řádek jmenuje sloupce: kód, činnost, datum, čas, jméno, telefon."
    ),
    "unknown_column": gettext_lazy("Sloupec „%(value)s“ neznáme, nebo je tu dvakrát. Smažte ho, nebo přejmenujte."),
    "too_many": gettext_lazy("Soubor má víc než %(value)s řádků. Rozdělte ho."),
    "cells": gettext_lazy(
        "Řádek má jiný počet buněk než první řádek, který jich má %(value)s. Text s oddělovačem dejte do uvozovek."
    ),
    "missing": gettext_lazy("Chybí. Doplňte ho, nebo řádek smažte."),
    "code": gettext_lazy("„%(value)s“ není kód o šesti číslicích. Nechte ho prázdný a přidělíme nový."),
    "service": gettext_lazy("Činnost se zkratkou „%(value)s“ úřad nemá. Nejdřív ji přidejte, nebo řádek opravte."),
    "date": gettext_lazy("„%(value)s“ není datum. Napište je jako 10.8.2026."),
    "time": gettext_lazy("„%(value)s“ není čas. Napište ho jako 8:00."),
    "name": gettext_lazy("Jméno má mít jen písmena, nejvýše 60. Opravte ho prosím."),
    "phone": gettext_lazy("Na takové číslo nelze volat. Napište je jako 777 123 456, nebo je nechte prázdné."),
    "formula": gettext_lazy("V buňce je vzorec. Vyexportujte hodnoty, nebo sloupec naformátujte jako text."),
    "past": gettext_lazy("Tento termín už proběhl. Řádek smažte."),
    "hours": gettext_lazy("Takový termín úřad nenabízí, nebo do jeho konce zavře. Opravte hodiny, nebo řádek."),
    "taken": gettext_lazy("Všechna místa v tu dobu jsou obsazená. Přidejte agendě místa, nebo objednávku posuňte."),
    "code_taken": gettext_lazy("Kód %(value)s ten den patří jiné objednávce. Nechte ho prázdný a přidělíme nový."),
    "code_twice": gettext_lazy(
        "Kód %(value)s je pro ten den v souboru dvakrát. Jeden nechte prázdný a přidělíme nový."
    ),
}


class ImportForm(forms.Form):
    """The file, whether it is only tried, and whether people are told."""

    file = forms.FileField(
        label=gettext_lazy("Soubor CSV"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        error_messages={"empty": gettext_lazy("Soubor je prázdný. První řádek jmenuje sloupce.")},
    )
    trial = forms.BooleanField(
        label=gettext_lazy("Jen vyzkoušet"),
        help_text=gettext_lazy("Ukážeme, co by se stalo, a nic neuložíme."),
        required=False,
        initial=True,
    )
    tell = forms.BooleanField(
        label=gettext_lazy("Poslat lidem potvrzení"),
        help_text=gettext_lazy("SMS s kódem na každý mobil nové objednávky. Jinak neposíláme nic."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def importing(request: StaffRequest) -> HttpResponse:
    """Show the form, and what became of a file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "most": MOST_LINES}
    if request.method == "POST" and form.is_valid():
        actor, trial = Actor(request.official.who, clock.now()), form.cleaned_data["trial"]
        office_id, tell = request.official.office.id, form.cleaned_data["tell"]
        result = import_bookings(office_id, read(form.cleaned_data["file"].read()), actor, trial=trial, tell=tell)
        problems = [describe(problem) for problem in result.problems[:_SHOWN]]
        context |= {"result": result, "trial": trial, "problems": problems, "others": len(result.problems) - _SHOWN}
    return office_page(request, "importing", "admin-office", context)


def describe(problem: LineProblem) -> tuple[int, str, str]:
    """Return the line, the column and what is wrong with what to do."""
    words = str(WORDS[problem.kind])
    told = words % {"value": problem.value} if "%(" in words else words
    return problem.line, str(COLUMN_WORDS[problem.column]) if problem.column else _("celý řádek"), told
