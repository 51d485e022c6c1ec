"""The bookings of a day as a workbook, for a manager: with names and numbers, so who saved it is registered."""

from collections.abc import Sequence
from datetime import date, datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.store import desk, register
from prepazka.store.desk import DayBooking
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.workbook import xlsx_response
from prepazka.web.booking_states import describe_state, missed_before
from prepazka.web.dates import parse_date
from prepazka.web.office_words import titled
from prepazka.web.tables import Cell, Table


# docs/spec/counters.md §5.1: "A manager saves the list of a day as a workbook"
@staff("manager")
@require_safe
def as_workbook(request: StaffRequest) -> HttpResponse:
    """Return the bookings of a day, by default today's, those cancelled too."""
    official, now = request.official, clock.now()
    office = official.office
    on = parse_date(request.GET.get("day"), now.astimezone(office.zone).date())
    register.note(office.id, now, official.who, "bookings saved", page=on.isoformat())
    table = day_table(office, on, desk.bookings_of_day(office, on), now)
    return xlsx_response(f"{office.slug}-{on.isoformat()}", f"{office.name} – {wording.format_day(on)}", [table])


def day_table(office: Office, on: date, bookings: Sequence[DayBooking], now: datetime) -> Table:
    """Return a row for each booking, in order of time. Access codes are left out: they open the booking."""
    missed = missed_before(office, now)
    heads = [_("Čas"), _("Jméno"), _("Osob"), _("Činnost"), _("Telefon"), _("Stav"), _("Poznámka")]
    rows: list[list[Cell]] = [
        [
            one.at.astimezone(office.zone).replace(tzinfo=None),
            one.name,
            one.persons,
            titled(office.service_of.get(one.service)) or one.service,
            wording.format_phone(one.sender or one.calls) if one.sender or one.calls else None,
            describe_state(one, missed),
            one.note or None,
        ]
        for one in bookings
    ]
    return Table("day", _("Objednávky %(day)s") % {"day": wording.format_date(on)}, heads, rows)
