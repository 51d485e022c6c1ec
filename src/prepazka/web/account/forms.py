"""Forms of the account: signing in, and a new password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

PASSWORD_RULES = _(
    "Alespoň 12 znaků, ne jen číslice, ne běžně používané heslo a nic podobného vašemu jménu. Dobře poslouží několik "
    "slov za sebou."
)


class SignInForm(AuthenticationForm):
    """Name and password; its errors do not reveal which of them is wrong."""

    error_messages = {  # noqa: RUF012 -- Django reads it so
        "invalid_login": _(
            "Nesprávné jméno nebo heslo. Zkontrolujte, zda nemáte zapnutý Caps Lock, a zkuste to znovu."
        ),
        "inactive": _("Tento účet je zrušený."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Přihlašovací jméno")

    def clean_username(self) -> str:
        """Return the name in small letters, as it is stored; so the lock after wrong passwords counts them together."""
        return str(self.cleaned_data["username"]).strip().lower()


class NewPasswordForm(PasswordChangeForm):
    """The old password, and the new one twice."""

    error_messages = {  # noqa: RUF012 -- Django reads it so
        "password_mismatch": _("Nové heslo jste podruhé napsali jinak."),
        "password_incorrect": _("Dosavadní heslo není správně."),
        "password_same": _("Nové heslo je stejné jako dosavadní. Zvolte jiné."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Dosavadní heslo")
        self.fields["new_password1"].label = _("Nové heslo")
        self.fields["new_password2"].label = _("Nové heslo ještě jednou")
        self.fields["new_password1"].help_text = PASSWORD_RULES
        self.fields["new_password2"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Require a given password to be changed."""
        cleaned = super().clean() or self.cleaned_data
        old, new = cleaned.get("old_password"), cleaned.get("new_password1")
        if old and old == new:
            self.add_error("new_password1", forms.ValidationError(self.error_messages["password_same"]))
        return cleaned
