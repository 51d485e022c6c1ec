"""Statistics: bookings, visits, waits and messages of a period, as charts, tables and CSV."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.core.reports.spread import within
from prepazka.store import statistics as store
from prepazka.store.statistics import BookingCount, Period
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import charts
from prepazka.web.admin.page import office_page
from prepazka.web.dates import DayField
from prepazka.web.tables import Cell, Percent, Table, csv_response, show
from prepazka.web.titles import outcome_title

# A chart of more days would be unreadable; for more, an official downloads two CSV files.
MOST_DAYS = 366
USUAL_LENGTH = timedelta(days=29)


class PeriodForm(forms.Form):
    """The first and the last day of the period."""

    first = DayField(label=gettext_lazy("Od"))
    last = DayField(label=gettext_lazy("Do"))

    def clean(self) -> dict[str, Any]:
        """Accept days in order, at most `MOST_DAYS` apart."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            raise forms.ValidationError(_("„Od“ nesmí být později než „Do“."))
        if first and last and last - first > timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Vyberte nejvýše rok."))
        return cleaned


@dataclass(frozen=True)
class Counted:
    """The figures of a period; those that several charts show are counted once."""

    office: Office
    period: Period

    @cached_property
    def bookings(self) -> Sequence[BookingCount]:
        """The bookings by day, service and channel."""
        return store.bookings(self.office, self.period)


@dataclass(frozen=True, slots=True)
class Chart:
    """A statistic: its title, how it is counted, and how it is drawn."""

    title: Any
    description: Any
    count: Callable[[Counted], Table]
    draw: Callable[[Table], bytes]


def _count_bookings(counted: Counted) -> Table:
    """Count the bookings of each day by service."""
    counts: Counter[tuple[date, str]] = Counter()
    for booked in counted.bookings:
        counts[booked.day, booked.service] += booked.count
    codes = [code for code in counted.office.service_of if any(key[1] == code for key in counts)]
    codes += sorted({code for _day, code in counts} - set(codes))  # no longer offered
    days = [day for day in counted.period.days if any(counts[day, code] for code in codes)]
    rows: list[list[Cell]] = [[day, *(counts[day, code] for code in codes)] for day in days]
    return _table("booked", [_("Den"), *codes], rows)


def _count_visits(counted: Counted) -> Table:
    """Count, of the people who had booked, those who came and those who did not; future days are left out."""
    today = clock.now().astimezone(counted.office.zone).date()
    booked: Counter[date] = Counter()
    visited: Counter[date] = Counter()
    for count in counted.bookings:
        if count.day < today:
            booked[count.day] += count.count
            visited[count.day] += count.checked_in
    rows: list[list[Cell]] = [[day, visited[day], booked[day] - visited[day]] for day in sorted(+booked)]
    return _table("came", [_("Den"), _("přišli"), _("nepřišli")], rows)


def _measure_waits(counted: Counted) -> Table:
    """Return the waits by the hour of arrival."""
    by_hour: dict[int, Counter[int]] = defaultdict(Counter)
    for wait in store.waits(counted.office, counted.period):
        by_hour[wait.hour.hour][wait.minutes] += wait.count
    rows: list[list[Cell]] = [
        [f"{hour}:00", within(waits, 0.5), within(waits, 0.9), waits.total()] for hour, waits in sorted(by_hour.items())
    ]
    heads = [_("Hodina"), _("polovina lidí čekala nejvýš (min)"), _("90 % lidí čekalo nejvýš (min)"), _("lidí")]
    return _table("waits", heads, rows)


def _count_messages(counted: Counted) -> Table:
    """Count the messages by their outcome."""
    counts: Counter[str] = Counter()
    for messages in store.messages(counted.office, counted.period):
        counts[messages.outcome] += messages.count
    rows: list[list[Cell]] = [[outcome_title(outcome), count] for outcome, count in counts.most_common()]
    return _table("messages", [_("Jak zpráva dopadla"), _("zpráv")], rows)


