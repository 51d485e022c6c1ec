"""Telephone numbers people type on pages, and what a page says of one that is sent no SMS."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.flows.phone_numbers import NotUsable, read_number
from prepazka.web.wording import format_phone


@dataclass(frozen=True, slots=True)
class Contact:
    """Numbers in E.164 of whoever books. sender: gets messages; calls: is only called; "" for none."""

    sender: str = ""
    calls: str = ""


def read_typed(text: str) -> str | NotUsable:
    """Return the number somebody typed, in E.164, or why no SMS is sent to it."""
    return read_number(text, settings.COUNTRIES)


# docs/spec/safety.md §3.1: "the same on the web, at the desk and for programs"
def describe(wrong: NotUsable, office: Office) -> str:
    """Return what is wrong with a number and what to do, in one or two sentences."""
    contact = {"contact": office.contact}
    match wrong.problem:
        case "unknown":
            return _("Toto není číslo mobilního telefonu. Napište ho například jako 777 123 456.")
        case "incomplete":
            return _("Které číslo myslíte? Napište ho celé i s předvolbou: %(numbers)s.") % {
                "numbers": _either([format_phone(number) for number in wrong.meant])
            }
        case "landline" if office.contact:
            return _("Na pevnou linku SMS neposíláme. Napište mobil, nebo volejte %(contact)s.") % contact
        case "landline":
            return _("Na pevnou linku SMS neposíláme. Napište mobil.")
        case "country" if office.contact:
            return _("Na čísla z této země SMS neposíláme. Přijďte osobně, nebo volejte %(contact)s.") % contact
        case "country":
            return _("Na čísla z této země SMS neposíláme. Přijďte prosím osobně.")


def describe_for_program(wrong: NotUsable) -> str:
    """Return the same in English, for the answer to a program."""
    match wrong.problem:
        case "unknown":
            return "a mobile telephone number such as +420777123456"
        case "incomplete":
            return f"the whole number with its prefix, such as {' or '.join(wrong.meant)}"
        case "landline":
            return "a mobile number: no SMS is sent to a fixed line"
        case "country":
            return "a mobile number of a country that PREPAZKA_COUNTRIES names"


def _either(words: Sequence[str]) -> str:
    *others, last = words
    return _("%(others)s nebo %(last)s") % {"others": ", ".join(others), "last": last} if others else last
