"""Gateways: their health for administrators, and for the operator their settings.

Settings name files and addresses of the server, and one gateway may serve several offices: an administrator sees the
gateways of the office's numbers, and only the operator changes them. A stored secret is never shown again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from tomllib import TOMLDecodeError
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from prepazka.flows.outbound import gateway_health, gateway_settings
from prepazka.flows.outbound.gateway_settings import PlaceTaken
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.screens import SCREENS
from prepazka.gateways.settings import GatewaySettings
from prepazka.gateways.values import Health
from prepazka.officefile.as_written import read_name
from prepazka.store import gateways, strays
from prepazka.web import clock, gateway_mistakes, office_errors, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.gateway_words import HealthWords, describe_health

# Settings with a text area.
_LONG = {"definition"}


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A gateway with its numbers and its health."""

    name: str
    kind: str
    numbers: tuple[str, ...]
    health: Health
    changeable: bool
    standby: tuple[str, int] | None = None

    @property
    def details(self) -> HealthWords:
        """Its health for the operator."""
        return describe_health(self.health)

    @property
    def office_summary(self) -> str:
        """Its health for people who cannot fix it."""
        match self.health.level:
            case "ok":
                return _("V pořádku")
            case "warning":
                return _("Funguje, ale něco není v pořádku. Dejte prosím vědět provozovateli.")
            case "error":
                return _("Nefunguje. Dejte prosím vědět provozovateli.")

    @property
    def operator_summary(self) -> str:
        """Its health for who can fix it, and reads how beside it."""
        match self.health.level:
            case "ok":
                return _("V pořádku")
            case "warning":
                return _("Funguje, ale něco není v pořádku.")
            case "error":
                return _("Nefunguje.")


def gateway_states(now: datetime) -> list[GatewayState]:
    """Return all gateways with their health."""
    states = []
    for gateway, health in gateway_health.all_gateways(now):
        numbers = tuple(map(wording.format_phone, gateway.numbers))
        known = KINDS.get(gateway.kind)
        title = _(known.title) if known else _("volá rozhraní HTTP")
        states.append(GatewayState(gateway.name, title, numbers, health, known is not None, gateway.standby))
    return states


@staff("administrator")
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show the gateways of the office's numbers; for an operator, all."""
    official = request.official
    ours = set(official.office.gateways.values())
    states = [state for state in gateway_states(clock.now()) if official.operator or state.name in ours]
    kinds = [(name, _(kind.title)) for name, kind in KINDS.items()]
    context = {"gateways": states, "kinds": kinds, "operator": official.operator}
    if official.operator:
        context["strays"] = strays.count()
    return office_page(request, "gateways", "admin-gateways", context)


