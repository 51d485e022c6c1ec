"""Pages of the parts of an office that come in lists: numbers, agendas with their hours, services, counters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from prepazka import officefile
from prepazka.core.office.roles import Role
from prepazka.store import gateways
from prepazka.web import clock
from prepazka.web.access import Official, StaffRequest, staff
from prepazka.web.admin import displaced, editing, forms
from prepazka.web.admin.editing import ChangeRefused, Table, digest, tell
from prepazka.web.admin.page import office_page


@dataclass(frozen=True)
class Part:
    """A list in an office's table.

    name: of the list, as in the file. named_by: the key of an item that tells it from others, "" where only its place
    does. within: whether the list is one of an agenda. page: the address of the page the list is on. new, old: titles
    of the form.
    """

    name: str
    form: type[forms.PartForm]
    named_by: str
    page: str
    new: Any
    old: Any
    within: bool = False
    least: Role = "administrator"

    def items(self, table: Table, agenda: str) -> list[Any]:
        """The list itself, to be changed in place. Raises: Http404 when there is no such agenda."""
        if self.name == "numbers":
            return list_of(table["office"], "numbers")
        if not self.within:
            return list_of(table, self.name)
        for one in table["agendas"]:
            if one["key"] == agenda:
                return list_of(one, self.name)
        raise Http404

    def place(self, table: Table, agenda: str, position: int) -> str:
        """The item's place in the file, as its mistakes name it."""
        if self.name == "numbers":
            return f"office.numbers[{position}]"
        if not self.within:
            return f"{self.name}[{position}]"
        keys = [one["key"] for one in table["agendas"]]
        return f"agendas[{keys.index(agenda)}].{self.name}[{position}]"

    def find(self, items: list[Any], name: str) -> int | None:
        """The position of the item of this name."""
        if not self.named_by:
            return int(name) if name.isdecimal() and len(name) < 6 and int(name) < len(items) else None
        names = [self.form.shown(item)[self.named_by] for item in items]
        return names.index(name) if name in names else None


NUMBERS = Part("numbers", forms.NumberForm, "number", "admin-office", _("Nové číslo"), _("Číslo"))
AGENDAS = Part("agendas", forms.AgendaForm, "key", "admin-agendas", _("Nová agenda"), _("Agenda"))
SERVICES = Part("services", forms.ServiceForm, "code", "admin-services", _("Nová činnost"), _("Činnost"))
COUNTERS = Part("counters", forms.CounterForm, "key", "admin-counters", _("Nová přepážka"), _("Přepážka"))
ANSWERS = Part("answers", forms.SavedAnswerForm, "", "admin-answers", _("Nová uložená odpověď"), _("Uložená odpověď"))
RULES = Part("rules", forms.RuleForm, "", "admin-agendas", _("Nové hodiny"), _("Hodiny"), within=True)
EXTRA_DAYS = Part(
    "extra_days", forms.ExtraDayForm, "", "admin-agendas", _("Nový mimořádný den"), _("Mimořádný den"), within=True
)

# What a new one begins with.
_DEFAULTS = {
    "agendas": {"walk_ins_stop_minutes": 0, "service_minutes": 10},
    "services": {"minutes": 15},
    "rules": {"step": 15, "lanes": 1},
    "extra_days": {"step": 15, "lanes": 1},
}


def list_of(owner: dict[str, Any], name: str) -> list[Any]:
    """The list of this name, made where there is none yet."""
    found: list[Any] = owner.setdefault(name, [])
    return found


def edit(part: Part) -> Callable[..., HttpResponseBase]:
    """The page that makes, changes and removes an item of this list."""

    @staff(part.least)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: StaffRequest, agenda: str = "", name: str = "") -> HttpResponse:
        table = officefile.table(request.official.office)
        items = part.items(table, agenda)
        position = part.find(items, name) if name else None
        if name and position is None:
            raise Http404
        old = None if position is None else items[position]
        form = _form(request, part, table, old)
        if request.method == "POST":
            answer = _done(request, part, agenda, position, form)
            if answer:
                return answer
        title = part.old if name else part.new
        return office_page(
            request,
            "part",
            part.page,
            {"form": form, "title": title, "name": _heading(part, table, agenda, old), "back": part.page, "old": old},
        )

    return view


