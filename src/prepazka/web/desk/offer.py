"""A press that came after the sign-in had ended, in words, so that the same official may press it again."""

from collections.abc import Mapping
from typing import NamedTuple

from django.urls import resolve
from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.store import desk, queue
from prepazka.web import lost_press
from prepazka.web.access import StaffRequest
from prepazka.web.desk.numbers import parse_number
from prepazka.web.office_words import titled
from prepazka.web.wording import format_counter_title


class Offer(NamedTuple):
    """What to send again, and to which address; words: what the official wanted."""

    words: str
    path: str
    fields: Mapping[str, str]


# docs/spec/counters.md §5: "A press that came after the sign-in had ended is offered again"
def offered(request: StaffRequest) -> Offer | None:
    """Return the press to offer again; None for none, and for one that says nothing in this office."""
    press = lost_press.find(request, request.official.user)
    words = _describe(press, request.official.office) if press else ""
    return Offer(words, press.path, press.fields) if press and words else None


def _describe(press: lost_press.Press, office: Office) -> str:
    match press.name:
        case "desk-act":
            return _act(press.fields, office)
        case "desk-sit":
            counter = office.counter_of.get(parse_number(press.fields.get("counter")))
            return f"{_('Obsadit přepážku')}: {format_counter_title(counter.title)}" if counter else ""
        case _:
            booking = desk.find_booking(office, resolve(press.path).kwargs["booking"])
            return f"{_('Klient je tu')}: {booking.name}" if booking and booking.name else ""


def _act(fields: Mapping[str, str], office: Office) -> str:
    words = {
        "next": _("Zavolat dalšího"),
        "call": _("Zavolat"),
        "recall": _("Volat znovu"),
        "not_here": _("Klient tu není"),
        "serve": _("Klient je tu"),
        "done": _("Hotovo"),
        "unperformed": _("Nevyřízeno"),
        "park": _("Odložit"),
        "transfer": _("Předat"),
        "pause": _("Přestávka"),
        "resume": _("Ukončit přestávku"),
        "leave": _("Zavřít přepážku"),
        "walk_in": _("Vydat lístek"),
        "walk_in_now": _("Vydat lístek a obsloužit"),
    }
    act = fields.get("act", "")
    ticket = queue.find(office.id, parse_number(fields.get("ticket")))
    if act == "next" and ticket:
        return f"{ticket.label}: {_('Hotovo a další')}"
    if act in {"walk_in", "walk_in_now"}:
        service = office.service_of.get(fields.get("service", ""))
        return f"{words[act]}: {titled(service)}" if service else ""
    return f"{ticket.label}: {words[act]}" if ticket and act in words else words.get(act, "")
