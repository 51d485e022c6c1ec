"""Entries of the audit trail in people's words: places of the configuration, values, and the other details."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prepazka.core.office.office import Office, Settings
from prepazka.officefile.reading import WEEKDAYS
from prepazka.web import wording
from prepazka.web.audit_sentences import format_sentence, is_whole, named
from prepazka.web.labels import ARROWS, CHOICES, PARTS, PLACES, PURPOSES, ROLES, RULES
from prepazka.web.titles import language_title, reply_title

SETTINGS = {name: label for _title, group in RULES for name, (label, _hint) in group.items()}

DETAILS = {
    "agenda": gettext_lazy("agenda"),
    "archive": gettext_lazy("archiv"),
    "bookings": gettext_lazy("objednávek"),
    "clerk": gettext_lazy("úředník"),
    "count": gettext_lazy("počet"),
    "counter": gettext_lazy("přepážka"),
    "day": gettext_lazy("den"),
    "due": gettext_lazy("neodeslaných z mezidobí"),
    "from": gettext_lazy("dosud"),
    "gateway": gettext_lazy("brána"),
    "kind": gettext_lazy("druh"),
    "kiosk": gettext_lazy("zařízení"),
    "language": gettext_lazy("jazyk"),
    "message": gettext_lazy("zpráva č."),
    "minutes": gettext_lazy("po kolika minutách"),
    "number": gettext_lazy("číslo"),
    "numbers": gettext_lazy("čísla"),
    "office": gettext_lazy("úřad"),
    "piece": gettext_lazy("hláška"),
    "printer": gettext_lazy("tiskárna"),
    "purposes": gettext_lazy("k čemu"),
    "reason": gettext_lazy("důvod"),
    "rows": gettext_lazy("řádků"),
    "settings": gettext_lazy("nastavení"),
    "standby": gettext_lazy("záložní brána"),
    "text": gettext_lazy("text"),
    "to": gettext_lazy("nově"),
    "told": gettext_lazy("posláno zpráv"),
    "unsent": gettext_lazy("neodeslaných zpráv"),
    "user": gettext_lazy("účet"),
}
"""The other details of an entry; one that is not here stands without a name."""

KINDS = {
    "totp": gettext_lazy("kód z aplikace"),
    "webauthn": gettext_lazy("přístupový klíč"),
    "recovery_codes": gettext_lazy("záložní kódy"),
}

_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)\b")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_BREAK = re.compile(r" \u2212(\d+:\d\d\u2013\d+:\d\d)")
_STEP = re.compile(r" /(\d+) min \u00d7(\d+)")


# docs/spec/administration.md §6: "in people's words: titles instead of keys, and values as pages show them"
def format_place(place: str, office: Office | None) -> str:
    """Return the place in the office's configuration in words, or as the office file names it."""
    section, _dot, rest = place.partition(".")
    if section == "settings":
        return str(SETTINGS.get(rest, place))
    if section == "texts":
        language, _dot, name = rest.partition(".")
        return f"{PLACES[section]}: {reply_title(name)} ({language_title(language)})"
    if ".bring." in rest or ".titles." in rest:
        rest, _dot, language = rest.rpartition(".")
        return f"{format_place(f'{section}.{rest}', office)} ({language_title(language)})"
    subject, _dot, part = rest.rpartition(".") if section in {"agendas", "services", "counters"} else ("", "", rest)
    named_as, title = str(PLACES.get(section, section)), _title_of(section, subject, office)
    # "Přepážka 2" says already that it is one.
    thing = title if title.casefold().startswith(named_as.casefold()) else " ".join(filter(None, [named_as, title]))
    return ": ".join(filter(None, [thing, str(PARTS.get(part, part))]))


