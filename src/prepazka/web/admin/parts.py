"""Pages that edit the lists of an office's parts: numbers, agendas with their hours, services, counters."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from prepazka import officefile
from prepazka.core.office.office import Office
from prepazka.core.office.roles import Role
from prepazka.sms.understand.synonyms import folded
from prepazka.sms.usual_synonyms import usual_synonyms
from prepazka.store import gateways, offices
from prepazka.web import clock
from prepazka.web.access import Official, StaffRequest, staff
from prepazka.web.admin import displaced, editing, forms
from prepazka.web.admin.editing import ChangeRefused, OfficeDocument, SeenPart, add_errors, digest
from prepazka.web.admin.page import office_page
from prepazka.web.post_only import post_only


@dataclass(frozen=True)
class Part:
    """A list in an office's document.

    name: of the list, as in the file. named_by: the key that identifies an item, "" where only its position does.
    within: whether the list belongs to an agenda. page: the name of the address of the list's page. new, old: titles of
    the form. remove: what the button says that removes an item without a name of its own.
    """

    name: str
    form: type[forms.PartForm]
    named_by: str
    page: str
    new: Any
    old: Any
    within: bool = False
    remove: Any = ""
    least: Role = "administrator"

    def items(self, document: OfficeDocument, agenda: str) -> list[Any]:
        """Return the list itself, to be changed in place. Raises: Http404 when there is no such agenda."""
        if self.name == "numbers":
            return get_list(document["office"], "numbers")
        if not self.within:
            return get_list(document, self.name)
        for section in document["agendas"]:
            if section["key"] == agenda:
                return get_list(section, self.name)
        raise Http404

    def place(self, document: OfficeDocument, agenda: str, position: int) -> str:
        """Return the item's place in the file, as mistakes name it."""
        if self.name == "numbers":
            return f"office.numbers[{position}]"
        if not self.within:
            return f"{self.name}[{position}]"
        keys = [section["key"] for section in document["agendas"]]
        return f"agendas[{keys.index(agenda)}].{self.name}[{position}]"

    def find(self, items: list[Any], name: str) -> int | None:
        """Return the position of the item with this name."""
        if not self.named_by:
            return int(name) if name.isdecimal() and len(name) < 6 and int(name) < len(items) else None
        names = [self.form.to_initial(item)[self.named_by] for item in items]
        return names.index(name) if name in names else None


NUMBERS = Part("numbers", forms.NumberForm, "number", "admin-office", _("Nové číslo"), _("Číslo"))
AGENDAS = Part("agendas", forms.AgendaForm, "key", "admin-agendas", _("Nová agenda"), _("Agenda"))
SERVICES = Part("services", forms.ServiceForm, "code", "admin-services", _("Nová činnost"), _("Činnost"))
COUNTERS = Part("counters", forms.CounterForm, "key", "admin-counters", _("Nová přepážka"), _("Přepážka"))
ANSWERS = Part("answers", forms.SavedAnswerForm, "", "admin-answers", _("Nová uložená odpověď"), _("Uložená odpověď"))
RULES = Part(
    "rules",
    forms.RuleForm,
    "",
    "admin-agendas",
    _("Nové hodiny"),
    _("Hodiny"),
    within=True,
    remove=_("Smazat tyto hodiny"),
)
EXTRA_DAYS = Part(
    "extra_days",
    forms.ExtraDayForm,
    "",
    "admin-agendas",
    _("Nový mimořádný den"),
    _("Mimořádný den"),
    within=True,
    remove=_("Smazat tento mimořádný den"),
)

# The values a new item begins with.
_DEFAULTS = {
    "agendas": {"walk_ins_stop_minutes": 0, "service_minutes": 10},
    "services": {"minutes": 15},
    "rules": {"step": 15, "lanes": 1},
    "extra_days": {"step": 15, "lanes": 1},
}


def get_list(owner: dict[str, Any], name: str) -> list[Any]:
    """Return the list of this name, made where there is none yet."""
    items: list[Any] = owner.setdefault(name, [])
    return items


