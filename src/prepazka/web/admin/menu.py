"""The menu of the administration: its entries by what they are for, and which of them somebody sees."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from prepazka.core.office.roles import Role
from prepazka.web.access import Official


class MenuEntry(NamedTuple):
    """An entry of the menu: the name of its address, its title, and the least role that sees it."""

    address: str
    title: object
    least: Role


class ShownGroup(NamedTuple):
    """A group as somebody sees it. entries: address, title, and whether it is the page. current: whether one is."""

    title: object
    entries: list[tuple[str, object, bool]]
    current: bool


MENU: tuple[tuple[object, tuple[MenuEntry, ...]], ...] = (
    (
        _("Dnes"),
        (
            MenuEntry("admin", _("Přehled"), "manager"),
            MenuEntry("admin-hall", _("Sál teď"), "manager"),
            MenuEntry("admin-closures", _("Uzavření"), "manager"),
            MenuEntry("admin-messages", _("Zprávy"), "manager"),
            MenuEntry("admin-delivery", _("Doručování"), "manager"),
        ),
    ),
    (
        _("Výkazy"),
        (
            MenuEntry("admin-statistics", _("Statistiky"), "manager"),
            MenuEntry("admin-report", _("Měsíční přehled"), "manager"),
            MenuEntry("admin-forecast", _("Výhled"), "manager"),
            MenuEntry("admin-what-if", _("Co kdyby"), "manager"),
            MenuEntry("admin-misunderstood", _("Čemu jsme nerozuměli"), "manager"),
            MenuEntry("admin-costs", _("Zprávy a náklady"), "administrator"),
            MenuEntry("admin-audit", _("Záznam změn"), "manager"),
            MenuEntry("admin-register", _("Registr nahlížení"), "officer"),
        ),
    ),
    (
        _("Objednávání"),
        (
            MenuEntry("admin-agendas", _("Agendy a hodiny"), "administrator"),
            MenuEntry("admin-services", _("Činnosti"), "administrator"),
            MenuEntry("admin-rules", _("Pravidla"), "administrator"),
            MenuEntry("admin-texts", _("Texty odpovědí"), "administrator"),
            MenuEntry("admin-answers", _("Uložené odpovědi"), "administrator"),
        ),
    ),
    (
        _("Sál"),
        (
            MenuEntry("admin-counters", _("Přepážky"), "administrator"),
            MenuEntry("admin-screens", _("Obrazovky"), "administrator"),
            MenuEntry("admin-kiosks", _("Kiosky"), "administrator"),
        ),
    ),
    (
        _("Úřad"),
        (
            MenuEntry("admin-office", _("Úřad a čísla"), "administrator"),
            MenuEntry("admin-users", _("Uživatelé"), "administrator"),
            MenuEntry("admin-gateways", _("Brány"), "administrator"),
            MenuEntry("admin-person", _("Údaje o člověku"), "administrator"),
            MenuEntry("admin-limits", _("Ochrana"), "manager"),
            MenuEntry("admin-manual", _("Příručka správce"), "manager"),
        ),
    ),
)
"""Groups with their entries, in the order of the menu."""


# docs/spec/administration.md §4: "The menu shows what somebody may open, in groups, with the page marked"
def list_groups(official: Official, here: str) -> list[ShownGroup]:
    """Return the groups somebody sees; here: the entry of the page."""
    groups = []
    for title, entries in MENU:
        shown = [(one.address, one.title, one.address == here) for one in entries if official.may(one.least)]
        if shown:
            groups.append(ShownGroup(title, shown, any(current for _address, _title, current in shown)))
    return groups


def entry_title(here: str) -> object:
    """Return the title of an entry, "" for none."""
    return next((one.title for _group, entries in MENU for one in entries if one.address == here), "")