def format_value(place: str, value: str | None, office: Office | None) -> str | None:
    """Return a value of that place in words; None where there was none."""
    if value is None:
        return None
    section, _dot, rest = place.partition(".")
    part = rest.rpartition(".")[2]
    if value in {"True", "False"}:
        return _("ano") if value == "True" else _("ne")
    if section == "settings":
        return _format_setting(rest, value)
    if part in {"rules", "extra_days"} or place == "closures":
        return _format_hours(value)
    if part == "weekdays":
        return _DAY.sub(lambda found: _weekday(found[1]), value)
    if part == "paused_from":
        return _format_days(value)
    if part == "arrow":
        return str(ARROWS.get(value, ("", value))[1])
    if part in {"agenda", "agendas"}:
        return ", ".join(_title_of("agendas", key, office) for key in value.split(", "))
    return value


# docs/spec/administration.md §6: "each said once"
def format_entry(what: str, details: Mapping[str, object], names: Mapping[str, str]) -> str:
    """Return what was done as a sentence, with the details it does not say behind it. names: by people's accounts."""
    whole = is_whole(what, details)
    sentence = format_sentence(what, details, lambda name, value: _format_plain(name, value, names))
    others = _format_others(details, named(what) if whole else set(), names)
    return f"{sentence}{', ' if whole else ': '}{others}" if others else sentence


def format_details(what: str, details: Mapping[str, object], names: Mapping[str, str]) -> str:
    """Return all details but versions, which mean nothing to people; what a title names already, without its label."""
    subject = [_format_plain(name, details[name], names) for name in details if name in named(what) and details[name]]
    return ", ".join(filter(None, [*subject, _format_others(details, named(what), names)]))


def people_in(details: Mapping[str, object]) -> Iterable[str]:
    """Return the accounts that an entry names."""
    return (str(details[name]) for name in ("user", "clerk") if details.get(name))


def _format_others(details: Mapping[str, object], said: set[str], names: Mapping[str, str]) -> str:
    return ", ".join(
        _format_detail(name, value, names)
        for name, value in details.items()
        if name not in {"changes", "version", *said} and value not in (None, "", [])
    )


def _format_detail(name: str, value: object, names: Mapping[str, str]) -> str:
    label = DETAILS.get(name)
    words = _format_plain(name, value, names)
    return f"{label}: {words}" if label else words


def _format_plain(name: str, value: object, names: Mapping[str, str]) -> str:
    if name in {"user", "clerk"}:
        return format_account(str(value), names)
    if name == "bookings" and isinstance(value, list):
        return str(len(value))
    if isinstance(value, list):
        return ", ".join(str(PURPOSES.get(one, one)) for one in value)
    if name in {"from", "to"}:
        return str(ROLES.get(str(value), value))
    if name == "language":
        return language_title(str(value))
    if name == "day":
        return _format_days(str(value))
    return str(KINDS.get(str(value), value))


def format_account(account: str, names: Mapping[str, str]) -> str:
    """Return a person's name with the account behind it, which tells apart people of one name."""
    called = names.get(account, account)
    return called if called == account else f"{called} ({account})"


def _format_setting(name: str, value: str) -> str:
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name == "languages":
        return ", ".join(language_title(code) for code in value.split(", ")) if value else _("všechny")
    known = name in Settings.__dataclass_fields__
    return value if value or not known else _("nic")


def _format_hours(value: str) -> str:
    value = _DAY.sub(lambda found: _weekday(found[1]), _format_days(value))
    value = _BREAK.sub(lambda found: _(", přestávka %(when)s") % {"when": found[1]}, value)
    return _STEP.sub(
        lambda found: _(", po %(step)s min, %(lanes)s najednou") % {"step": found[1], "lanes": found[2]}, value
    )


def _format_days(value: str) -> str:
    return _ISO_DAY.sub(_format_iso_day, value)


def _format_iso_day(found: re.Match[str]) -> str:
    try:
        return wording.format_date(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def _weekday(day: str) -> str:
    return str(wording.WEEKDAYS[[*WEEKDAYS].index(day)])  # type: ignore[arg-type]  # one of them, by the pattern


def _title_of(section: str, key: str, office: Office | None) -> str:
    """Return the title of an agenda or a counter; services are known by their codes, and what is gone by its key."""
    if office is None or section not in {"agendas", "counters"}:
        return key
    parts: Iterable[tuple[str, str]] = ((one.key, one.title) for one in getattr(office, section))
    return dict(parts).get(key, key)
