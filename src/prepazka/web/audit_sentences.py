"""What an entry of the audit trail says as one sentence: what was done, and to whom or to what, each said once."""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from django.utils.translation import gettext_lazy as _

from prepazka.web.labels import AUDIT

SENTENCES = {
    "office removed": _("Úřad {office} odstraněn"),
    "role given": _("{user}: přidělena role {to}"),
    "role taken": _("{user}: odebrána role {from}"),
    "role held": _("{user}: role pozastavena, heslo účtu obnovil jiný úřad"),
    "roles held elsewhere": _("{user}: role v jiných úřadech pozastaveny"),
    "invitation made": _("Vystavena pozvánka do úřadu pro roli {to}"),
    "invitation declined": _("Odmítnuta pozvánka do úřadu pro roli {to}"),
    "account opened": _("Založen účet {user}"),
    "account closed": _("Zrušen účet {user}"),
    "password changed": _("Změněno heslo účtu {user}"),
    "arrivals entered": _("Dodatečně zapsáno, kdo přišel {day}"),
    "bookings imported": _("Objednávky převzaté z jiného systému: {count}"),
    "archive downloaded": _("Stažen archiv zrušeného úřadu {archive}"),
    "made operator": _("{user}: určen provozovatelem"),
    "second factor added": _("{user}: přidán druhý krok přihlášení, {kind}"),
    "second factor removed": _("{user}: odebrán druhý krok přihlášení, {kind}"),
    "second factor reset": _("{user}: druhý krok přihlášení zrušen, nastaví se nový"),
    "recovery codes made": _("{user}: vydány nové záložní kódy"),
    "recovery code used": _("{user}: použit záložní kód"),
    "sign-in ended": _("{user}: přihlášení ukončeno na jiném zařízení"),
    "sign-in link made": _("Vydán odkaz pro propojení účtu {user}"),
    "account linked": _("Účet {user} propojen s přihlášením organizace"),
    "published password withdrawn": _("Zneplatněno zveřejněné heslo účtu {user}"),
    "gateway token given": _("Vydán klíč bráně {gateway}"),
    "gateway token changed": _("Změněna oprávnění klíče brány {gateway}"),
    "gateway token withdrawn": _("Odebrán klíč bráně {gateway}"),
    "strays assigned": _("Zatoulané zprávy pro číslo {number} předány úřadu"),
    "gateway created": _("Založena brána {gateway}"),
    "gateway changed": _("Změněna brána {gateway}"),
    "gateway removed": _("Smazána brána {gateway}"),
    "message sent again": _("Zpráva č. {message} poslána znovu"),
    "inbox answered": _("Zpráva č. {message} zodpovězena úředníkem"),
    "inbox done": _("Zpráva č. {message} vyřízena bez odpovědi"),
    "inbox reopened": _("Zpráva č. {message} vrácena mezi nevyřízené"),
    "bookings called off": _("Objednávky zrušené úřadem: {bookings}"),
    "bookings kept": _("Objednávky ponechané přes změnu hodin: {bookings}"),
    "counter paused": _("{counter}: dána přestávka"),
    "counter closed": _("{counter}: zavřeno"),
    "tickets stopped": _("Výdej lístků bez objednání zastaven: {agenda}"),
    "tickets given out again": _("Výdej lístků bez objednání obnoven: {agenda}"),
    "kiosk paired": _("Připojen kiosek {kiosk}"),
    "kiosk changed": _("Změněna tiskárna kiosku {kiosk}"),
    "kiosk withdrawn": _("Odpojen kiosek {kiosk}"),
    "screen paired": _("Připojena obrazovka {kiosk}"),
    "screen withdrawn": _("Odpojena obrazovka {kiosk}"),
    "slide added": _("Přidán snímek na obrazovku: {text}"),
    "recording added": _("Nahrána vlastní hláška {piece}"),
    "recording removed": _("Smazána vlastní hláška {piece}"),
}
"""Sentences with details in braces; what has none here is told by its title alone (`labels.AUDIT`)."""

_SAID_BY_WORDS = {"recovery codes made": {"kind"}}
"""Details that a sentence says by its words."""


def named(what: str) -> set[str]:
    """Return the details that the sentence of an entry names, and those its words say."""
    fields = (field for _text, field, _spec, _conversion in Formatter().parse(str(SENTENCES.get(what, ""))))
    return {field for field in fields if field} | _SAID_BY_WORDS.get(what, set())


def is_whole(what: str, details: Mapping[str, Any]) -> bool:
    """Whether an entry has all that its sentence names; older ones may not."""
    return what in SENTENCES and all(details.get(name) not in (None, "", []) for name in named(what))


def format_sentence(what: str, details: Mapping[str, Any], in_words: Callable[[str, Any], str]) -> str:
    """Return an entry as a sentence, by its title alone where a detail is missing. in_words: a detail's value."""
    if not is_whole(what, details):
        return str(AUDIT.get(what, what))
    return str(SENTENCES[what]).format_map({name: in_words(name, details[name]) for name in named(what)})
