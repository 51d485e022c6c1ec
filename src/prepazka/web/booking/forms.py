"""Forms of a citizen: whose booking it is, or which one to cancel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prepazka.core.booking.codes import CODE_LENGTH, typed_code
from prepazka.core.booking.names import name_of
from prepazka.core.office.lengths import PERSON_NAME
from prepazka.core.office.office import Office
from prepazka.flows.phone_numbers import NotUsable
from prepazka.web.numbers import Contact, describe, read_typed


class PersonForm(forms.Form):
    """The name to be called by, and the number that gets the code."""

    name = forms.CharField(
        label=_("Jméno a příjmení"),
        help_text=_("Podle něj vás na úřadě poznáme."),
        max_length=PERSON_NAME,
        error_messages={"required": _("Napište jméno."), "max_length": _("Jméno může mít nejvýše 60 znaků.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Mobilní telefon"),
        help_text=_(
            "Pošleme vám na něj SMS s kódem, den předem připomínku a zprávu, kdyby se něco měnilo. K "
            "ničemu jinému číslo nepoužijeme."
        ),
        max_length=40,
        error_messages={"required": _("Napište telefonní číslo.")},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, office: Office, calls: bool = False, **kwargs: Any) -> None:
        """calls: whether a number that gets no messages will do, as none has to be confirmed."""
        super().__init__(*args, **kwargs)
        self._office, self._calls = office, calls

    def clean_name(self) -> str:
        """Return the name as it is stored."""
        name = name_of(self.cleaned_data["name"])
        if name is None:
            raise forms.ValidationError(
                _("Ve jméně jsou znaky, které neumíme uložit (například číslice). Opravte je prosím.")
            )
        return name

    def clean_phone(self) -> Contact:
        """Return the number that gets messages; where calls will do, one of a country that gets none."""
        number = read_typed(self.cleaned_data["phone"])
        if not isinstance(number, NotUsable):
            return Contact(sender=number)
        if number.problem == "country" and self._calls:
            return Contact(calls=number.number)
        raise forms.ValidationError(describe(number, self._office))


class DayField(forms.DateField):
    """A day as the browser's date field sends it, or as people write it without one."""

    def to_python(self, value: Any) -> Any:
        """Ignore spaces: 10. 8. 2026."""
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class CodeForm(forms.Form):
    """The code of a place that waits to be confirmed."""

    code = forms.CharField(
        label=_("Přístupový kód"),
        help_text=_("Šest číslic z potvrzovací SMS."),
        max_length=CODE_LENGTH + 6,
        error_messages={"required": _("Napište kód z potvrzovací SMS.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """Return the digits; people copy spaces and a full stop along."""
        code = typed_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(_("Kód jsou jen číslice."))
        return code


class CancelForm(CodeForm):
    """The code and the date of the booking to cancel; both are required."""

    day = DayField(
        label=_("Den objednávky"),
        error_messages={
            "required": _("Vyberte den objednávky."),
            "invalid": _("Napište datum například jako 10. 8. 2026."),
        },
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
