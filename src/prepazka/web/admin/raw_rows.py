"""Raw rows of a report: visits and bookings one by one, without anything that tells whose they are."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from prepazka.core.minutes import Minute, local
from prepazka.core.office.office import Office
from prepazka.core.reports.visits import Visit, ending, first_wait, queue_stretches, service_stretches
from prepazka.store.reports import BookedRow, Titles
from prepazka.web.admin.report_tables import CHANNELS, ENDINGS, KINDS
from prepazka.web.tables import Cell, Table


# docs/spec/reports.md §2: "no name, no telephone number, no text, no access code, no number of a ticket and no clerk"
def visit_table(office: Office, titles: Titles, visits: Sequence[Visit]) -> Table:
    """Return a row for each ticket, in order of arrival."""
    heads = [_("Den"), _("Příchod"), _("Objednáno na"), _("Lístek"), _("Agenda"), _("Činnost"), _("Přepážka")]
    heads += [_("Čekání (min)"), _("Ve frontách celkem (min)"), _("Vyřízení (min)"), _("Jak to dopadlo")]
    rows = [_visit_row(office, titles, visit) for visit in sorted(visits, key=lambda visit: visit.arrived)]
    return Table("visits", _("Lístky"), heads, rows)


def _visit_row(office: Office, titles: Titles, visit: Visit) -> list[Cell]:
    first, served = visit.steps[0], list(service_stretches(visit))
    lengths = [one.minutes for one in served if one.minutes is not None]
    counter = served[-1].counter if served else None
    return [
        visit.day,
        _on_wall(office, visit.arrived),
        None if visit.due is None else _on_wall(office, visit.due),
        str(KINDS[visit.kind]),
        titles.agendas.get(first.agenda, ""),
        first.service or None,
        None if counter is None else titles.counters.get(counter),
        first_wait(visit),
        sum(one.minutes for one in queue_stretches(visit)),
        sum(lengths) if lengths else None,
        str(ENDINGS[ending(visit)]),
    ]


def booking_table(office: Office, titles: Titles, bookings: Sequence[BookedRow]) -> Table:
    """Return a row for each booking that was not cancelled, in order of their starts."""
    heads = [_("Začátek"), _("Délka (min)"), _("Agenda"), _("Činnost"), _("Osob"), _("Objednáno přes")]
    heads += [_("Kdy objednáno"), _("Přišel")]
    rows: list[list[Cell]] = [
        [
            _on_wall(office, one.start),
            one.minutes,
            titles.agendas.get(one.agenda, ""),
            one.service,
            one.persons,
            str(CHANNELS.get(one.channel, one.channel)),
            _on_wall(office, one.made),
            _("ano") if one.came else _("ne"),
        ]
        for one in bookings
    ]
    return Table("bookings", _("Objednávky"), heads, rows)


def _on_wall(office: Office, at: Minute) -> datetime:
    return local(at, office.zone).replace(tzinfo=None)
