"""Entries of the audit trail in the words of a page: who did what, and what it changed from what to what."""

from datetime import UTC, datetime, tzinfo

from django.utils.translation import gettext as _

from prepazka.store import log
from prepazka.web.labels import AUDIT, PARTS, PLACES, ROLES, RULES
from prepazka.web.titles import language_title, reply_title

SETTINGS = {name: label for _title, group in RULES for name, (label, _hint) in group.items()}

_SIZE = 50


def page(office_id: int | None, zone: tzinfo, before: str) -> dict[str, object]:
    """What `web/parts/trail.html` shows. office_id: None is what concerns no office; before: where the page begins."""
    rows, more = log.audit(office_id, _before(before), _SIZE)
    entries = [
        {
            "at": row.at.astimezone(zone),
            "who": _who(row.who),
            "what": AUDIT.get(row.what, row.what),
            "changes": [(_place(place), before, after) for place, before, after in row.details.get("changes", [])],
            "details": _details(row.details),
        }
        for row in rows
    ]
    return {"entries": entries, "next": f"{rows[-1].at.timestamp():.6f},{rows[-1].id}" if more else ""}


def _who(name: str) -> str:
    """Whoever gives commands is named by a program, in English."""
    return name.replace("command line", _("příkazová řádka"))


def _details(details: dict[str, object]) -> str:
    """What else was noted, but for versions, which say nothing to people; of a role what it was and what it is."""
    told = {
        name: value
        for name, value in details.items()
        if name not in {"changes", "version"} and value not in (None, "", [])
    }
    return ", ".join(
        ", ".join(map(str, value))
        if isinstance(value, list)
        else str(ROLES.get(str(value), value) if name in {"from", "to"} else value)
        for name, value in told.items()
    )


def _place(place: str) -> str:
    """Where in the office's configuration, in words; in the office file's own where there are none."""
    section, _dot, rest = place.partition(".")
    if section == "settings":
        return str(SETTINGS.get(rest, place))
    if section == "texts":
        language, _dot, name = rest.partition(".")
        return f"{PLACES[section]}: {reply_title(name)} ({language_title(language)})"
    if ".bring." in rest:
        rest, _dot, language = rest.rpartition(".")
        return f"{_place(f'{section}.{rest}')} ({language_title(language)})"
    subject, _dot, part = rest.rpartition(".") if section in {"agendas", "services", "counters"} else ("", "", rest)
    words = [str(PLACES.get(section, section)), subject, str(PARTS.get(part, part))]
    return ": ".join(filter(None, [" ".join(filter(None, words[:2])), words[2]]))


def _before(written: str) -> tuple[datetime, int] | None:
    at, _, id_ = written.partition(",")
    try:
        return datetime.fromtimestamp(float(at), UTC), int(id_)
    except (ValueError, OverflowError, OSError):
        return None
