"""Entries of the audit trail in words: who changed what, and the values before and after."""

from datetime import UTC, datetime, tzinfo

from django.utils.translation import gettext as _

from prepazka.store import log
from prepazka.web.labels import AUDIT, PARTS, PLACES, PURPOSES, ROLES, RULES
from prepazka.web.titles import language_title, reply_title

SETTINGS = {name: label for _title, group in RULES for name, (label, _hint) in group.items()}

_SIZE = 50


def trail_page(office_id: int | None, zone: tzinfo, before: str) -> dict[str, object]:
    """Return what `web/parts/trail.html` shows.

    office_id: None for what concerns no office. before: the cursor of the page.
    """
    rows, more = log.audit(office_id, _parse_cursor(before), _SIZE)
    entries = [
        {
            "at": row.at.astimezone(zone),
            "who": _format_user(row.who),
            "what": AUDIT.get(row.what, row.what),
            "changes": [
                (_format_place(place), before, after) for place, before, after in row.details.get("changes", [])
            ],
            "details": _format_details(row.details),
        }
        for row in rows
    ]
    return {"entries": entries, "next": f"{rows[-1].at.timestamp():.6f},{rows[-1].id}" if more else ""}


def _format_user(name: str) -> str:
    """Return the name of a user; a command is named by a program, in English."""
    return name.replace("command line", _("příkazová řádka"))


def _format_details(details: dict[str, object]) -> str:
    """Return the other details, except versions, which mean nothing to people."""
    others = {
        name: value
        for name, value in details.items()
        if name not in {"changes", "version"} and value not in (None, "", [])
    }
    return ", ".join(
        ", ".join(str(PURPOSES.get(one, one)) for one in value)
        if isinstance(value, list)
        else str(ROLES.get(str(value), value) if name in {"from", "to"} else value)
        for name, value in others.items()
    )


def _format_place(place: str) -> str:
    """Return the place in the office's configuration in words, or as the office file names it."""
    section, _dot, rest = place.partition(".")
    if section == "settings":
        return str(SETTINGS.get(rest, place))
    if section == "texts":
        language, _dot, name = rest.partition(".")
        return f"{PLACES[section]}: {reply_title(name)} ({language_title(language)})"
    if ".bring." in rest or ".titles." in rest:
        rest, _dot, language = rest.rpartition(".")
        return f"{_format_place(f'{section}.{rest}')} ({language_title(language)})"
    subject, _dot, part = rest.rpartition(".") if section in {"agendas", "services", "counters"} else ("", "", rest)
    words = [str(PLACES.get(section, section)), subject, str(PARTS.get(part, part))]
    return ": ".join(filter(None, [" ".join(filter(None, words[:2])), words[2]]))


def _parse_cursor(written: str) -> log.AuditKey | None:
    at, _, id_ = written.partition(",")
    try:
        return log.AuditKey(datetime.fromtimestamp(float(at), UTC), int(id_))
    except (ValueError, OverflowError, OSError):
        return None