# docs/spec/administration.md §4: "A form that is sent twice changes or adds one thing"
def add_once(document: OfficeDocument, items: Callable[[OfficeDocument], list[Any]], item: Any) -> None:
    """Add a new item to a list of the document, unless it says nothing that one of them does not say already."""
    if not any(_says_nothing_new(document, items, position, item) for position in range(len(items(document)))):
        items(document).append(item)


def _says_nothing_new(
    document: OfficeDocument, items: Callable[[OfficeDocument], list[Any]], position: int, item: Any
) -> bool:
    """Whether the office stays as it is with the item in this place; under the key, and with the lists, of that one."""
    old = items(document)[position]
    if (
        not isinstance(old, dict)
        or not isinstance(item, dict)
        or any(old.get(name) != item.get(name) for name in _TELLING)
    ):
        return bool(old == item)
    changed = deepcopy(document)
    items(changed)[position] = {name: old[name] for name in _KEPT if name in old} | {
        name: value for name, value in item.items() if name != "key"
    }
    try:
        return officefile.to_document(officefile.read(changed)) == document
    except officefile.OfficeFileError:
        return False


_KEPT = ("key", "rules", "extra_days")
_TELLING = ("title", "code", "reason")
"""What two equal items have in common as it is written; the rest may be written in several ways."""


def edit_view(part: Part) -> Callable[..., HttpResponseBase]:
    """Return the view that makes, changes and removes an item of this list."""

    @staff(part.least)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: StaffRequest, agenda: str = "", name: str = "") -> HttpResponse:
        document = officefile.to_document(request.official.office)
        items = part.items(document, agenda)
        position = part.find(items, name) if name else None
        if name and position is None:
            raise Http404
        if part is SERVICES and not request.official.office.agendas:  # the list says what comes first
            return redirect(part.page, slug=request.official.office.slug)
        old = None if position is None else items[position]
        form = _make_form(request, part, document, old)
        if request.method == "POST" and "suggest" not in request.POST:
            response = _apply_change(request, part, agenda, position, form)
            if response:
                return response
        title = part.old if name else part.new
        return office_page(
            request,
            "part",
            part.page,
            {
                "form": form,
                "title": title,
                "name": _heading(part, document, agenda, old),
                "back": part.page,
                "old": old,
                "remove": part.remove,
                "suggests": part is SERVICES,
            },
        )

    return view


def move_view(part: Part) -> Callable[..., HttpResponseBase]:
    """Return the view that moves an item of this list up or down, in the order people see."""

    @staff(part.least)
    @post_only
    def view(request: StaffRequest, name: str) -> HttpResponse:
        official = request.official
        position = part.find(part.items(officefile.to_document(official.office), ""), name)
        if position is None:
            raise Http404
        to = position + (-1 if "up" in request.POST else 1)

        def swap(document: OfficeDocument) -> None:
            items = part.items(document, "")
            if 0 <= to < len(items):
                items[position], items[to] = items[to], items[position]

        seen = SeenPart(lambda document: list_names(part, document), request.POST.get("seen", ""))
        try:
            editing.change_office(official, swap, clock.now(), seen)
            done = "saved"
        except ChangeRefused:
            done = "meanwhile"
        return redirect(f"{reverse(part.page, args=[official.office.slug])}?done={done}#{part.name}-{name}")

    return view


def list_names(part: Part, document: OfficeDocument) -> list[str]:
    """Return the names of a list's items in their order."""
    return [str(part.form.to_initial(item)[part.named_by]) for item in part.items(document, "")]


