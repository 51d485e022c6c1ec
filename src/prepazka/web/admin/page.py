"""Shows a page of the administration with the office, the menu, and the result of the last act."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from prepazka.web.access import StaffRequest
from prepazka.web.admin.menu import entry_title, list_groups

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
    "meanwhile": _("Pořadí se mezitím změnilo, proto jsme ho nechali, jak je. Zkontrolujte ho prosím a posuňte znovu."),
    "no_paper": _("Tiskárna se hlásí, ale netiskne: došel jí papír, nebo má otevřený kryt. Zkontrolujte ji prosím."),
    "refused": _("Zařízení na této adrese netiskne. Zkontrolujte prosím adresu a zda tiskárna přijímá tisk ze sítě."),
    "silent": _("Na této adrese se nikdo neozval. Zkontrolujte prosím, zda je tiskárna zapnutá a připojená k síti."),
    "unknown": _("Takovou adresu síť nezná. Zkontrolujte prosím, zda v ní není překlep."),
    "forbidden": _(
        "Na této adrese program tisknout nesmí. Požádejte prosím provozovatele, aby ji mezi tiskárny přidal."
    ),
    "missing": _("Program je nainstalovaný bez podpory tiskáren. Požádejte prosím provozovatele o její doplnění."),
}
"""The messages after an act, and after one that failed; the last six are those of `web.paper.PrintResult`."""


def office_page(request: StaffRequest, name: str, here: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """Render this template; here: its entry of the menu."""
    official = request.official
    done = _DONE.get(request.GET.get("done", ""))
    basics = {
        "office": official.office,
        "menu": list_groups(official, here),
        "here": entry_title(here),
        "done": done,
        "not_done": _NOT_DONE.get(request.GET.get("done", "")),
        "administrator": official.may("administrator"),
        "manual": official.may("manager"),
        "operator": official.operator,
    }
    return render(request, f"web/admin/{name}.html", basics | dict(context or {}))
