"""Forms of the parts of an office: they collect the values, and the office file's checks validate them."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from anyascii import anyascii
from django import forms
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from prepazka.core.office import lengths
from prepazka.core.office.office import Office
from prepazka.officefile.reading import WEEKDAYS
from prepazka.officefile.writing import LINES
from prepazka.sms.languages import offered
from prepazka.sms.usual_synonyms import usual_synonyms
from prepazka.web import wording
from prepazka.web.admin import translated
from prepazka.web.admin.editing import OfficeDocument
from prepazka.web.admin.meant_days import check_days
from prepazka.web.labels import ARROWS
from prepazka.web.titles import mark_language

Item = dict[str, Any]


def number_field(label: object, hint: object = "", *, least: int = 0, required: bool = True) -> forms.IntegerField:
    """Return a field of a whole number."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "size": 6})
    return forms.IntegerField(label=label, help_text=hint, min_value=least, required=required, widget=widget)  # type: ignore[arg-type]  # lazy texts


def time_field(label: object, *, required: bool = True) -> forms.CharField:
    """Return a field of a time of day."""
    widget = forms.TextInput(attrs={"type": "time", "size": 6})
    return forms.CharField(label=label, required=required, widget=widget)  # type: ignore[arg-type]  # as above


def date_field(label: object, hint: object = "", *, required: bool = True) -> forms.CharField:
    """Return a field of a date."""
    widget = forms.TextInput(attrs={"type": "date", "size": 12})
    return forms.CharField(label=label, help_text=hint, required=required, widget=widget)  # type: ignore[arg-type]  # as above


class PartForm(forms.Form):
    """A form of one part of an office's document; `seen` is the digest of that part as the form shows it.

    last_days: of a new part, the fields with the last day it is good for: the first of them that is filled in counts.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    last_days: ClassVar[tuple[str, ...]] = ()

    def __init__(self, document: OfficeDocument, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.document = document
        self.new = new
        if "agenda" in self.fields or "agendas" in self.fields:
            choices = [(agenda["key"], agenda["title"]) for agenda in document["agendas"]]
            field = self.fields.get("agenda") or self.fields["agendas"]
            field.choices = choices if field.required else [("", _("celý úřad")), *choices]  # type: ignore[attr-defined]

    @classmethod
    def to_initial(cls, item: Item) -> Item:
        """Return the initial values of the fields for a part."""
        return item

    def clean(self) -> dict[str, Any]:
        """Accept days that somebody may mean."""
        cleaned = super().clean() or self.cleaned_data
        check_days(self, self.document["office"]["timezone"], self.last_days if self.new else ())
        return cleaned

    def item(self) -> Item:
        """Return the part as it was filled in, without empty values."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {name: value for name, value in values.items() if value not in (None, "")}


class OfficeForm(PartForm):
    """`[office]`, except its numbers and its address."""

    name = forms.CharField(label=_("Název úřadu"), max_length=lengths.OFFICE_NAME)
    timezone = forms.CharField(label=_("Časové pásmo"), help_text=_("V Česku Europe/Prague."))
    holidays = forms.CharField(
        label=_("Státní svátky země"),
        required=False,
        help_text=_("CZ: o českých svátcích je zavřeno. Prázdné pole: o svátcích je otevřeno jako jindy."),
    )
    contact = forms.CharField(
        label=_("Kontakt pro dotazy a stížnosti"),
        required=False,
        max_length=lengths.OFFICE_CONTACT,
        help_text=_("E-mail, telefon nebo adresa v jednom řádku; uvidí ho lidé na stránkách."),
    )
    address = forms.CharField(
        label=_("Adresa úřadu"),
        required=False,
        max_length=lengths.OFFICE_ADDRESS,
        help_text=_("V jednom řádku. Uvidí ji lidé na stránkách a pošleme ji na zprávu INFO."),
    )
    directions = forms.CharField(
        label=_("Jak se k vám dostat"),
        required=False,
        max_length=lengths.OFFICE_DIRECTIONS,
        help_text=_("V jednom řádku, například vchod z náměstí, 1. patro, výtah vpravo."),
    )

    privacy_officer = forms.CharField(
        label=_("Pověřenec pro ochranu osobních údajů"),
        required=False,
        max_length=lengths.PRIVACY_OFFICER,
        help_text=_("E-mail, telefon nebo adresa v jednom řádku; uvidí ho lidé na stránce o osobních údajích."),
    )
    recipients = forms.CharField(
        label=_("Kdo dostává osobní údaje"),
        required=False,
        max_length=lengths.RECIPIENTS,
        help_text=_(
            "Poskytovatel SMS nebo operátor, přes kterého zprávy chodí, a kdo program provozuje: název a sídlo. "
            "Uvidí je lidé na stránce o osobních údajích."
        ),
    )

    def item(self) -> Item:
        """Return the section; what is left empty is removed, an empty text means no holidays."""
        lines = {name: self.cleaned_data[name] for name in LINES}
        return super().item() | lines | {"holidays": self.cleaned_data["holidays"].upper()}