def move(part: Part) -> Callable[..., HttpResponseBase]:
    """Move an item of this list up or down: the order in which people see it."""

    @staff(part.least)
    @require_POST
    def view(request: StaffRequest, name: str) -> HttpResponse:
        official = request.official
        position = part.find(part.items(officefile.table(official.office), ""), name)
        if position is None:
            raise Http404
        to = position + (-1 if "up" in request.POST else 1)

        def change(table: Table) -> None:
            items = part.items(table, "")
            if 0 <= to < len(items):
                items[position], items[to] = items[to], items[position]

        seen = (lambda table: order_of(part, table), request.POST.get("seen", ""))
        try:
            editing.change(official, change, clock.now(), seen)
            done = "saved"
        except ChangeRefused:
            done = "meanwhile"
        return redirect(f"{reverse(part.page, args=[official.office.slug])}?done={done}#{part.name}-{name}")

    return view


def order_of(part: Part, table: Table) -> list[str]:
    """The names of a list's items in their order."""
    return [str(part.form.shown(item)[part.named_by]) for item in part.items(table, "")]


def _done(
    request: StaffRequest, part: Part, agenda: str, position: int | None, form: forms.PartForm
) -> HttpResponse | None:
    """What comes of it; None when the form has mistakes now."""
    remove = "remove" in request.POST and position is not None
    if not form.is_valid() and not remove:
        return None

    def change(table: Table) -> None:
        items = part.items(table, agenda)
        if position is None:
            items.append(form.item())
        elif remove:
            del items[position]
        else:
            items[position] = _changed(items[position], form)

    def seen(table: Table) -> object:
        items = part.items(table, agenda)
        return _own(items[position]) if position is not None and position < len(items) else None

    try:
        asked = displaced.change(
            displaced.Changing(request, form, part.page, change, (seen, request.POST.get("seen", "")))
        )
    except ChangeRefused as refused:
        table = officefile.table(request.official.office)
        at = len(part.items(table, agenda)) if position is None else position
        if remove:
            form.errors.clear()
        tell(form, refused.found, "-" if remove else part.place(table, agenda, at))
        return None
    done = "removed" if remove else "saved"
    return asked or redirect(f"{reverse(part.page, args=[request.official.office.slug])}?done={done}")


def _changed(old: Any, form: forms.PartForm) -> dict[str, Any]:
    """What the form does not show stays; what it shows empty goes."""
    kept = form.shown(old)
    hidden = {name: value for name, value in kept.items() if name not in form.fields}
    return hidden | form.item()


def _own(item: Any) -> Any:
    """An item without the lists it holds that have pages of their own."""
    if not isinstance(item, dict):
        return item
    return {name: value for name, value in item.items() if name not in {"rules", "extra_days"}}


def _form(request: StaffRequest, part: Part, table: Table, old: Any) -> forms.PartForm:
    data = request.POST if request.method == "POST" else None
    shows = _DEFAULTS.get(part.name, {}) if old is None else part.form.shown(old)
    initial = shows | {"seen": digest(None if old is None else _own(old))}
    more: dict[str, Any] = {}
    if part is NUMBERS:  # what it is bound to now, it may stay bound to
        now = [shows["gateway"]] if shows.get("gateway") else []
        more["gateways"] = sorted({*bindable(request.official), *now})
    return part.form(table, data, initial=initial, new=old is None, **more)


def bindable(official: Official) -> list[str]:
    """The gateways an official may bind a number to: an operator any, others none that is another office's."""
    found = []
    for gateway in gateways.configured():
        foreign = any(number not in official.office.numbers for number in gateway.numbers)
        if official.operator or not foreign:
            found.append(gateway.name)
    return found


def _heading(part: Part, table: Table, agenda: str, old: Any) -> str:
    if part.within:
        return str(next(one["title"] for one in table["agendas"] if one["key"] == agenda))
    if old is None:
        return ""
    item = part.form.shown(old)
    return str(item.get("title") or item[part.named_by])
