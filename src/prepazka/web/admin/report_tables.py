"""The tables of a report: each figure of `core.reports.month` under its Czech name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import TicketKind
from prepazka.core.reports.bookings import NoShows
from prepazka.core.reports.month import UNSERVED, Report, unperformed
from prepazka.core.reports.spread import Spread
from prepazka.core.reports.visits import Ending, Entry
from prepazka.store import accounts
from prepazka.store.costs import SentByGateway
from prepazka.store.reports import Titles
from prepazka.web.service_times import service_times, service_titles
from prepazka.web.tables import Cell, Percent, Table
from prepazka.web.unperformed import WHY

Thing = TypeVar("Thing")
Key = TypeVar("Key", int, str)

KINDS: Mapping[TicketKind, object] = {
    "booking": gettext_lazy("na objednávku včas"),
    "late": gettext_lazy("na objednávku po čase"),
    "walk_in": gettext_lazy("bez objednání"),
}
CHANNELS: Mapping[str, object] = {
    "sms": gettext_lazy("SMS"),
    "web": gettext_lazy("web"),
    "desk": gettext_lazy("úředník"),
    "api": gettext_lazy("jiný program"),
}
ENTRIES: Mapping[Entry, object] = {
    "arrived": gettext_lazy("po příchodu"),
    "not_here": gettext_lazy("po marném volání"),
    "parked": gettext_lazy("po odložení"),
    "transferred": gettext_lazy("po předání"),
    "revived": gettext_lazy("po vyřazení a návratu"),
}
ENDINGS: Mapping[Ending, object] = {
    "served": gettext_lazy("vyřízeno"),
    "no_papers": gettext_lazy("nevyřízeno: chyběly doklady"),
    "not_ours": gettext_lazy("nevyřízeno: patří jinam"),
    "gave_up": gettext_lazy("nevyřízeno: klient od toho ustoupil"),
    "outage": gettext_lazy("nevyřízeno: porucha"),
    "unsolved": gettext_lazy("nevyřízeno: jiný důvod"),
    "absent": gettext_lazy("na zavolání nepřišel"),
    "closed": gettext_lazy("nezavolán do konce dne"),
    "left": gettext_lazy("odešel z fronty"),
    "withdrawn": gettext_lazy("při čekání zrušil objednávku"),
    "open": gettext_lazy("ještě není konec"),
}


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month's report with what is counted beside it: cancelled bookings, and messages by gateway."""

    report: Report
    cancelled: int
    sent: Sequence[SentByGateway]


Named = Iterable[tuple[str, Thing]]
"""Figures, each under its title."""


def report_tables(office: Office, titles: Titles, this: MonthFigures, before: MonthFigures) -> list[Table]:
    """Return all tables of a report, without those that have nothing to show. before: the same month a year earlier."""
    found, service = this.report, service_titles(office)
    tables = [
        _summary(this, before),
        _waits("waits-agenda", _("Čekání podle agend"), _("Agenda"), _named(found.waits_by_agenda, titles.agendas)),
        waits_by_hour(found),
        _stretches(found, titles),
        service_times("services", _("Doby vyřízení podle činností"), _("Činnost"), _named(found.services, service)),
        service_times(
            "counters", _("Doby vyřízení podle přepážek"), _("Přepážka"), _named(found.services_at, titles.counters)
        ),
        *_clerks(office, found),
        unserved(found),
        not_performed(found),
        _no_shows(
            "missed-service",
            _("Nedostavili se podle činností"),
            _("Činnost"),
            _named(found.no_shows_by_service, service),
        ),
        _no_shows(
            "missed-channel",
            _("Nedostavili se podle cesty objednání"),
            _("Objednáno přes"),
            _named(found.no_shows_by_channel, CHANNELS),
        ),
        capacity(found, titles),
        _booked(found),
        sent(this.sent),
    ]
    return [table for table in tables if table.rows]


def _named(found: Mapping[Key, Thing], names: Mapping[Key, object]) -> Named[Thing]:
    return [(str(names.get(key, key)), one) for key, one in found.items()]


def _summary(this: MonthFigures, before: MonthFigures) -> Table:
    heads = [_("Údaj"), _("Tento měsíc"), _("Stejný měsíc loni"), _("Změna")]
    rows = [
        (name, now, then, _change(now, then))
        for (name, now), (_name, then) in zip(_lines(this), _lines(before), strict=True)
    ]
    return Table("summary", _("Souhrn"), heads, rows, _("Změna je proti loňsku, u podílů v procentních bodech."))


def _lines(figures: MonthFigures) -> list[tuple[str, Cell]]:
    found = figures.report
    places = list(found.capacity.values())
    offered = sum(one.offered for one in places)
    return [
        (_("Lístků"), sum(found.tickets.values())),
        *((_("Lístků: %(kind)s") % {"kind": title}, found.tickets.get(kind, 0)) for kind, title in KINDS.items()),
        (_("Lidí vyřízeno"), found.endings.get("served", 0)),
        (_("Lidí u přepážky nevyřízeno"), sum(unperformed(found.endings).values())),
        (_("Lidí odešlo bez vyřízení"), found.left),
        (_("Polovina lidí čekala nejvýš (min)"), found.waits.median if found.waits else None),
        (_("Devět z deseti lidí čekalo nejvýš (min)"), found.waits.ninety if found.waits else None),
        (_("Průměrná doba vyřízení (min)"), found.served.spread.mean if found.served.spread else None),
        (_("Objednávek na tento měsíc"), sum(found.booked.values())),
        (_("Objednávek zrušeno"), figures.cancelled),
        (_("Objednaných se nedostavilo"), _share(found.no_shows.missed, found.no_shows.expected)),
        (_("Z nabídnutých míst objednáno"), _share(sum(one.booked for one in places), offered)),
        (_("Z nabídnutých míst využito"), _share(sum(one.used for one in places), offered)),
        (_("Odeslaných SMS"), sum(one.parts for one in figures.sent)),
    ]


