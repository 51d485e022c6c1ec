"""Copying hours within an office's document: of a whole week or a day, to agendas and weekdays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from prepazka.officefile.reading import WEEKDAYS

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """What is copied where: the hours of an agenda (its key) on a weekday, "" for each day to itself.

    agendas: keys of those that get them. days: the weekdays that get them, of no meaning for a whole week.
    """

    agenda: str
    day: str
    agendas: Sequence[str]
    days: Sequence[str] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The weekdays copied from and to."""
        return [(self.day, day) for day in self.days] if self.day else [(day, day) for day in WEEKDAYS]


class ChangedDay(NamedTuple):
    """A weekday of an agenda (its key) that would have other hours; rules: of the file, without their days."""

    agenda: str
    day: str
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]


def list_changed_days(document: Document, copy: Copy) -> list[ChangedDay]:
    """Return the days that copying would change, in the order of agendas and week."""
    source = _rules_of(document, copy.agenda)
    found = [
        ChangedDay(key, to, _rules_on(_rules_of(document, key), to), _rules_on(source, since))
        for key in (agenda["key"] for agenda in document["agendas"])
        for since, to in copy.pairs
        if key in copy.agendas
    ]
    return [one for one in found if _sorted(one.before) != _sorted(one.after)]


# docs/spec/administration.md §4: "What a day had before is replaced, with its breaks and its validity"
def copy_hours(document: Document, copy: Copy) -> None:
    """Put the hours where they are copied to; what was there is replaced, extra days stay."""
    for changed in list_changed_days(document, copy):
        agenda = next(one for one in document["agendas"] if one["key"] == changed.agenda)
        kept = list(_without_day(agenda.get("rules", []), changed.day))
        agenda["rules"] = kept + [{"days": [changed.day], **rule} for rule in changed.after]


def _rules_of(document: Document, key: str) -> list[dict[str, Any]]:
    return next((one.get("rules", []) for one in document["agendas"] if one["key"] == key), [])


def _rules_on(rules: Sequence[dict[str, Any]], day: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in rule.items() if name != "days"} for rule in rules if day in rule["days"]]


def _without_day(rules: Sequence[dict[str, Any]], day: str) -> Iterator[dict[str, Any]]:
    for rule in rules:
        days = [one for one in rule["days"] if one != day]
        if days:
            yield rule | {"days": days}


def _sorted(rules: list[dict[str, Any]]) -> list[str]:
    return sorted(str(sorted(rule.items())) for rule in rules)
