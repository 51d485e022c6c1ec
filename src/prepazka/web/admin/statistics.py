"""Statistics: what was booked, who came, how long people waited and what they wrote; as charts, tables and CSV."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django import forms
from django.http import Http404, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.store import statistics as store
from prepazka.store.statistics import Period, WaitCount
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import charts
from prepazka.web.admin.page import office_page
from prepazka.web.admin.states import WHAT

# A chart of more days would show nothing; who wants more takes the CSV twice.
MOST_DAYS = 366
USUAL_LENGTH = timedelta(days=29)


class PeriodForm(forms.Form):
    """Which days are looked at."""

    first = forms.DateField(label=gettext_lazy("Od"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(label=gettext_lazy("Do"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        """In order, and not too many."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            raise forms.ValidationError(_("První den musí být před posledním."))
        if first and last and last - first > timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Vyberte nejvýše rok."))
        return cleaned


FigureRow = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by what they are of: the heads of the columns, and rows that begin with their label."""

    heads: Sequence[str]
    rows: Sequence[FigureRow]

    @property
    def labels(self) -> list[str]:
        """Of the rows."""
        return [str(row[0]) for row in self.rows]

    @property
    def series(self) -> Mapping[str, Sequence[Any]]:
        """The columns by their heads."""
        return {head: [row[place] for row in self.rows] for place, head in enumerate(self.heads) if place}


@dataclass(frozen=True, slots=True)
class Chart:
    """Something that is counted: how it is called, counted and drawn."""

    title: Any
    says: Any
    counted: Callable[[Office, Period], Figures]
    drawn: Callable[[Figures], bytes]


def _booked(office: Office, period: Period) -> Figures:
    """Bookings of each day by service."""
    counts: Counter[tuple[date, str]] = Counter()
    for one in store.booked(office, period):
        counts[one.day, one.service] += one.count
    codes = [code for code in office.service_of if any(key[1] == code for key in counts)]
    codes += sorted({code for _day, code in counts} - set(codes))  # no longer offered
    days = [day for day in period.days if any(counts[day, code] for code in codes)]
    rows: list[FigureRow] = [[_short(day), *(counts[day, code] for code in codes)] for day in days]
    return Figures([_("Den"), *codes], rows)


def _came(office: Office, period: Period) -> Figures:
    """Of those who were booked, who came and who did not; days to come are not counted."""
    today = clock.now().astimezone(office.zone).date()
    booked: Counter[date] = Counter()
    came: Counter[date] = Counter()
    for one in store.booked(office, period):
        if one.day < today:
            booked[one.day] += one.count
            came[one.day] += one.came
    rows: list[FigureRow] = [[_short(day), came[day], booked[day] - came[day]] for day in period.days if booked[day]]
    return Figures([_("Den"), _("přišli"), _("nepřišli")], rows)


def _waits(office: Office, period: Period) -> Figures:
    """How long people waited, by the hour they came in."""
    by_hour: dict[int, list[WaitCount]] = defaultdict(list)
    for wait in store.waits(office, period):
        by_hour[wait.hour.hour].append(wait)
    rows: list[FigureRow] = [
        [f"{hour}:00", _quantile(waits, 0.5), _quantile(waits, 0.9), sum(wait.count for wait in waits)]
        for hour, waits in sorted(by_hour.items())
    ]
    return Figures([_("Hodina"), _("polovina lidí do (min)"), _("devět z deseti do (min)"), _("lidí")], rows)


def _messages(office: Office, period: Period) -> Figures:
    """What messages came to."""
    counts: Counter[str] = Counter()
    for one in store.said(office, period):
        counts[one.outcome] += one.count
    rows: list[FigureRow] = [[str(WHAT.get(outcome, outcome)), count] for outcome, count in counts.most_common()]
    return Figures([_("Co z ní bylo"), _("zpráv")], rows)


CHARTS: Mapping[str, Chart] = {
    "booked": Chart(
        gettext_lazy("Objednávky podle dnů a činností"),
        gettext_lazy("Na který den byli lidé objednáni; zrušené se nepočítají."),
        _booked,
        lambda table: charts.draw_stacked_bars(table.labels, table.series),
    ),
    "came": Chart(
        gettext_lazy("Kdo z objednaných přišel"),
        gettext_lazy("Přišel ten, kdo zadal svůj kód na kiosku nebo u přepážky."),
        _came,
        lambda table: charts.draw_stacked_bars(table.labels, table.series),
    ),
    "waits": Chart(
        gettext_lazy("Čekání podle hodiny příchodu"),
        gettext_lazy("Minuty do vyvolání; objednaným se čas počítá od objednané doby."),
        _waits,
        lambda table: charts.draw_lines(table.labels, dict(list(table.series.items())[:2])),
    ),
    "messages": Chart(
        gettext_lazy("Zprávy SMS podle výsledku"),
        gettext_lazy("Co se stalo se zprávami, které lidé poslali."),
        _messages,
        lambda table: charts.draw_bars(table.labels, [int(row[1] or 0) for row in table.rows]),
    ),
}


@staff("manager")
@require_safe
def statistics(request: StaffRequest) -> HttpResponse:
    """All charts of a period, each with its figures."""
    office = request.official.office
    period, form = _period(request)
    tables = [(name, one, one.counted(office, period)) for name, one in CHARTS.items()]
    booked = store.booked(office, period)
    past = [one for one in booked if one.day < clock.now().astimezone(office.zone).date()]
    expected, came = sum(one.count for one in past), sum(one.came for one in past)
    sums = [
        (_("Objednávek"), sum(one.count for one in booked)),
        (_("Zrušených"), store.cancelled(office, period)),
        (_("Lístků u přepážek"), sum(count for _day, _kind, count in store.tickets(office, period))),
        (_("Nepřišlo"), f"{100 * (expected - came) / expected:.0f} %" if came else "–"),
    ]
    shown_sums = [
        (title, number_format(one, use_l10n=True, force_grouping=True) if isinstance(one, int) else one)
        for title, one in sums
    ]
    query = f"first={period.first.isoformat()}&last={period.last.isoformat()}"
    context = {"form": form, "charts": tables, "sums": shown_sums, "query": query}
    return office_page(request, "statistics", "admin-statistics", context)


@csp_replace({"style-src": [UNSAFE_INLINE]})  # the colours within the image; it is shown as one, and nothing runs in it
@staff("manager")
@require_safe
def chart(request: StaffRequest, name: str) -> HttpResponse:
    """One chart as an image."""
    one = _known(name)
    period, _form = _period(request)
    return HttpResponse(one.drawn(one.counted(request.official.office, period)), content_type="image/svg+xml")


@staff("manager")
@require_safe
def table(request: StaffRequest, name: str) -> HttpResponse:
    """One table for a spreadsheet: UTF-8 with its mark and semicolons, as those of Czech offices expect."""
    one = _known(name)
    period, _form = _period(request)
    figures = one.counted(request.official.office, period)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{period.first}-{period.last}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(figures.heads)
    writer.writerows(figures.rows)
    return response


def _known(name: str) -> Chart:
    if name not in CHARTS:
        raise Http404
    return CHARTS[name]


def _period(request: StaffRequest) -> tuple[Period, PeriodForm]:
    """The period asked for; the last month for nothing, or for what is no period."""
    today = clock.now().astimezone(request.official.office.zone).date()
    usual = Period(today - USUAL_LENGTH, today)
    if not request.GET.get("first") and not request.GET.get("last"):
        return usual, PeriodForm(initial={"first": usual.first, "last": usual.last})
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return usual, form
    return Period(form.cleaned_data["first"], form.cleaned_data["last"]), form


def _quantile(waits: Sequence[WaitCount], part: float) -> int:
    """The minutes within which this part of those who waited were called."""
    wanted = part * sum(wait.count for wait in waits)
    reached = 0
    for wait in sorted(waits, key=lambda wait: wait.minutes):
        reached += wait.count
        if reached >= wanted:
            return wait.minutes
    return 0


def _short(day: date) -> str:
    return f"{day.day}. {day.month}."