class GatewayForm(forms.Form):
    """The settings of a kind, a field each; an empty secret keeps its value."""

    name = forms.CharField(
        label=gettext_lazy("Název brány"),
        max_length=40,
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice a spojovníky, například modem."),
    )

    def __init__(self, kind: str, before: Mapping[str, Any] | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.kind, self.before = kind, before or {}
        if before is not None:
            del self.fields["name"]
        for name, info in KINDS[kind].settings.model_fields.items():
            self.fields[name] = _make_field(name, info, kept=bool(self.before.get(name)))
            if info.annotation is not SecretStr:
                default = None if info.is_required() else info.get_default(call_default_factory=True)
                self.initial.setdefault(name, self.before.get(name, default))

    def clean_name(self) -> str:
        """Accept a name that the command line would accept and no other gateway has."""
        name = read_name(self.cleaned_data["name"])
        if not 0 < len(name) <= 40:
            raise forms.ValidationError(str(office_errors.WORDS["slug"]))
        if name in SCREENS or gateways.find(name):
            raise forms.ValidationError(_("Brána s tímto názvem už tu je."))
        return name

    def settings(self) -> GatewaySettings | None:
        """Return the settings to store; None when the kind's own checks find mistakes, now at their fields."""
        model = KINDS[self.kind].settings
        values = {name: value for name in model.model_fields if (value := self._value(name)) not in (None, "")}
        try:
            return model.model_validate(values)
        except ValidationError as error:
            for details in error.errors(include_url=False, include_input=False):
                location = details["loc"]
                field = str(location[0]) if location and location[0] in self.fields else None
                self.add_error(field, _with_titles(_describe(details), model))
            return None

    def _value(self, name: str) -> Any:
        value = self.cleaned_data.get(name)
        if KINDS[self.kind].settings.model_fields[name].annotation is SecretStr and not value:
            return self.before.get(name)
        return value


def _describe(details: Any) -> str:
    """Return a mistake of the settings in words: those of the kind itself, ours for the rest."""
    if details["type"] != "value_error":
        return office_errors.describe_kind(details["type"], details.get("ctx", {}))
    raised = details["ctx"]["error"]
    within = raised.__context__
    if isinstance(within, ValidationError):  # of a description within a setting
        first = within.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {_describe(first)}"
    if isinstance(within, TOMLDecodeError):
        at = re.search(r"at line (\d+), column (\d+)", str(within))
        values = {"line": at[1], "column": at[2]} if at else {}
        return office_errors.describe_kind("toml" if at else "toml_end", values)
    if isinstance(within, ValueError) and str(raised).startswith("addresses:"):
        return f"addresses: {office_errors.WORDS['network']}"
    return gateway_mistakes.describe(str(raised))


def _with_titles(message: str, model: type[BaseModel]) -> str:
    """Return a mistake with the titles of the fields, which the form shows, in place of their names."""
    titles = {name: _(info.title) for name, info in model.model_fields.items() if info.title}
    return re.sub(rf"\b({'|'.join(titles)})\b", lambda found: f"„{titles[found[1]]}“", message)


def _make_field(name: str, info: FieldInfo, *, kept: bool) -> forms.Field:
    options: dict[str, Any] = {"label": _(info.title) if info.title else name, "required": False}
    options["help_text"] = _(info.description) if info.description else ""
    annotation = info.annotation
    if annotation is SecretStr:
        if kept:
            options["help_text"] = " ".join([options["help_text"], _("Je nastaveno; prázdné pole je ponechá.")])
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(**options, widget=widget, strip=False)
    if annotation is bool:
        return forms.BooleanField(**options)
    if get_origin(annotation) is Literal:
        return forms.ChoiceField(**options, choices=[(value, value) for value in get_args(annotation)])
    if int in (annotation, *get_args(annotation)):
        return forms.IntegerField(**options, widget=forms.NumberInput(attrs={"size": 8}))
    if float in (annotation, *get_args(annotation)):
        return forms.FloatField(**options, widget=forms.NumberInput(attrs={"size": 8, "step": "any"}))
    long = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}) if name in _LONG else None
    return forms.CharField(**options, widget=long, max_length=20_000)


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, kind: str) -> HttpResponse:
    """Make a new gateway of a kind."""
    require_operator(request)
    if kind not in KINDS:
        raise Http404
    form = GatewayForm(kind, None, request.POST if request.method == "POST" else None)
    return _save(request, form, "") or _form_page(
        request, form, _("Nová brána: %(kind)s") % {"kind": _(KINDS[kind].title)}
    )


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, name: str) -> HttpResponse:
    """Change or remove a gateway."""
    require_operator(request)
    before = gateways.find(name)
    if before is None or before.kind not in KINDS:
        raise Http404
    form = GatewayForm(before.kind, before.settings, request.POST if request.method == "POST" else None)
    if request.method == "POST" and "remove" in request.POST:
        form.errors.clear()
        try:
            gateways.remove(name, clock.now(), request.official.who)
        except gateways.GatewayError:
            form.add_error(None, _("Brána má přidělené číslo. Nejdřív je prosím přidělte jiné bráně."))
            return _form_page(request, form, _title(name), old=True)
        return _redirect_to_list(request, "removed")
    return _save(request, form, name) or _form_page(request, form, _title(name), old=True)


def _save(request: StaffRequest, form: GatewayForm, name: str) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid() or (settings := form.settings()) is None:
        return None
    name = name or form.cleaned_data["name"]
    try:
        gateway_settings.keep(name, form.kind, settings, clock.now(), request.official.who)
    except PlaceTaken as taken:
        text = _(
            "Odtud už bere zprávy brána %(other)s; jedna by druhé brala její. Vyplňte jinou hodnotu, nebo bránu "
            "%(other)s nejdřív odeberte."
        )
        form.add_error(taken.setting, text % {"other": taken.other})
        return None
    return _redirect_to_list(request, "saved")


def _title(name: str) -> str:
    return f"{_('Brána')}: {name}"


def _form_page(request: StaffRequest, form: GatewayForm, title: str, *, old: bool = False) -> HttpResponse:
    context = {"form": form, "title": title, "back": "admin-gateways", "old": old}
    return office_page(request, "part", "admin-gateways", context)


def _redirect_to_list(request: StaffRequest, done: str) -> HttpResponse:
    return redirect(f"{reverse('admin-gateways', args=[request.official.office.slug])}?done={done}")


def require_operator(request: StaffRequest) -> None:
    """Raise PermissionDenied for an official who is not an operator."""
    if not request.official.operator:
        raise PermissionDenied
