"""Shows a page of the administration with the office, the menu, and the result of the last act."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from prepazka.core.office.roles import Role
from prepazka.web.access import StaffRequest


class MenuEntry(NamedTuple):
    """An entry of the menu: the name of its address, its title, and the least role that sees it."""

    address: str
    title: object
    least: Role


MENU: tuple[MenuEntry, ...] = (
    MenuEntry("admin", _("Přehled"), "manager"),
    MenuEntry("admin-hall", _("Sál teď"), "manager"),
    MenuEntry("admin-closures", _("Uzavření"), "manager"),
    MenuEntry("admin-messages", _("Zprávy"), "manager"),
    MenuEntry("admin-delivery", _("Doručování"), "manager"),
    MenuEntry("admin-costs", _("Zprávy a náklady"), "administrator"),
    MenuEntry("admin-statistics", _("Statistiky"), "manager"),
    MenuEntry("admin-report", _("Měsíční přehled"), "manager"),
    MenuEntry("admin-forecast", _("Výhled"), "manager"),
    MenuEntry("admin-what-if", _("Co kdyby"), "manager"),
    MenuEntry("admin-misunderstood", _("Čemu jsme nerozuměli"), "manager"),
    MenuEntry("admin-audit", _("Záznam změn"), "manager"),
    MenuEntry("admin-register", _("Registr nahlížení"), "officer"),
    MenuEntry("admin-person", _("Údaje o člověku"), "administrator"),
    MenuEntry("admin-limits", _("Ochrana"), "manager"),
    MenuEntry("admin-office", _("Úřad a čísla"), "administrator"),
    MenuEntry("admin-agendas", _("Agendy a hodiny"), "administrator"),
    MenuEntry("admin-services", _("Činnosti"), "administrator"),
    MenuEntry("admin-counters", _("Přepážky"), "administrator"),
    MenuEntry("admin-kiosks", _("Kiosky"), "administrator"),
    MenuEntry("admin-screens", _("Obrazovky"), "administrator"),
    MenuEntry("admin-texts", _("Texty odpovědí"), "administrator"),
    MenuEntry("admin-answers", _("Uložené odpovědi"), "administrator"),
    MenuEntry("admin-rules", _("Pravidla"), "administrator"),
    MenuEntry("admin-users", _("Uživatelé"), "administrator"),
    MenuEntry("admin-gateways", _("Brány"), "administrator"),
)

_DONE = {
    "saved": _("Uloženo."),
    "removed": _("Smazáno."),
    "told": _("Uloženo. Objednávky jsme zrušili a zprávy o tom právě posíláme."),
    "called_off": _("Uloženo. Objednávky jsme zrušili, zprávy jsme neposlali."),
    "queued": _("Zpráva se posílá znovu."),
    "stopped": _("Odesílání je zastavené. Posíláme jen odpovědi na zprávy."),
    "resumed": _("Odesílání zase běží. Co čekalo, odejde během minuty."),
    "withdrawn": _("Klíč už neplatí."),
    "counter_closed": _("Přepážka je zavřená."),
    "counter_paused": _("Přepážka má přestávku."),
    "tickets_stopped": _("Lístky bez objednání už dnes nevydáváme. Zítra je kiosek vydá jako obvykle."),
    "tickets_resumed": _("Lístky zase vydáváme."),
    "erased": _("Údaje jsou smazané. Zůstaly jen počty, ze kterých nelze nikoho poznat."),
    "assigned": _("Zprávy jsme předali úřadu, kterému číslo patří."),
    "printed": _("Zkušební lístek jsme tiskárně poslali."),
}
_NOT_DONE = {
    "other_seated": _("U přepážky už sedí někdo jiný, nebo nikdo. Nic jsme nezměnili."),
    "kept": _(
        "V programu jsou údaje smazané, ale program modemu jsme nedosáhli a zprávy v něm zůstaly. "
        "Zkuste to prosím znovu, nebo požádejte provozovatele."
    ),
    "meanwhile": _("Pořadí mezitím změnil někdo jiný, proto jsme je nechali. Zkontrolujte je prosím a posuňte znovu."),
    "refused": _("Zařízení na této adrese netiskne. Zkontrolujte prosím adresu a zda tiskárna přijímá tisk ze sítě."),
    "silent": _("Na této adrese se nikdo neozval. Zkontrolujte prosím, zda je tiskárna zapnutá a připojená k síti."),
    "unknown": _("Takovou adresu síť nezná. Zkontrolujte prosím, zda v ní není překlep."),
    "forbidden": _(
        "Na této adrese program tisknout nesmí. Požádejte prosím provozovatele, aby ji mezi tiskárny přidal."
    ),
    "missing": _("Program je nainstalovaný bez podpory tiskáren. Požádejte prosím provozovatele o její doplnění."),
}
"""The messages after an act, and after one that failed; the last five are those of `web.paper.PrintResult`."""


def office_page(request: StaffRequest, name: str, here: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """Render this template; here: its entry of the menu."""
    official = request.official
    menu = [(address, title, address == here) for address, title, least in MENU if official.may(least)]
    done = _DONE.get(request.GET.get("done", ""))
    basics = {
        "office": official.office,
        "menu": menu,
        "done": done,
        "not_done": _NOT_DONE.get(request.GET.get("done", "")),
        "administrator": official.may("administrator"),
        "manual": official.may("manager"),
    }
    return render(request, f"web/admin/{name}.html", basics | dict(context or {}))
