"""What if: a past month played again with other hours or counters, beside what was. It changes nothing."""

from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.core.reports.replay import Change
from prepazka.core.reports.spread import Spread
from prepazka.store import reports
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.admin.playing import Course, Playing, play_on
from prepazka.web.admin.report import read_month
from prepazka.web.tables import Cell, Table
from prepazka.web.wording import WEEKDAYS, format_counter_title

MOST_COPIES = 3


class ChangeForm(forms.Form):
    """What is tried."""

    opens = forms.TimeField(label=gettext_lazy("Otevírat v"), required=False, widget=forms.TimeInput({"type": "time"}))
    closes = forms.TimeField(label=gettext_lazy("Zavírat v"), required=False, widget=forms.TimeInput({"type": "time"}))
    closed = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Zavřít v tyto dny"),
        coerce=int,
        required=False,
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, asked: QueryDict | None, office: Office) -> None:
        # What an address does not say of a counter is shown as it is played: there is one.
        once = {f"counter-{counter.id}": ["1"] for counter in office.counters}
        super().__init__(None if asked is None else MultiValueDict({**once, **dict(asked.lists())}))
        self.label_suffix = ""
        self.counters = {f"counter-{counter.id}": counter.id for counter in office.counters}
        for counter in office.counters:
            self.fields[f"counter-{counter.id}"] = forms.TypedChoiceField(
                label=_("%(counter)s: kolik takových") % {"counter": format_counter_title(counter.title)},
                coerce=int,
                required=False,
                empty_value="1",
                initial=1,
                choices=[(number, str(number)) for number in range(MOST_COPIES + 1)],
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a closing before the opening."""
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and opens >= closes:
            raise forms.ValidationError(_("Úřad musí otevřít dřív, než zavře."))
        return cleaned

    def change(self) -> Change:
        """Return what is to be tried."""
        given = self.cleaned_data
        return Change(
            closed=frozenset(given["closed"]),
            opens=given["opens"],
            closes=given["closes"],
            counters={counter: int(given[name]) for name, counter in self.counters.items()},
        )


# docs/spec/reports.md §5: "Nothing of the office is written or changes."
@staff("manager")
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    """Show the form, and what was tried beside what was."""
    office, chosen = request.official.office, read_month(request)
    asked = "try" in request.GET
    form = ChangeForm(request.GET if asked else None, office)
    folded = reports.is_folded(office, chosen.period)
    context: dict[str, Any] = {"month_form": chosen.form, "month": chosen, "form": form, "tables": [], "folded": folded}
    if asked and not folded and form.is_valid():
        playing = play_on(request, office, chosen.period, form.change())
        context |= {"playing": playing, "tables": _tables(playing)}
    return office_page(request, "what_if", "admin-what-if", context)


def _tables(playing: Playing) -> list[Table]:
    return [_sums(playing), _hours(playing)] if playing.days and playing.is_done else []


def _sums(playing: Playing) -> Table:
    was: list[Cell] = [*_waits(playing.was), None, playing.unserved, None]
    columns = [was, _played(playing.before), _played(playing.after)]
    titles = [
        _("Zavolaných lidí"),
        _("Polovina lidí čekala nejvýš (min)"),
        _("Devět z deseti lidí čekalo nejvýš (min)"),
        _("Nejdéle (min)"),
        _("Odmítnutých: přišli by k zavřeným dveřím"),
        _("Do konce dne nezavolaných"),
        _("Hodin obsazených přepážek"),
    ]
    rows = [[title, *cells] for title, *cells in zip(titles, *columns, strict=True)]
    return Table("sums", _("Jak by to dopadlo"), [_("Údaj"), *_columns()], rows)


def _columns() -> list[str]:
    return [_("Jak to bylo"), _("Přehráno beze změny"), _("Přehráno se změnou")]


def _waits(found: Spread | None) -> list[Cell]:
    return [0, None, None, None] if found is None else [found.count, found.median, found.ninety, found.longest]


def _played(course: Course) -> list[Cell]:
    return [*_waits(course.spread), course.refused, course.uncalled, course.staffed / 60]


def _hours(playing: Playing) -> Table:
    was = playing.was_by_hour
    played = [one.ninety_by_hour for one in (playing.before, playing.after)]
    hours = sorted({*was, *played[0], *played[1]})
    rows: list[list[Cell]] = [[f"{hour}:00", was.get(hour), *(one.get(hour) for one in played)] for hour in hours]
    title = _("Devět z deseti lidí čekalo nejvýš (min), podle hodiny příchodu")
    return Table("hours", title, [_("Hodina"), *_columns()], rows)
