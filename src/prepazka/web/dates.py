"""Days in addresses and in the forms that filter."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from prepazka.core.minutes import YEARS


class DayField(forms.DateField):
    """A day within the calendar's years, chosen in the browser's own way."""

    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")

    def validate(self, value: date | None) -> None:
        """Refuse a year that was mistyped."""
        super().validate(value)
        if value and not YEARS[0] <= value.year < YEARS[1]:
            raise ValidationError(_("Zkontrolujte prosím rok."))


def parse_date(text: str | None, otherwise: date) -> date:
    """Return the day of the address; the other one for an invalid day, or one outside the calendar's years."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return day if YEARS[0] <= day.year < YEARS[1] else otherwise