def _apply_change(
    request: StaffRequest, part: Part, agenda: str, position: int | None, form: forms.PartForm
) -> HttpResponse | None:
    """Apply the form and return the response; None when the form has mistakes."""
    remove = "remove" in request.POST and position is not None
    if not form.is_valid() and not remove:
        return None

    def edit(document: OfficeDocument) -> None:
        items = part.items(document, agenda)
        if position is None:
            add_once(document, lambda whole: part.items(whole, agenda), form.item())
        elif remove:
            del items[position]
        else:
            items[position] = _merge(items[position], form)

    def read_item(document: OfficeDocument) -> object:
        items = part.items(document, agenda)
        return _without_lists(items[position]) if position is not None and position < len(items) else None

    try:
        seen = SeenPart(read_item, request.POST.get("seen", ""))
        confirmation = displaced.change_or_confirm(displaced.PendingChange(request, form, part.page, edit, seen))
    except ChangeRefused as refused:
        document = officefile.to_document(request.official.office)
        at = len(part.items(document, agenda)) if position is None else position
        if remove:
            form.errors.clear()
        add_errors(form, refused.mistakes, "-" if remove else part.place(document, agenda, at))
        return None
    done = "removed" if remove else "saved"
    return confirmation or redirect(f"{reverse(part.page, args=[request.official.office.slug])}?done={done}")


def _merge(old: Any, form: forms.PartForm) -> dict[str, Any]:
    """Return the item with the form's values; keep what the form does not show, drop what it shows empty."""
    item = form.to_initial(old)
    hidden = {name: value for name, value in item.items() if name not in form.fields}
    return hidden | form.item()


def _without_lists(item: Any) -> Any:
    """Return an item without the lists in it that have pages of their own."""
    if not isinstance(item, dict):
        return item
    return {name: value for name, value in item.items() if name not in {"rules", "extra_days"}}


def _make_form(request: StaffRequest, part: Part, document: OfficeDocument, old: Any) -> forms.PartForm:
    data = request.POST if request.method == "POST" else None
    item = _DEFAULTS.get(part.name, {}) if old is None else part.form.to_initial(old)
    initial = item | {"seen": digest(None if old is None else _without_lists(old))}
    more: dict[str, Any] = {}
    if part is SERVICES:
        more["office"] = request.official.office
        if data and "suggest" in data:  # shown again as it was filled in, with the usual words
            code = str(item.get("code", ""))
            initial |= data.dict() | {"synonyms": _add_usual_synonyms(data, code, request.official.office)}
            data = None
    if part is NUMBERS:  # a number may stay bound to its gateway
        bound = [item["gateway"]] if item.get("gateway") else []
        more["gateways"] = sorted({*bindable_gateways(request.official), *bound})
    return part.form(document, data, initial=initial, new=old is None, **more)


def _add_usual_synonyms(data: QueryDict, code: str, office: Office) -> str:
    """Return the synonyms that are filled in, and behind them the usual ones of a service of this title."""
    written = forms.split_words(data.get("synonyms", ""))
    known = {folded(one) for one in written}
    usual = usual_synonyms(data.get("title", ""), code, office)
    return ", ".join([*written, *(one for one in usual if folded(one) not in known)])


def bindable_gateways(official: Official) -> list[str]:
    """Return the gateways an official may bind a number to.

    An operator may choose any that does not stand by for another. Others choose those of their own office; one without
    any number is free only where there is no other office, for else it may have been made for that one.
    """
    found = [gateway for gateway in gateways.configured() if not gateway.stands_by]
    if official.operator:
        return [gateway.name for gateway in found]
    alone = len(offices.ids()) == 1
    ours = set(official.office.numbers)
    return [one.name for one in found if (ours.issuperset(one.numbers) if one.numbers else alone)]


def _heading(part: Part, document: OfficeDocument, agenda: str, old: Any) -> str:
    if part.within:
        return str(next(section["title"] for section in document["agendas"] if section["key"] == agenda))
    if old is None:
        return ""
    item = part.form.to_initial(old)
    return str(item.get("title") or item[part.named_by])


edit_number = edit_view(NUMBERS)
edit_agenda = edit_view(AGENDAS)
edit_hours = edit_view(RULES)
edit_extra_day = edit_view(EXTRA_DAYS)
edit_service = edit_view(SERVICES)
edit_counter = edit_view(COUNTERS)
edit_answer = edit_view(ANSWERS)
move_agenda = move_view(AGENDAS)
move_service = move_view(SERVICES)
move_counter = move_view(COUNTERS)
