"""The user's own second factors: an application for codes, passkeys, recovery codes."""

from typing import Any

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from prepazka.store import factors
from prepazka.web import access, clock
from prepazka.web.access import StaffRequest, arriving
from prepazka.web.account import passkeys


@arriving
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Show the user's second factors, and what can be added here."""
    held = factors.kinds(request.user)
    context = {
        "has_app": "totp" in held,
        "has_codes": "recovery_codes" in held,
        "keys": [(key.pk, key.wrap().name) for key in factors.passkeys(request.user)],
        "obstacle": passkeys.obstacle(request),
        "has_any": bool(held - {"recovery_codes"}),
        "key_first": factors.by_passkey_alone(request.user) and "webauthn" not in held,
        "required": factors.is_required(request.user, settings.SECOND_FACTOR),
    }
    return render(request, "web/account/factors.html", context)


def _note(request: HttpRequest, what: str, kind: str) -> None:
    user: Any = request.user
    factors.note_change(user, clock.now(), user.username, what, kind=kind)


class AddApp(ActivateTOTPView):
    """Enrol an application: its secret as a picture and as text, then its first code."""

    template_name = "web/account/add_app.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go back to the overview where the passkey comes first: without it there is no way in."""
        user: Any = request.user
        if factors.by_passkey_alone(user) and "webauthn" not in factors.kinds(user):
            return redirect("second-step")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Store it, and show the recovery codes that come with the first factor."""
        response: HttpResponse = super().form_valid(form)
        factors.use_up(self.request.user, form.cleaned_data["code"])
        access.note_enrolled(self.request)
        _note(self.request, "second factor added", "totp")
        return response


class RemoveApp(DeactivateTOTPView):
    """Remove the application."""

    template_name = "web/account/remove_app.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go back to the overview where there is none."""
        if "totp" not in factors.kinds(request.user):  # type: ignore[arg-type]  # signed in
            return redirect("second-step")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete it, and the recovery codes with the last factor."""
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "second factor removed", "totp")
        return response


class AddPasskey(AddWebAuthnView):
    """Enrol a passkey."""

    template_name = "web/account/add_passkey.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go back to the overview, which says why, where passkeys do not work."""
        if passkeys.obstacle(request):
            return redirect("second-step")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows; a key that is the whole sign-in has to know its owner, by finger or PIN."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        user: Any = self.request.user
        if factors.by_passkey_alone(user):
            shown["js_data"] = {"creation_options": begin_registration(user, passwordless=True)}
        return shown

    def form_valid(self, form: Any) -> HttpResponse:
        """Store it."""
        response: HttpResponse = super().form_valid(form)
        access.note_enrolled(self.request)
        _note(self.request, "second factor added", "webauthn")
        return response


class RemovePasskey(RemoveWebAuthnView):
    """Remove one passkey."""

    template_name = "web/account/remove_passkey.html"
    success_url = reverse_lazy("second-step")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return {**shown, "name": self.object.wrap().name, "refused": not self._may_go()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete it, unless it is the last factor of somebody who must have one."""
        if not self._may_go():
            return self.form_invalid(form)
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "second factor removed", "webauthn")
        return response

    def _may_go(self) -> bool:
        last, user = factors.is_last(self.object), self.request.user
        needed = last and factors.is_required(user, settings.SECOND_FACTOR)
        return not (needed or factors.is_only_way_in(self.object))


class RecoveryCodes(ViewRecoveryCodesView):
    """Show the recovery codes that are left."""

    template_name = "web/account/recovery_codes.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go back to the overview where there are none."""
        if "recovery_codes" not in factors.kinds(request.user):  # type: ignore[arg-type]  # signed in
            return redirect("second-step")
        return super().dispatch(request, *args, **kwargs)


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """Make new recovery codes; the old ones end."""

    template_name = "web/account/new_recovery_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them."""
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "recovery codes made", "recovery_codes")
        return response


add_app = arriving(AddApp.as_view())
remove_app = arriving(RemoveApp.as_view())
add_passkey = arriving(AddPasskey.as_view())
remove_passkey = arriving(RemovePasskey.as_view())
recovery_codes = arriving(RecoveryCodes.as_view())
new_recovery_codes = arriving(NewRecoveryCodes.as_view())
