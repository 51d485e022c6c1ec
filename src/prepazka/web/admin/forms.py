"""Forms of the parts of an office. They only gather what was written; the office file checks say whether it can be."""

from collections.abc import Mapping
from typing import Any

from anyascii import anyascii
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from prepazka.core.office import lengths
from prepazka.officefile.reading import WEEKDAYS
from prepazka.web import wording
from prepazka.web.admin.editing import Table

Item = dict[str, Any]


def counted(label: object, hint: object = "", *, least: int = 0, required: bool = True) -> forms.IntegerField:
    """A whole number."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "size": 6})
    return forms.IntegerField(label=label, help_text=hint, min_value=least, required=required, widget=widget)  # type: ignore[arg-type]  # lazy texts


def clock(label: object, *, required: bool = True) -> forms.CharField:
    """A time of day."""
    widget = forms.TextInput(attrs={"type": "time", "size": 6})
    return forms.CharField(label=label, required=required, widget=widget)  # type: ignore[arg-type]  # as above


def day(label: object, hint: object = "", *, required: bool = True) -> forms.CharField:
    """A date."""
    widget = forms.TextInput(attrs={"type": "date", "size": 12})
    return forms.CharField(label=label, help_text=hint, required=required, widget=widget)  # type: ignore[arg-type]  # as above


class PartForm(forms.Form):
    """A form of one part of an office's table; `seen` is the digest of that part as the form shows it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, table: Table, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.table = table
        self.new = new
        if "agenda" in self.fields or "agendas" in self.fields:
            choices = [(agenda["key"], agenda["title"]) for agenda in table["agendas"]]
            field = self.fields.get("agenda") or self.fields["agendas"]
            field.choices = choices if field.required else [("", _("celý úřad")), *choices]  # type: ignore[attr-defined]

    @classmethod
    def shown(cls, item: Item) -> Item:
        """What the fields show of a part."""
        return item

    def item(self) -> Item:
        """The part as it was filled in, without what was left empty."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {name: value for name, value in given.items() if value not in (None, "")}


class OfficeForm(PartForm):
    """`[office]`, but for its numbers and its address."""

    name = forms.CharField(label=_("Název úřadu"), max_length=lengths.OFFICE_NAME)
    timezone = forms.CharField(label=_("Časové pásmo"), help_text=_("V Česku Europe/Prague."))
    holidays = forms.CharField(
        label=_("Státní svátky země"),
        required=False,
        help_text=_("CZ: o českých svátcích je zavřeno. Prázdné pole: svátky se nedrží."),
    )
    contact = forms.CharField(
        label=_("Kontakt pro dotazy a stížnosti"),
        required=False,
        max_length=lengths.OFFICE_CONTACT,
        help_text=_("E-mail, telefon nebo adresa v jednom řádku; uvidí jej lidé na stránkách."),
    )

    def item(self) -> Item:
        """No holidays are said by an empty text."""
        return super().item() | {"holidays": self.cleaned_data["holidays"].upper()}


class NumberForm(PartForm):
    """A number of the office, with its gateway."""

    number = forms.CharField(
        label=_("Telefonní číslo"),
        help_text=_("Na které lidé píší, s předvolbou: +420739547765."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    gateway = forms.ChoiceField(
        label=_("Brána"), required=False, help_text=_("Kudy zprávy na toto číslo přicházejí a odcházejí.")
    )

    def __init__(self, *args: Any, gateways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("žádná")), *((name, name) for name in gateways)]
        self.fields["gateway"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if not self.new:
            del self.fields["number"]

    @classmethod
    def shown(cls, item: Any) -> Item:
        """A number without a gateway stands alone in the table."""
        return item if isinstance(item, dict) else {"number": item}


class AgendaForm(PartForm):
    """`[[agendas]]`, but for its hours."""

    title = forms.CharField(
        label=_("Název agendy"), max_length=lengths.SERVICE_TITLE, help_text=_("Například Doklady.")
    )
    prefix = forms.CharField(  # type: ignore[assignment]  # fields are taken out of the class
        label=_("Písmeno pořadových lístků"),
        required=False,
        help_text=_("Lístky pak mají čísla jako D12. Agendy se stejným písmenem mají společnou řadu."),
    )
    walk_ins_per_day = counted(
        _("Nejvýše lístků bez objednání za den"), _("Prázdné pole: bez omezení."), required=False
    )
    walk_ins_stop_minutes = counted(_("Výdej lístků končí před zavřením (minut)"))
    service_minutes = counted(
        _("Obvyklé odbavení trvá (minut)"), _("Pro odhad čekání, než jej program zná ze skutečnosti."), least=1
    )

    def item(self) -> Item:
        """A new agenda gets its key from its title, for good."""
        item = super().item()
        return {"key": key_of(item["title"], self.table["agendas"]), **item} if self.new else item


class ServiceForm(PartForm):
    """`[[services]]`."""

    code = forms.CharField(
        label=_("Zkratka do SMS"), help_text=_("Píše se do zprávy, například ZOP. Později ji už nelze změnit.")
    )
    title = forms.CharField(
        label=_("Název činnosti"),
        max_length=lengths.SERVICE_TITLE,
        help_text=_("Například žádost o vydání občanského průkazu."),
    )
    agenda = forms.ChoiceField(label=_("Agenda"), help_text=_("U kterých přepážek se vyřizuje."))
    minutes = counted(_("Délka pro jednoho člověka (minut)"), least=1)
    synonyms = forms.CharField(
        label=_("Jiná slova pro tuto činnost"),
        required=False,
        help_text=_("Lidé je mohou psát místo zkratky, například občanka, op. Oddělte je čárkou."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.new:
            del self.fields["code"]

    @classmethod
    def shown(cls, item: Item) -> Item:
        """Synonyms as one text."""
        return item | {"synonyms": ", ".join(item.get("synonyms", []))}

    def item(self) -> Item:
        """Synonyms as a list; without any, the file says nothing of them."""
        words = [word.strip() for word in self.cleaned_data["synonyms"].split(",") if word.strip()]
        item = {name: value for name, value in super().item().items() if name != "synonyms"}
        return item | {"synonyms": words} if words else item


class CounterForm(PartForm):
    """`[[counters]]`."""

    title = forms.CharField(
        label=_("Označení přepážky"), max_length=lengths.COUNTER_TITLE, help_text=_("Jak ji ukáže tabule, například 3.")
    )
    agendas = forms.MultipleChoiceField(
        label=_("Vyřizuje agendy"), widget=forms.CheckboxSelectMultiple, help_text=_("Kdo tu sedí, volá jejich lístky.")
    )

    def item(self) -> Item:
        """A new counter gets its key from its title, for good."""
        item = super().item()
        return {"key": key_of(item["title"], self.table["counters"], "prepazka"), **item} if self.new else item


class _Hours(PartForm):
    """One stretch of opening."""

    opens = clock(_("Od"))
    closes = clock(_("Do"))
    breaks = forms.CharField(
        label=_("Přestávky"), required=False, help_text=_("Například 11:30-12:30; více přestávek oddělte čárkou.")
    )
    step = counted(_("Objednává se po (minut)"), _("15: v 8:00, 8:15, 8:30 a tak dále."), least=1)
    lanes = counted(
        _("Objednaných najednou"), _("Kolik lidí lze objednat na stejný čas; zbylé přepážky mají lidé bez objednání.")
    )

    @classmethod
    def shown(cls, item: Item) -> Item:
        """Times with two digits, as fields of times want them; breaks as one text."""
        times = {name: item[name].zfill(5) for name in ("opens", "closes") if name in item}
        return item | times | {"breaks": ", ".join(item.get("breaks", []))}

    def item(self) -> Item:
        """Breaks as a list; whatever dash people write."""
        written = self.cleaned_data["breaks"].replace("–", "-").split(",")
        return super().item() | {"breaks": [one.strip() for one in written if one.strip()]}


class RuleForm(_Hours):
    """`[[agendas.rules]]`: hours of some days of the week."""

    days = forms.MultipleChoiceField(
        label=_("Dny"),
        choices=list(zip(WEEKDAYS, wording.WEEKDAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = day(_("Platí od"), _("Prázdné pole: odjakživa."), required=False)
    valid_to = day(_("Platí do"), _("Prázdné pole: stále."), required=False)
    field_order = ["days", "opens", "closes", "breaks", "step", "lanes", "valid_from", "valid_to"]  # noqa: RUF012 -- Django reads it so


class ExtraDayForm(_Hours):
    """`[[agendas.extra_days]]`: hours of one date."""

    day = day(_("Den"), _("Tyto hodiny platí místo obvyklých, i kdyby byl svátek."))
    field_order = ["day"]  # noqa: RUF012 -- Django reads it so


class ClosureForm(PartForm):
    """`[[closures]]`."""

    first = day(_("První den"))
    last = day(_("Poslední den"), _("Prázdné pole: jen ten první."), required=False)
    since = clock(_("Od hodin (jen při zavření na část dne)"), required=False)
    until = clock(_("Do hodin"), required=False)
    agenda = forms.ChoiceField(label=_("Čeho se týká"), required=False)
    reason = forms.CharField(
        label=_("Důvod"), max_length=lengths.CLOSURE_REASON, help_text=_("Uvidí jej lidé ve zprávách i na stránkách.")
    )

    def item(self) -> Item:
        """One day is a closure that ends on its first."""
        item = super().item()
        return {"last": item.get("first", "")} | item


class SavedAnswerForm(PartForm):
    """`[[answers]]`."""

    title = forms.CharField(
        label=_("Název odpovědi"),
        max_length=lengths.SAVED_ANSWER_TITLE,
        help_text=_("Podle něj ji úředník vybere, například Co s sebou na pas."),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=lengths.SAVED_ANSWER,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Úředník ho před odesláním může upravit. Do jedné SMS se vejde 160 znaků."),
    )

    def item(self) -> Item:
        """Lines end as the file writes them."""
        item = super().item()
        return item | {"text": item["text"].replace("\r\n", "\n")}


def key_of(title: str, others: list[Mapping[str, Any]], otherwise: str = "agenda") -> str:
    """A key nobody else has, like the title."""
    base = slugify(anyascii(title))[:36].strip("-") or otherwise
    taken = {"new", *(other["key"] for other in others)}  # the address of the page that makes one
    keys = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(key for key in keys if key not in taken)
