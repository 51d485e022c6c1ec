"""The forecast of the next four weeks: how many people will probably come, and how sure that is, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from prepazka.core.office import calendar
from prepazka.core.office.office import Agenda, Office
from prepazka.core.reports.forecast import LATELY, YEAR, Basis, Certainty, Expected, Past, expected_parts, forecast
from prepazka.store import costs, reports
from prepazka.store.statistics import Period
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import charts
from prepazka.web.admin.page import office_page
from prepazka.web.tables import Cell, Table
from prepazka.web.wording import WEEKDAYS

COMING = 28
"""How many days are forecast."""

CERTAINTIES: dict[Certainty, Any] = {
    "good": gettext_lazy("spolehlivý: podobné dny se lišily málo"),
    "fair": gettext_lazy("přibližný: podobné dny se dost lišily"),
    "rough": gettext_lazy("hrubý: podobné dny se lišily hodně"),
}
BASES: dict[Basis, Any] = {
    "last_year": gettext_lazy("loňsko"),
    "lately": gettext_lazy("poslední týdny"),
}


@dataclass(frozen=True, slots=True)
class AgendaForecast:
    """The forecast of an agenda."""

    agenda: Agenda
    days: Sequence[Expected]

    @property
    def people(self) -> int:
        """How many people are expected altogether."""
        return sum(one.people for one in self.days)


def _forecasts(office: Office, today: date) -> list[AgendaForecast]:
    """Return the forecasts of all agendas, by two queries."""
    since = reports.first_day(office)
    if since is None:
        return []
    earliest = today - YEAR - timedelta(weeks=LATELY + 4)
    known = reports.people_by_day(office, Period(max(since, earliest), today))
    days = [today + timedelta(days=ahead) for ahead in range(1, COMING + 1)]
    return [
        AgendaForecast(agenda, list(forecast(_past(office, agenda, known.get(agenda.id, {}), since), today, days)))
        for agenda in office.agendas
    ]


def _past(office: Office, agenda: Agenda, came: dict[date, int], since: date) -> Past:
    return Past(came, since, lambda day: bool(calendar.starts(office, agenda, day).stretches))


@staff("manager")
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    """Show the forecast of each agenda and what messages will cost."""
    office = request.official.office
    today = clock.now().astimezone(office.zone).date()
    found = _forecasts(office, today)
    booked = _booked(office, today)
    context = {
        "tables": [_table(one, booked) for one in found if one.days],
        "unknown": [one.agenda.title for one in found if not one.days],
        "messages": _messages(office, today, sum(one.people for one in found)),
        "nothing": not found,
    }
    return office_page(request, "forecast", "admin-forecast", context)


# The colours of an SVG are inline styles; a browser runs nothing in an image.
@csp_replace({"style-src": [UNSAFE_INLINE]})
@staff("manager")
@require_safe
def chart(request: StaffRequest, name: str) -> HttpResponse:
    """Return the forecast of an agenda as an image."""
    office = request.official.office
    today = clock.now().astimezone(office.zone).date()
    found = [one for one in _forecasts(office, today) if one.agenda.key == name]
    if not found:
        raise Http404
    days = found[0].days
    series = {
        _("nejspíš"): [one.people for one in days],
        _("v osmi z deseti případů nejméně"): [one.low for one in days],
        _("v osmi z deseti případů nejvýš"): [one.high for one in days],
    }
    drawn = charts.draw_lines([f"{one.day.day}. {one.day.month}." for one in days], series)
    return HttpResponse(drawn, content_type="image/svg+xml")


def _table(found: AgendaForecast, booked: dict[tuple[int, date], int]) -> Table:
    heads = [
        _("Den"),
        _("Den v týdnu"),
        _("Nejspíš lidí"),
        _("V osmi z deseti případů"),
        _("Odhad je"),
        _("Podle čeho"),
    ]
    rows: list[list[Cell]] = [
        [
            one.day,
            str(WEEKDAYS[one.day.weekday()]),
            one.people,
            _("%(low)s až %(high)s") % {"low": one.low, "high": one.high},
            str(CERTAINTIES[one.certainty]),
            str(BASES[one.basis]),
            booked.get((found.agenda.id, one.day), 0),
        ]
        for one in found.days
    ]
    return Table(found.agenda.key, found.agenda.title, heads, rows)


def _booked(office: Office, today: date) -> dict[tuple[int, date], int]:
    counts: dict[tuple[int, date], int] = {}
    for one in reports.booked(office, Period(today + timedelta(days=1), today + timedelta(days=COMING))):
        counts[one.agenda, one.day] = counts.get((one.agenda, one.day), 0) + one.count
    return counts


def _messages(office: Office, today: date, expected: int) -> dict[str, str] | None:
    """Return how many SMS are expected, and what they will cost; None where nothing is known."""
    lately = Period(today - timedelta(weeks=4), today - timedelta(days=1))
    sent = costs.sent_by_gateway(office, lately)
    people = sum(sum(days.values()) for days in reports.people_by_day(office, lately).values())
    parts = expected_parts(sum(one.parts for one in sent), people, expected)
    if not parts:
        return None
    price: Decimal = settings.SMS_PRICE
    return {
        "parts": number_format(parts, use_l10n=True, force_grouping=True),
        "cost": number_format(price * parts, 0, use_l10n=True, force_grouping=True),
    }
