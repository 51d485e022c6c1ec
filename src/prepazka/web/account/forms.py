"""Forms of the account: signing in, second factors, and a new password."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from prepazka.store import factors
from prepazka.store.models import User
from prepazka.web import sign_ins
from prepazka.web.account import attempts

_NAME = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": "40"}
_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}

PASSWORD_RULES = _(
    "Alespoň 12 znaků, ne jen číslice. Ne běžné heslo, nic opakovaného a žádné slovo ze jména úřadu, obce nebo z "
    "vašeho. Dobře poslouží několik nesouvisejících slov za sebou."
)


class SignInForm(LoginForm):
    """Name and password; its errors do not reveal which of them is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Přihlašovací jméno")
        self.fields["login"].widget = forms.TextInput(attrs=_NAME)
        self.fields["password"] = _password_field()

    def clean_login(self) -> str:
        """Return the name in small letters, as it is stored; so the delays after wrong passwords count it as one."""
        return str(self.cleaned_data["login"]).strip().lower()


class PasswordAgainForm(ReauthenticateForm):
    """The password of somebody who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password_field()


class CodeInput(forms.TextInput):
    """A field for a code: one that was wrong is not shown again, for it would have to be deleted first."""

    def format_value(self, value: Any) -> None:
        """Return nothing."""


class _Code:
    """A field for the code, and the delay after wrong ones."""

    fields: dict[str, forms.Field]
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(label=_("Kód"), max_length=20, widget=CodeInput(attrs=_CODE))

    def clean_code(self) -> str:
        """Return the code, if it is right. Raises: ValidationError also where one has to wait."""
        with attempts.guard_code(self.user) as attempt:
            code = str(super().clean_code())  # type: ignore[misc]  # the form's
            used = getattr(self, "authenticator", None)
            if used is not None and used.type == Authenticator.Type.TOTP and not factors.use_up(self.user, code):
                sign_ins.note_failed(self.user.username)
                raise get_adapter().validation_error("incorrect_code")
            attempt.right = True
        return code


class CodeForm(_Code, AuthenticateForm):
    """A code of the second factor, at the sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True


class CodeAgainForm(_Code, MFAReauthenticateForm):
    """A code of the second factor of somebody who is signed in."""


class EnrolForm(_Code, ActivateTOTPForm):
    """The first code of an application, which proves that it has the secret."""


class PasskeyForm(AddWebAuthnForm):
    """A passkey with the name its owner knows it by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Jak mu budete říkat"),
            help_text=_("Například telefon nebo modrý klíč."),
            max_length=60,
            required=False,
            initial=_("přístupový klíč"),
        )

    def clean(self) -> dict[str, Any]:
        """Require the owner's finger or PIN where the key is the whole sign-in."""
        self.cleaned_data["passwordless"] = factors.by_passkey_alone(self.user)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeyAloneForm(LoginWebAuthnForm):
    """A passkey as the whole sign-in: of whoever has no other way in, proved by its owner's finger or PIN."""

    def clean_credential(self) -> Authenticator:
        """Return the key. Raises: ValidationError for one that is not known, or is only somebody's second step."""
        try:
            found: Authenticator = super().clean_credential()
        except (AttributeError, KeyError, TypeError, ValueError):  # what stands in the field may be anything
            raise get_adapter().validation_error("incorrect_code") from None
        if not factors.by_passkey_alone(found.user):
            sign_ins.note_failed(found.user.username)
            raise get_adapter().validation_error("incorrect_code")
        return found


def _password_field() -> forms.CharField:
    attributes = {"autocomplete": "current-password"}
    return forms.CharField(label=_("Heslo"), strip=False, widget=forms.PasswordInput(attrs=attributes))


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