def _table(name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(name, str(CHARTS[name].title), heads, rows)


CHARTS: Mapping[str, Chart] = {
    "booked": Chart(
        gettext_lazy("Objednávky podle dnů a činností"),
        gettext_lazy("Na který den byli lidé objednáni; zrušené se nepočítají."),
        _count_bookings,
        lambda table: charts.draw_stacked_bars(table.labels, table.series),
    ),
    "came": Chart(
        gettext_lazy("Kdo z objednaných přišel"),
        gettext_lazy("Přišel ten, kdo zadal svůj kód na kiosku."),
        _count_visits,
        lambda table: charts.draw_stacked_bars(table.labels, table.series),
    ),
    "waits": Chart(
        gettext_lazy("Čekání podle hodiny příchodu"),
        gettext_lazy("Minuty do vyvolání; objednaným se čas počítá od objednané doby."),
        _measure_waits,
        lambda table: charts.draw_lines(table.labels, dict(list(table.series.items())[:2])),
    ),
    "messages": Chart(
        gettext_lazy("Zprávy SMS podle výsledku"),
        gettext_lazy("Co se stalo se zprávami, které lidé poslali."),
        _count_messages,
        lambda table: charts.draw_bars(table.labels, [one or 0 for one in next(iter(table.series.values()))]),
    ),
}


@staff("manager")
@require_safe
def statistics(request: StaffRequest) -> HttpResponse:
    """Show all charts of a period with their figures."""
    office = request.official.office
    chosen = _read_period(request)
    period = chosen.period
    counted = Counted(office, period)
    tables = [(name, chart, chart.count(counted)) for name, chart in CHARTS.items()]
    booked = counted.bookings
    past = [count for count in booked if count.day < clock.now().astimezone(office.zone).date()]
    # docs/spec/reports.md §1: "of three who all stayed away, 100 % did not come"
    expected, visited = sum(count.count for count in past), sum(count.checked_in for count in past)
    sums: list[tuple[str, Cell]] = [
        (_("Objednávek"), sum(count.count for count in booked)),
        (_("Zrušených"), store.cancellations(office, period)),
        (_("Lístků u přepážek"), sum(count.count for count in store.tickets(office, period))),
        (_("Nedostavilo se"), Percent((expected - visited) / expected) if expected else None),
    ]
    query = f"first={period.first.isoformat()}&last={period.last.isoformat()}"
    shown = [(title, show(value)) for title, value in sums]
    context = {"form": chosen.form, "charts": tables, "sums": shown, "query": query}
    return office_page(request, "statistics", "admin-statistics", context)


# The colours of an SVG are inline styles; a browser runs nothing in an image.
@csp_replace({"style-src": [UNSAFE_INLINE]})
@staff("manager")
@require_safe
def chart(request: StaffRequest, name: str) -> HttpResponse:
    """Return one chart as an image."""
    found = _find_chart(name)
    period = _read_period(request).period
    return HttpResponse(found.draw(found.count(Counted(request.official.office, period))), content_type="image/svg+xml")


@staff("manager")
@require_safe
def table(request: StaffRequest, name: str) -> HttpResponse:
    """Return one table for a spreadsheet."""
    period = _read_period(request).period
    figures = _find_chart(name).count(Counted(request.official.office, period))
    return csv_response(f"{name}-{period.first}-{period.last}", [figures])


def _find_chart(name: str) -> Chart:
    if name not in CHARTS:
        raise Http404
    return CHARTS[name]


@dataclass(frozen=True, slots=True)
class ChosenPeriod:
    """The period of the request, and its form."""

    period: Period
    form: PeriodForm


def _read_period(request: StaffRequest) -> ChosenPeriod:
    """Return the period of the request; by default, or for an invalid one, the last month."""
    today = clock.now().astimezone(request.official.office.zone).date()
    usual = Period(today - USUAL_LENGTH, today)
    if not request.GET.get("first") and not request.GET.get("last"):
        return ChosenPeriod(usual, PeriodForm(initial={"first": usual.first, "last": usual.last}))
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return ChosenPeriod(usual, form)
    return ChosenPeriod(Period(form.cleaned_data["first"], form.cleaned_data["last"]), form)
