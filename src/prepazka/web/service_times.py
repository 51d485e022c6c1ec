"""The table of times at the counter, for the managers' report and for a clerk's own page."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.core.reports.month import Services
from prepazka.web.office_words import titled
from prepazka.web.tables import Cell, Table


def service_times(name: str, title: str, head: str, found: Iterable[tuple[str, Services]]) -> Table:
    """Return the table. found: the times under what they are told apart by; head: what that is."""
    heads = [head, _("Vyřízeno"), _("Průměr (min)"), _("Polovina nejvýš (min)")]
    heads += [_("Devět z deseti nejvýš (min)"), _("Bez konce")]
    note = _("Od chvíle, kdy je klient u přepážky. Bez konce: nikdo ho nezadal, do dob se proto nepočítá.")
    return Table(name, title, heads, [[label, *_cells(one)] for label, one in found], note)


def _cells(one: Services) -> list[Cell]:
    found = one.spread
    if found is None:
        return [0, None, None, None, one.unended]
    return [found.count, found.mean, found.median, found.ninety, one.unended]


def service_titles(office: Office) -> Mapping[str, str]:
    """Return the titles of services by their codes, with their codes."""
    titles = {service.code: f"{service.code} – {titled(service)}" for service in office.services}
    return titles | {"": _("bez činnosti")}
