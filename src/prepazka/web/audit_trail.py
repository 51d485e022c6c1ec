"""The audit trail as pages and a file show it: who changed what and when, filtered, the newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prepazka.core.office.office import Office
from prepazka.store import accounts, log, models
from prepazka.web.audit_words import format_details, format_entry, format_place, format_value, people_in
from prepazka.web.dates import DayField
from prepazka.web.labels import AUDIT
from prepazka.web.tables import Cell, Table

_SIZE = 50
MOST_ROWS = 10_000
"""Entries of one file."""


class AuditForm(forms.Form):
    """Which entries are asked for: by whom, of what kind, and when."""

    who = forms.ChoiceField(label=gettext_lazy("Kdo"), required=False)
    what = forms.ChoiceField(label=gettext_lazy("Co"), required=False)
    since = DayField(label=gettext_lazy("Od"), required=False)
    until = DayField(label=gettext_lazy("Do"), required=False)

    def __init__(self, office_id: int | None, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # those of every form
        self.label_suffix = ""
        kinds = log.audit_kinds(office_id)
        names = accounts.called(who for who, _what in kinds)
        people = sorted(((who, _format_who(who, names)) for who in {who for who, _what in kinds}), key=_by_words)
        acts = sorted(((what, str(AUDIT.get(what, what))) for what in {what for _who, what in kinds}), key=_by_words)
        self.fields["who"].choices = [("", _("kdokoli")), *((who, words) for who, words in people if who)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["what"].choices = [("", _("cokoli")), *acts]  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, object]:
        """Accept days in order."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            raise forms.ValidationError(_("„Od“ nesmí být později než „Do“."))
        return cleaned

    def asked(self, zone: tzinfo) -> log.AuditFilter:
        """Return what is asked for; nothing is left out by a form with mistakes. zone: of the days."""
        if not self.is_bound or not self.is_valid():
            return log.AuditFilter()
        values = self.cleaned_data
        return log.AuditFilter(
            values["who"],
            values["what"],
            _begin(values["since"], zone),
            _begin(values["until"] + timedelta(days=1), zone) if values["until"] else None,
        )


@dataclass(frozen=True, slots=True)
class Trail:
    """Whose audit trail. office: None for what concerns no office. zone: of the times shown."""

    office: Office | None
    zone: tzinfo

    @property
    def office_id(self) -> int | None:
        """The id of the office."""
        return self.office.id if self.office else None

    def page(self, asked: Mapping[str, str]) -> dict[str, object]:
        """Return what `web/parts/trail.html` shows. asked: the query of the address."""
        form = self._form(asked)
        rows, more = log.audit(self.office_id, _parse_cursor(asked.get("before", "")), _SIZE, form.asked(self.zone))
        names = _names(rows)
        return {
            "form": form,
            "entries": [self._entry(row, names) for row in rows],
            "next": f"{rows[-1].at.timestamp():.6f},{rows[-1].id}" if more else "",
        }

    # docs/spec/administration.md §6: "one row for each value that changed"
    def table(self, asked: Mapping[str, str]) -> Table:
        """Return the entries as a table for a spreadsheet, at most `MOST_ROWS` of the newest."""
        rows, _more = log.audit(self.office_id, None, MOST_ROWS, self._form(asked).asked(self.zone))
        names = _names(rows)
        heads = [
            _("Kdy"),
            _("Kdo"),
            _("Účet"),
            _("Co"),
            _("Podrobnosti"),
            _("Čeho se změna týká"),
            _("Dosud"),
            _("Nově"),
        ]
        return Table("audit", _("Záznam změn"), heads, [line for row in rows for line in self._lines(row, names)])

    def _form(self, asked: Mapping[str, str]) -> AuditForm:
        given = {name: asked[name] for name in ("who", "what", "since", "until") if asked.get(name)}
        return AuditForm(self.office_id, given or None)

    def _entry(self, row: models.Audit, names: Mapping[str, str]) -> dict[str, object]:
        return {
            "at": row.at.astimezone(self.zone),
            "who": _format_who(row.who, names),
            "what": format_entry(row.what, row.details, names),
            "changes": self._changes(row),
        }

    def _changes(self, row: models.Audit) -> list[tuple[str, str | None, str | None]]:
        return [
            (
                format_place(place, self.office),
                format_value(place, before, self.office),
                format_value(place, after, self.office),
            )
            for place, before, after in row.details.get("changes", [])
        ]

    def _lines(self, row: models.Audit, names: Mapping[str, str]) -> Iterator[list[Cell]]:
        begin: list[Cell] = [
            row.at.astimezone(self.zone).replace(tzinfo=None),
            _format_who(row.who, names),
            row.who,
            str(AUDIT.get(row.what, row.what)),
            format_details(row.what, row.details, names),
        ]
        for place, before, after in self._changes(row) or [("", None, None)]:
            yield [*begin, place, before, after]


def _names(rows: Iterable[models.Audit]) -> dict[str, str]:
    """Return the names of all people in these entries, by their accounts. One query."""
    return accounts.called(who for row in rows for who in (row.who, *people_in(row.details)))


def _format_who(who: str, names: Mapping[str, str]) -> str:
    """Return the name somebody goes by; a command is named by a program, in English."""
    if not who:
        return _("program sám")
    return names.get(who, who).replace("command line", _("příkazová řádka"))


def _by_words(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def _begin(day: date | None, zone: tzinfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def _parse_cursor(written: str) -> log.AuditKey | None:
    at, _comma, id_ = written.partition(",")
    try:
        return log.AuditKey(datetime.fromtimestamp(float(at), UTC), int(id_))
    except (ValueError, OverflowError, OSError):
        return None
