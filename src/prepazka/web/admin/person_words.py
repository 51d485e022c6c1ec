"""What is held of a person, as tables in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from prepazka.core.office.office import Office
from prepazka.web import wording
from prepazka.web.labels import ACCESSES
from prepazka.web.message_states import KINDS, STATES
from prepazka.web.titles import outcome_title

_SECTIONS = {
    "bookings": _("Objednávky"),
    "held places": _("Místa držená do potvrzení"),
    "tickets": _("Lístky"),
    "messages from": _("Zprávy od člověka"),
    "messages to": _("Zprávy člověku"),
    "watches": _("Čeká na uvolněné místo"),
    "no reminders": _("Nechce připomínky"),
    "messages to no office": _("Zprávy na neznámé číslo"),
    "parts of messages": _("Díly nedoručených zpráv"),
    "who looked": _("Kdo se díval"),
}
"""The sections of `store.persons.held`."""

_COLUMNS = {
    "service": _("Činnost"),
    "starts_at": _("Začátek"),
    "name": _("Jméno"),
    "persons": _("Osob"),
    "code": _("Kód"),
    "state": _("Stav"),
    "channel": _("Kudy"),
    "made_at": _("Vzniklo"),
    "note": _("Poznámka úředníka"),
    "day": _("Den"),
    "prefix": _("Řada"),
    "number": _("Číslo"),
    "arrived_at": _("Příchod"),
    "called_at": _("Voláno"),
    "served_at": _("U přepážky"),
    "ended_at": _("Konec"),
    "received_at": _("Přišlo"),
    "sent_at": _("Odesláno"),
    "text": _("Text"),
    "outcome": _("Výsledek"),
    "done_at": _("Vyřízeno"),
    "done_by": _("Vyřídil"),
    "kind": _("Druh"),
    "chosen_at": _("Vybráno"),
    "handed_at": _("Zpráva předána"),
    "caller": _("Síť"),
    "told_at": _("Oznámeno"),
    "since": _("Od"),
    "contact_at": _("Naposledy psal"),
    "gateway": _("Brána"),
    "at": _("Kdy"),
    "who": _("Kdo"),
    "what": _("Co"),
}
"""The columns of its rows; the office is the page's own."""

_STATES = {
    "booked": _("objednáno"),
    "held": _("čeká na potvrzení"),
    "cancelled": _("zrušeno"),
    "moved": _("přesunuto"),
    "waiting": _("čeká"),
    "called": _("volán"),
    "serving": _("u přepážky"),
    "done": _("vyřízeno"),
    "absent": _("nepřišel"),
    "closed": _("uzavřeno"),
    "withdrawn": _("vzato zpět"),
}
"""The states of bookings and tickets."""


@dataclass(frozen=True, slots=True)
class HeldSection:
    """A table of what is held: its title, the columns, and the cells of each row."""

    name: str
    title: str
    columns: list[str]
    rows: list[list[str]]


def sections(held: dict[str, list[dict[str, Any]]], office: Office) -> list[HeldSection]:
    """Return the sections that have rows."""
    return list(_sections(held, office))


def _sections(held: dict[str, list[dict[str, Any]]], office: Office) -> Iterator[HeldSection]:
    for name, rows in held.items():
        if not rows:
            continue
        columns = [column for column in rows[0] if column != "office"]
        cells = [[_format(column, row[column], office) for column in columns] for row in rows]
        title, heads = str(_SECTIONS.get(name, name)), [str(_COLUMNS.get(column, column)) for column in columns]
        yield HeldSection(name.replace(" ", "-"), title, heads, cells)


def _format(column: str, value: Any, office: Office) -> str:
    """Return a value in words."""
    match value:
        case None | "":
            return "–"
        case datetime():
            at = value.astimezone(office.zone)
            return f"{wording.format_date(at.date())} {wording.format_time(at.time())}"
        case date():
            return wording.format_date(value)
    match column:
        case "state":
            return str(_STATES.get(value) or STATES.get(value, value))
        case "outcome":
            return outcome_title(value)
        case "kind":
            return str(KINDS.get(value, value))
        case "what":
            return str(ACCESSES.get(value, value))
        case _:
            return str(value)
