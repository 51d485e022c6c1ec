"""How a page of the administration is shown: with the office, its menu, and what was just done."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from prepazka.core.roles import Role
from prepazka.web.access import StaffRequest

MENU: tuple[tuple[str, object, Role], ...] = (
    ("admin", _("Přehled"), "manager"),
    ("admin-closures", _("Uzavření"), "manager"),
    ("admin-messages", _("Zprávy"), "manager"),
    ("admin-statistics", _("Statistiky"), "manager"),
    ("admin-audit", _("Záznam změn"), "manager"),
    ("admin-office", _("Úřad a čísla"), "administrator"),
    ("admin-agendas", _("Agendy a hodiny"), "administrator"),
    ("admin-services", _("Činnosti"), "administrator"),
    ("admin-counters", _("Přepážky"), "administrator"),
    ("admin-texts", _("Texty odpovědí"), "administrator"),
    ("admin-rules", _("Pravidla"), "administrator"),
    ("admin-users", _("Uživatelé"), "administrator"),
    ("admin-gateways", _("Brány"), "administrator"),
)

_DONE = {"saved": _("Uloženo."), "removed": _("Zrušeno."), "queued": _("Zpráva se posílá znovu.")}


def shown(request: StaffRequest, name: str, here: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page of this template; here: which entry of the menu it belongs to."""
    official = request.official
    menu = [(address, title, address == here) for address, title, least in MENU if official.may(least)]
    done = _DONE.get(request.GET.get("done", ""))
    basics = {"office": official.office, "menu": menu, "done": done, "administrator": official.may("administrator")}
    return render(request, f"web/admin/{name}.html", basics | dict(context or {}))
