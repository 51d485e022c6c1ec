"""The first start: who has the link that `prepazka serve` printed makes the first operator, and is signed in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordMixin
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from prepazka.store import accounts, factors, first_operator
from prepazka.store.models import User
from prepazka.web import access, clock
from prepazka.web.account import passkeys
from prepazka.web.account.forms import PASSWORD_RULES


class FirstOperatorForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]  # generic for mypy only
    """The operator's name to sign in with, own name, and a password of their own choice, or none but a passkey."""

    error_messages = {"password_mismatch": gettext_lazy("Heslo jste podruhé napsali jinak.")}  # noqa: RUF012 -- as Django

    username = forms.CharField(
        label=gettext_lazy("Přihlašovací jméno"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice, tečky a spojovníky, například dvorak."),
    )
    name = forms.CharField(
        label=gettext_lazy("Jméno a příjmení"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    passkey_alone = forms.BooleanField(
        label=gettext_lazy("Přihlašovat se jen přístupovým klíčem, bez hesla"),
        required=False,
        help_text=gettext_lazy(
            "Klíč s otiskem nebo kódem PIN, zámek telefonu nebo počítače. Přidáte ho hned v dalším kroku; heslo "
            "nevyplňujte."
        ),
    )
    password1, password2 = SetPasswordMixin.create_password_fields(
        gettext_lazy("Heslo"), gettext_lazy("Heslo ještě jednou")
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if passkeys.obstacle(request):
            del self.fields["passkey_alone"]
        for name in ("password1", "password2"):
            self.fields[name].required = "passkey_alone" not in self.fields
        self.fields["password1"].help_text = PASSWORD_RULES
        self.fields["password2"].help_text = ""

    def clean_username(self) -> str:
        """Return the name as it is stored."""
        try:
            return accounts.username(self.cleaned_data["username"])
        except accounts.AccountError:
            raise forms.ValidationError(
                _("Použijte 2 až 40 malých písmen bez háčků a čárek, číslic, teček nebo spojovníků.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, and against what everybody knows of its owner."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("passkey_alone"):
            return cleaned
        self.validate_passwords()
        user = User(username=cleaned.get("username", ""), name=cleaned.get("name", ""))
        self.validate_password_for_user(user, "password1")
        return cleaned


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first operator. A link that is wrong, used, too old or needless is told by one and the same page."""
    if not first_operator.is_usable(token, clock.now()):
        return render(request, "web/account/first_operator.html", {"form": None}, status=404)
    form = FirstOperatorForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _make_operator(request, token, form)
    return render(request, "web/account/first_operator.html", {"form": form})


def _make_operator(request: HttpRequest, token: str, form: FirstOperatorForm) -> HttpResponse:
    values = form.cleaned_data
    try:
        encoded = make_password(None if values.get("passkey_alone") else values["password1"])
        user = first_operator.redeem(token, values["username"], encoded, clock.now())
    except accounts.AccountError:
        form.add_error("username", _("Účet tohoto jména už tu je. Zvolte jiné."))
        return render(request, "web/account/first_operator.html", {"form": form})
    if user is None:
        return render(request, "web/account/first_operator.html", {"form": None}, status=404)
    accounts.rename(user, values["name"])
    user.backend = settings.AUTHENTICATION_BACKENDS[0]
    access.sign_in(request, user, enrol=not factors.has_any(user))
    return redirect(access.first_duty(request) or "account")
