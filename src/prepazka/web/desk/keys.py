"""The keys of the desk: what each does, as the dialog behind `?` lists them. The pages say where each belongs."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _


class Key(NamedTuple):
    """A key, and what it does."""

    key: str
    words: str


class Subject(NamedTuple):
    """Keys about one subject."""

    title: str
    keys: Sequence[Key]


# docs/spec/counters.md §5.4: "24 keys act for whoever wants them"
def list_keys() -> list[Subject]:
    """Return all keys by subject."""
    client = [
        Key("D", _("další klient (hotovo a další)")),
        Key("O", _("klient je tu")),
        Key("Z", _("volat znovu")),
        Key("N", _("klient tu není")),
        Key("H", _("hotovo")),
        Key("P", _("odložit")),
        Key("T", _("předat")),
        Key("V", _("vrátit poslední stisk")),
    ]
    queue = [
        Key("1", _("zavolat prvního na řadě")),
        Key("2", _("zavolat druhého na řadě")),
        Key("3", _("zavolat třetího na řadě")),
        Key("M", _("moje agendy")),
        Key("A", _("všechny agendy")),
        Key("L", _("vybrat činnost lístku")),
        Key("W", _("vydat lístek")),
        Key("F", _("do fronty")),
    ]
    pages = [
        Key("/", _("najít klienta")),
        Key("J", _("objednávky")),
        Key("G", _("objednat klienta")),
        Key("B", _("přestávka, nebo její konec")),
        Key("K", _("zavřít přepážku")),
        Key("S", _("zvuk příchodu")),
        Key("Q", _("příručka")),
        Key("?", _("tento přehled")),
    ]
    return [Subject(_("Klient"), client), Subject(_("Fronta"), queue), Subject(_("Stránky"), pages)]
