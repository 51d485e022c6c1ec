"""Days in forms that nobody means: over already, or so far ahead that the year is a slip of the keyboard."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from prepazka.officefile.as_written import read_day
from prepazka.web import clock

YEARS_AHEAD = 5


# docs/spec/administration.md §4: "A day that is over, or more than five years ahead, is taken for a slip"
def check_days(form: forms.Form, zone: str, last_days: Sequence[str]) -> None:
    """Add errors to the fields of days. What is no day at all is told by the office file's checks.

    last_days: fields with the last day the part is good for; the first of them that is filled in counts.
    """
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    written = {name: str(form.cleaned_data.get(name, "")) for name in form.fields if _is_day(form.fields[name])}
    days = {name: read_day(day) for name, day in written.items()}
    for name, day in days.items():
        if day and day.year > today.year + YEARS_AHEAD:
            form.add_error(name, _("To je příliš daleko. Zkontrolujte prosím rok."))
    last = next((name for name in last_days if form.cleaned_data.get(name)), "")
    if (day := days.get(last)) and day < today:
        form.add_error(last, _("Tento den už minul. Zkontrolujte prosím datum i rok."))


def _is_day(field: forms.Field) -> bool:
    return getattr(field.widget, "input_type", "") == "date"
