"""Rows of the register of access in words: who looked at whose data, who signed in, who was refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo

from django.utils.translation import gettext as _

from prepazka.store import accounts, models, register
from prepazka.web.audit_words import format_account
from prepazka.web.labels import ACCESSES
from prepazka.web.wording import format_date

_SIZE = 50


def register_page(office_id: int | None, zone: tzinfo, before: str) -> dict[str, object]:
    """Return what `web/parts/register.html` shows.

    office_id: None for the whole installation. before: the cursor of the page.
    """
    rows, more = register.page(office_id, _parse_cursor(before), _SIZE)
    next_ = f"{rows[-1].at.timestamp():.6f},{rows[-1].id}" if more else ""
    return {"entries": format_rows(rows, zone), "next": next_, "offices": office_id is None}


def format_rows(rows: list[models.Access], zone: tzinfo) -> list[dict[str, object]]:
    """Return the rows as the page shows them; people by their names, with the accounts they looked from."""
    names = accounts.called(row.who for row in rows)
    return [
        {
            "at": row.at.astimezone(zone),
            "until": row.until.astimezone(zone) if row.until and row.count > 1 else None,
            "office": row.office.name if row.office else "",
            "who": _format_who(row.who, names),
            "what": ACCESSES.get(row.what, row.what),
            "number": row.number,
            "count": row.count,
            "page": _format_page(row.details.get("page", "")),
        }
        for row in rows
    ]


def _format_who(who: str, names: Mapping[str, str]) -> str:
    """Return who it was; a command is named by a program, in English."""
    if not who:
        return _("neznámé jméno")
    return (
        format_account(who, names).replace("command line", _("příkazová řádka")).replace("gateway ", f"{_('brána')} ")
    )


def _format_page(page: str) -> str:
    """Return the page as people read it: that of a day by its date."""
    try:
        return format_date(date.fromisoformat(page))
    except ValueError:
        return page


def _parse_cursor(written: str) -> register.AccessKey | None:
    at, _comma, id_ = written.partition(",")
    try:
        return register.AccessKey(datetime.fromtimestamp(float(at), UTC), int(id_))
    except (ValueError, OverflowError, OSError):
        return None
