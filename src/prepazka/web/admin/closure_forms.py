"""Forms of closures: of days planned ahead, and of the rest of today."""

from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from prepazka.core.office import lengths
from prepazka.web.admin import translated
from prepazka.web.admin.forms import Item, PartForm, date_field, time_field

END_OF_DAY: Final = time(23, 59)


class ClosureForm(PartForm):
    """`[[closures]]`."""

    first = date_field(_("První den"))
    last = date_field(_("Poslední den"), _("Prázdné pole: jen ten první."), required=False)
    since = time_field(_("Od hodin (jen při zavření na část dne)"), required=False)
    until = time_field(_("Do hodin"), required=False)
    agenda = forms.ChoiceField(label=_("Čeho se týká"), required=False)
    reason = forms.CharField(
        label=_("Důvod"), max_length=lengths.CLOSURE_REASON, help_text=_("Uvidí ho lidé ve zprávách i na stránkách.")
    )
    last_days = ("last", "first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        translated.add_fields(self, "reasons", _("Důvod"), lengths.CLOSURE_REASON)

    def item(self) -> Item:
        """Return the closure; without a last day it ends on its first."""
        item = translated.take(self, super().item(), "reasons")
        return {"last": item.get("first", "")} | item


class CloseNowForm(ClosureForm):
    """A closure that begins this minute and lasts until the day ends."""

    first = last = since = until = None  # type: ignore[assignment]  # so Django leaves these fields out

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, new=True, **kwargs)
        self._at = at

    def item(self) -> Item:
        """Return the closure."""
        day = self._at.date().isoformat()
        item = translated.take(self, PartForm.item(self), "reasons")
        return item | {"first": day, "last": day, "since": f"{self._at:%H:%M}", "until": f"{END_OF_DAY:%H:%M}"}
