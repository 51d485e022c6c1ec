"""Forms of a citizen: whose booking it is, or which one to cancel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prepazka.core.booking.codes import CODE_LENGTH
from prepazka.core.booking.names import name_of
from prepazka.core.office.lengths import PERSON_NAME
from prepazka.flows.phone_numbers import e164, replyable


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

    def clean_name(self) -> str:
        """Return the name as it is stored."""
        name = name_of(self.cleaned_data["name"])
        if name is None:
            raise forms.ValidationError(
                _("Ve jméně jsou znaky, které neumíme uložit (například číslice). Opravte je prosím.")
            )
        return name

    def clean_phone(self) -> str:
        """Return the number in E.164."""
        number = e164(self.cleaned_data["phone"])
        if not replyable(number):
            raise forms.ValidationError(_("Toto není telefonní číslo. Napište ho například jako 777 123 456."))
        return number


class DayField(forms.DateField):
    """A day as the browser's date field sends it, or as people write it without one."""

    def to_python(self, value: Any) -> Any:
        """Ignore spaces: 10. 8. 2026."""
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class CancelForm(forms.Form):
    """The code and the date of the booking to cancel; both are required."""

    code = forms.CharField(
        label=_("Přístupový kód"),
        help_text=_("Šest číslic z potvrzovací SMS."),
        max_length=CODE_LENGTH + 6,
        error_messages={"required": _("Napište kód z potvrzovací SMS.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    day = DayField(
        label=_("Den objednávky"),
        error_messages={
            "required": _("Vyberte den objednávky."),
            "invalid": _("Napište datum například jako 10. 8. 2026."),
        },
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_code(self) -> str:
        """Return the digits; people copy spaces along."""
        code = "".join(self.cleaned_data["code"].split())
        if not (code.isascii() and code.isdigit()):
            raise forms.ValidationError(_("Kód jsou jen číslice."))
        return code