class NumberForm(PartForm):
    """A number of the office, with its gateway."""

    number = forms.CharField(
        label=_("Telefonní číslo"),
        help_text=_(
            "Na které lidé píší, například 739 547 765 nebo +420 739 547 765. Zkrácené číslo bez předvolby: 9021199."
        ),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    gateway = forms.ChoiceField(
        label=_("Brána"),
        required=False,
        help_text=_(
            "Kudy zprávy na toto číslo přicházejí a odcházejí. Bránu, která ještě číslo nemá, vám dá provozovatel."
        ),
    )

    def __init__(self, *args: Any, gateways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("žádná")), *((name, name) for name in gateways)]
        self.fields["gateway"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if not self.new:
            del self.fields["number"]

    @classmethod
    def to_initial(cls, item: Any) -> Item:
        """Return the initial values; a number without a gateway stands alone in the document."""
        return item if isinstance(item, dict) else {"number": item}


class AgendaForm(PartForm):
    """`[[agendas]]`, except its hours."""

    title = forms.CharField(
        label=_("Název agendy"), max_length=lengths.SERVICE_TITLE, help_text=_("Například Doklady.")
    )
    prefix = forms.CharField(  # type: ignore[assignment]  # fields are taken out of the class
        label=_("Písmeno pořadových lístků"),
        required=False,
        help_text=_("Lístky pak mají čísla jako D12. Agendy se stejným písmenem mají společnou řadu."),
    )
    walk_ins_per_day = number_field(
        _("Nejvýše lístků bez objednání za den"), _("Prázdné pole: bez omezení."), required=False
    )
    walk_ins_stop_minutes = number_field(_("Kolik minut před zavřením končí výdej lístků"))
    service_minutes = number_field(
        _("Jak dlouho obvykle trvá vyřízení (minut)"),
        _("Pro odhad čekání, dokud ho program nezná ze skutečnosti."),
        least=1,
    )

    def item(self) -> Item:
        """Return the agenda; a new one gets its key, which never changes, from its title."""
        item = super().item()
        return {"key": make_key(item["title"], self.document["agendas"]), **item} if self.new else item


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
    minutes = number_field(_("Délka pro jednoho člověka (minut)"), least=1)
    synonyms = forms.CharField(
        label=_("Jiná slova pro tuto činnost"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Lidé je mohou psát místo zkratky. Oddělte je čárkou; na velikosti písmen, háčcích ani čárkách nezáleží."
        ),
    )

    weekdays = forms.MultipleChoiceField(
        label=_("Jen v tyto dny"),
        required=False,
        choices=list(zip(WEEKDAYS, wording.WEEKDAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nezaškrtnete-li nic, objednává se na všechny dny, kdy má agenda otevřeno."),
    )
    paused_from = date_field(
        _("Pozastavit nové objednávky od"),
        _("Od tohoto dne nikdo novou objednávku nezaloží. Dřívější platí a lze je přesunout i zrušit."),
        required=False,
    )
    hidden = forms.BooleanField(
        label=_("Neukazovat na webu"),
        required=False,
        help_text=_("Objednat se půjde jen zprávou a u přepážky."),
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.new:
            del self.fields["code"]
        translated.add_fields(self, "titles", _("Název činnosti"), lengths.SERVICE_TITLE)
        self.order_fields(["seen", "code", "title", *(name for name in self.fields if name.startswith("titles."))])
        bring, ask = self.initial.get("bring", {}), f"CO {self.initial.get('code', 'ZOP')}"
        hint = _("Nejvýše %(most)s znaků. Lidé to uvidí na stránkách, potvrzení i lístku a dostanou na zprávu %(ask)s.")
        for language in offered(office):
            self.initial.setdefault(f"bring.{language.code}", bring.get(language.code, ""))
            self.fields[f"bring.{language.code}"] = forms.CharField(
                label=format_html("{} ({})", _("Co si vzít s sebou"), mark_language(language)),
                required=False,
                max_length=lengths.BRING,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=hint % {"most": lengths.BRING, "ask": ask},
            )
        usual = usual_synonyms(self.initial.get("title", ""), self.initial.get("code", ""), office)
        if usual:
            explained = self.fields["synonyms"].help_text
            listed = format_html('<span lang="cs">{}</span>', ", ".join(usual))
            self.fields["synonyms"].help_text = format_html("{} {} {}", explained, _("Obvyklá slova:"), listed)

    @classmethod
    def to_initial(cls, item: Item) -> Item:
        """Return the item with its synonyms as one text."""
        return item | {"synonyms": ", ".join(item.get("synonyms", []))}

    def item(self) -> Item:
        """Return the service; what to bring in a language the office does not offer stays as it was."""
        given = translated.take(self, super().item(), "titles")
        bring = dict(self.initial.get("bring", {}))
        for name in [name for name in self.fields if name.startswith("bring.")]:
            bring[name.removeprefix("bring.")] = given.pop(name, "").replace("\r\n", "\n")
        return given | {
            "synonyms": split_words(self.cleaned_data["synonyms"]),
            "bring": {code: text for code, text in bring.items() if text},
        }


def split_words(text: str) -> list[str]:
    """Return the synonyms of a text in which commas, semicolons or lines separate them."""
    return [one.strip() for one in re.split("[,;\n]", text) if one.strip()]


class CounterForm(PartForm):
    """`[[counters]]`."""

    title = forms.CharField(
        label=_("Označení přepážky"),
        max_length=lengths.COUNTER_TITLE,
        help_text=_("Celé označení, jak ho uvidí lidé na obrazovce v čekárně, například Přepážka 3."),
    )
    agendas = forms.MultipleChoiceField(
        label=_("Vyřizuje agendy"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Úředník u této přepážky volá jejich lístky."),
    )
    arrow = forms.ChoiceField(
        label=_("Kudy k ní z čekárny"),
        required=False,
        choices=[(name, word if name else _("neukazovat")) for name, (_sign, word) in ARROWS.items()],
        help_text=_("Velká obrazovka u lístku ukáže slovo a šipku."),
    )
    way = forms.CharField(
        label=_("Upřesnění cesty"),
        required=False,
        max_length=lengths.COUNTER_WAY,
        help_text=_("Krátce, například 1. patro nebo za sloupem."),
    )

    def item(self) -> Item:
        """Return the counter; a new one gets its key, which never changes, from its title."""
        item = super().item()
        return {"key": make_key(item["title"], self.document["counters"], "prepazka"), **item} if self.new else item


class _Hours(PartForm):
    """One time of opening."""

    opens = time_field(_("Od"))
    closes = time_field(_("Do"))
    breaks = forms.CharField(
        label=_("Přestávky"), required=False, help_text=_("Například 11.30–12.30; více přestávek oddělte čárkou.")
    )
    step = number_field(_("Začátky po kolika minutách"), _("15: v 8:00, 8:15, 8:30 a tak dále."), least=1)
    lanes = number_field(
        _("Míst na stejný čas"),
        _("Kolik lidí lze objednat na stejný čas; zbylé přepážky zůstanou lidem bez objednání."),
    )

    @classmethod
    def to_initial(cls, item: Item) -> Item:
        """Return the initial values: times with two digits, as time fields need them, and breaks as one text."""
        times = {name: item[name].zfill(5) for name in ("opens", "closes") if name in item}
        return item | times | {"breaks": ", ".join(item.get("breaks", []))}

    def item(self) -> Item:
        """Return the hours as the file has them, with the breaks as a list."""
        written = re.split(r"[,;\n]|\ba\b", self.cleaned_data["breaks"])
        return super().item() | {"breaks": [text.strip() for text in written if text.strip()]}


class RuleForm(_Hours):
    """`[[agendas.rules]]`: hours of some days of the week."""

    days = forms.MultipleChoiceField(
        label=_("Dny"),
        choices=list(zip(WEEKDAYS, wording.WEEKDAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = date_field(_("Platí od"), _("Prázdné pole: odjakživa."), required=False)
    valid_to = date_field(_("Platí do"), _("Prázdné pole: stále."), required=False)
    last_days = ("valid_to",)
    field_order = ["days", "opens", "closes", "breaks", "step", "lanes", "valid_from", "valid_to"]  # noqa: RUF012 -- Django reads it so


class ExtraDayForm(_Hours):
    """`[[agendas.extra_days]]`: hours of one date."""

    day = date_field(_("Den"), _("Tyto hodiny platí místo obvyklých, i kdyby byl svátek."))
    last_days = ("day",)
    field_order = ["day"]  # noqa: RUF012 -- Django reads it so


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
        """Return the answer, its lines separated as the file separates them."""
        item = super().item()
        return item | {"text": item["text"].replace("\r\n", "\n")}


def make_key(title: str, others: list[Mapping[str, Any]], otherwise: str = "agenda") -> str:
    """Return a key like the title that no other item has."""
    base = slugify(anyascii(title))[:36].strip("-") or otherwise
    taken = {"new", *(other["key"] for other in others)}  # "new" is the address of the page for a new item
    keys = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(key for key in keys if key not in taken)
