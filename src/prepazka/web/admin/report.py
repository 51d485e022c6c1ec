"""The monthly report: a page to print, a workbook, CSV, and raw rows without people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django import forms
from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.core.reports.month import Report, report_of
from prepazka.store import costs, reports, statistics
from prepazka.store.reports import Titles
from prepazka.store.statistics import Period
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import charts
from prepazka.web.admin.page import office_page
from prepazka.web.admin.raw_rows import booking_table, visit_table
from prepazka.web.admin.report_tables import MonthFigures, capacity, report_tables, unserved, waits_by_hour
from prepazka.web.admin.workbook import xlsx_response
from prepazka.web.tables import Table, csv_response


class MonthForm(forms.Form):
    """The month, as browsers send it: 2026-08."""

    month = forms.DateField(
        label=gettext_lazy("Měsíc"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, "%Y-%m"),
        error_messages={"invalid": gettext_lazy("Napište měsíc jako 2026-08.")},
    )

    def clean_month(self) -> date:
        """Accept the months in which there may be something."""
        month: date = self.cleaned_data["month"]
        if not 2000 <= month.year < 2100:
            raise forms.ValidationError(_("Napište měsíc jako 2026-08."))
        return month


@dataclass(frozen=True, slots=True)
class ChosenMonth:
    """The month of the request, and its form."""

    period: Period
    form: MonthForm

    @property
    def address(self) -> str:
        """The month in an address and in a file's name."""
        return f"{self.period.first:%Y-%m}"

    @property
    def title(self) -> str:
        """The month in words."""
        return date_format(self.period.first, "F Y")


# docs/spec/reports.md §2: "the month before, until another is chosen"
def read_month(request: StaffRequest) -> ChosenMonth:
    """Return the month of the request; the last whole one where none, or no real one, is given."""
    today = clock.now().astimezone(request.official.office.zone).date()
    usual = month_of(today.replace(day=1) - timedelta(days=1))
    if not request.GET.get("month"):
        return ChosenMonth(usual, MonthForm(initial={"month": usual.first}))
    form = MonthForm(request.GET)
    return ChosenMonth(month_of(form.cleaned_data["month"]) if form.is_valid() else usual, form)


def month_of(day: date) -> Period:
    """Return the month of a day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def figures(office: Office, period: Period) -> MonthFigures:
    """Return the figures of a period, by a constant number of queries."""
    return MonthFigures(
        _report(office, period),
        statistics.cancellations(office, period),
        costs.sent_by_gateway(office, period),
    )


def _report(office: Office, period: Period) -> Report:
    today = clock.now().astimezone(office.zone).date()
    return report_of(office, period.days, reports.counted(office, period), reports.booked(office, period), today)


def _tables(office: Office, period: Period) -> list[Table]:
    year_ago = month_of(period.first.replace(year=period.first.year - 1))
    return report_tables(office, reports.titles(office), figures(office, period), figures(office, year_ago))


CHARTS: Mapping[str, Callable[[Report, Titles], bytes]] = {
    "waits-hour": lambda found, _titles: _draw_waits(waits_by_hour(found)),
    "unserved": lambda found, _titles: _draw_unserved(unserved(found)),
    "capacity": lambda found, titles: _draw_capacity(capacity(found, titles)),
}
"""The tables that are drawn too, by their names."""


def _draw_waits(table: Table) -> bytes:
    return charts.draw_lines(table.labels, dict(list(table.series.items())[1:3]))


def _draw_unserved(table: Table) -> bytes:
    return charts.draw_stacked_bars(table.labels, dict(list(table.series.items())[:-1]))


def _draw_capacity(table: Table) -> bytes:
    return charts.draw_grouped_bars(table.labels, dict(list(table.series.items())[:3]))


@staff("manager")
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    """Show the report, to be read, printed and signed."""
    office, chosen = request.official.office, read_month(request)
    context = {
        "form": chosen.form,
        "month": chosen,
        "tables": _tables(office, chosen.period),
        "drawn": CHARTS,
        "made": clock.now().astimezone(office.zone),
        "folded": reports.is_folded(office, chosen.period),
        "running": chosen.period.last >= clock.now().astimezone(office.zone).date(),
    }
    return office_page(request, "report", "admin-report", context)


# The colours of an SVG are inline styles; a browser runs nothing in an image.
@csp_replace({"style-src": [UNSAFE_INLINE]})
@staff("manager")
@require_safe
def chart(request: StaffRequest, name: str) -> HttpResponse:
    """Return one table of the report as an image."""
    if name not in CHARTS:
        raise Http404
    office = request.official.office
    found = _report(office, read_month(request).period)
    return HttpResponse(CHARTS[name](found, reports.titles(office)), content_type="image/svg+xml")


@staff("manager")
@require_safe
def as_csv(request: StaffRequest) -> HttpResponse:
    """Return all tables of the report for a spreadsheet."""
    office, chosen = request.official.office, read_month(request)
    return csv_response(f"{office.slug}-{chosen.address}", _tables(office, chosen.period))


@staff("manager")
@require_safe
def as_workbook(request: StaffRequest) -> HttpResponse:
    """Return the report and its raw rows as a workbook."""
    office, chosen = request.official.office, read_month(request)
    tables = [*_tables(office, chosen.period), *_raw(office, chosen.period)]
    return xlsx_response(f"{office.slug}-{chosen.address}", f"{office.name} – {chosen.title}", tables)


@staff("manager")
@require_safe
def raw(request: StaffRequest, name: str) -> HttpResponse:
    """Return one table of raw rows for a spreadsheet."""
    office, chosen = request.official.office, read_month(request)
    found = {table.name: table for table in _raw(office, chosen.period)}
    if name not in found:
        raise Http404
    return csv_response(f"{office.slug}-{chosen.address}-{name}", [found[name]])


def _raw(office: Office, period: Period) -> Sequence[Table]:
    titles: Any = reports.titles(office)
    return [
        visit_table(office, titles, reports.visits(office, period)),
        booking_table(office, titles, reports.booking_rows(office, period)),
    ]