def _share(part: int, whole: int) -> Percent | None:
    return Percent(part / whole) if whole else None


def _change(now: Cell, then: Cell) -> Cell:
    """Return by how much a figure grew: relatively, or in points where it is a share itself."""
    if isinstance(now, Percent) and isinstance(then, Percent):
        return Percent(now - then)
    if not isinstance(now, int | float) or not isinstance(then, int | float) or not then:
        return None
    return Percent(now / then - 1)


def waits_by_hour(found: Report) -> Table:
    """Return the table of waits by the hour of arrival."""
    hours = [(f"{hour}:00", one) for hour, one in found.waits_by_hour.items()]
    return _waits("waits-hour", _("Čekání podle hodiny příchodu"), _("Hodina"), hours)


def _waits(name: str, title: str, head: str, found: Named[Spread]) -> Table:
    heads = [head, _("Lidí"), _("Polovina nejvýš (min)"), _("Devět z deseti nejvýš (min)"), _("Nejdéle (min)")]
    rows = [(label, one.count, one.median, one.ninety, one.longest) for label, one in found]
    return Table(name, title, heads, rows, _("Od příchodu do prvního zavolání; objednaným od objednané doby."))


def _stretches(found: Report, titles: Titles) -> Table:
    heads = [_("Agenda"), _("Ve frontě"), _("Kolikrát"), _("Polovina nejvýš (min)")]
    heads += [_("Devět z deseti nejvýš (min)"), _("Nejdéle (min)")]
    rows = [
        (titles.agendas.get(agenda, "?"), str(ENTRIES[entry]), one.count, one.median, one.ninety, one.longest)
        for (agenda, entry), one in found.stretches.items()
    ]
    return Table("stretches", _("Úseky ve frontách"), heads, rows, _("Každé čekání zvlášť, i opakované."))


# docs/spec/reports.md §3: "Service times are shown by clerk only where the office has switched `clerk_figures` on"
def _clerks(office: Office, found: Report) -> list[Table]:
    if not office.settings.clerk_figures:
        return []
    names = accounts.told_apart(found.services_of)
    times = _named(found.services_of, names)
    return [service_times("clerks", _("Doby vyřízení podle úředníků"), _("Úředník"), times)]


def unserved(found: Report) -> Table:
    """Return the table of people who left unserved, by the hour they came in."""
    heads = [_("Hodina příchodu"), *(str(ENDINGS[how]) for how in UNSERVED), _("Celkem")]
    rows: list[list[Cell]] = [
        [f"{hour}:00", *(hows.get(how, 0) for how in UNSERVED), sum(hows.values())]
        for hour, hows in found.unserved.items()
    ]
    return Table("unserved", _("Kdo odešel bez vyřízení"), heads, rows)


def not_performed(found: Report) -> Table:
    """Return the table of people who were at a counter and could not be served, by the reason."""
    counts = unperformed(found.endings)
    seen = sum(counts.values()) + found.endings.get("served", 0)
    heads = [_("Důvod"), _("Lidí"), _("Podíl z lidí u přepážek")]
    rows = [(str(WHY[why]), count, _share(count, seen)) for why, count in counts.items()]
    return Table("unperformed", _("U přepážky se nepodařilo vyřídit"), heads, rows)


def _no_shows(name: str, title: str, head: str, found: Named[NoShows]) -> Table:
    heads = [head, _("Objednáno"), _("Nedostavilo se"), _("Podíl")]
    rows = [(label, one.expected, one.missed, _share(one.missed, one.expected)) for label, one in found]
    return Table(name, title, heads, rows, _("Nezrušené objednávky minulých dnů, ke kterým nikdo nedostal lístek."))


def capacity(found: Report, titles: Titles) -> Table:
    """Return the table of places offered, booked and used."""
    heads = [_("Agenda"), _("Nabídnuto (h)"), _("Objednáno (h)"), _("Využito (h)"), _("Objednáno"), _("Využito")]
    rows: list[list[Cell]] = [
        [
            titles.agendas.get(agenda, "?"),
            *(minutes / 60 for minutes in (one.offered, one.booked, one.used)),
            _share(one.booked, one.offered),
            _share(one.used, one.offered),
        ]
        for agenda, one in found.capacity.items()
        if one.offered or one.booked
    ]
    note = _("Hodiny míst k objednání podle dnešního nastavení hodin; využil je ten, kdo přišel.")
    return Table("capacity", _("Kapacita"), heads, rows, note)


def _booked(found: Report) -> Table:
    total = sum(found.booked.values())
    rows = [(title, count, _share(count, total)) for title, count in _named(found.booked, CHANNELS)]
    return Table("channels", _("Kudy se lidé objednali"), [_("Objednáno přes"), _("Objednávek"), _("Podíl")], rows)


def sent(found: Sequence[SentByGateway]) -> Table:
    """Return the table of messages that were sent, and what they cost by the installation's price."""
    price: Decimal = settings.SMS_PRICE
    rows = [(one.gateway, one.messages, one.parts, float(price * one.parts)) for one in found]
    note = _("Odhad podle nastavené ceny jedné SMS; skutečnou cenu určuje smlouva s operátorem.")
    return Table("sent", _("SMS podle bran"), [_("Brána"), _("Zpráv"), _("SMS"), _("Odhad ceny (Kč)")], rows, note)
