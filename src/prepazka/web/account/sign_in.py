"""Signing in and out: the password, the second step, and asking again before something important."""

from http import HTTPStatus
from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import auth
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from prepazka.core.queue.outcomes import Busy
from prepazka.flows.counters import seat
from prepazka.store import factors
from prepazka.store.models import User
from prepazka.web import access, clock, lost_press
from prepazka.web.access import arriving
from prepazka.web.account import attempts, passkeys, single_sign_on
from prepazka.web.account.forms import PasskeyAloneForm
from prepazka.web.post_only import post_only


class SignIn(LoginView):
    """Name and password, and the way to the organisation's own sign-in where there is one."""

    template_name = "web/account/sign_in.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; a try that came too early is 429."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, attempts.WAIT):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        passkey = not passkeys.obstacle(self.request) and factors.some_by_passkey_alone()
        timed_out = lost_press.has_timed_out(self.request)
        more = {"provider": single_sign_on.provider_name(), "passkey": passkey, "timed_out": timed_out}
        return {**super().get_context_data(**kwargs), **more}


class PasskeySignIn(LoginWebAuthnView):
    """A passkey alone, for an operator who has no password."""

    template_name = "web/account/sign_in_passkey.html"
    form_class = PasskeyAloneForm
    redirect_field_name = "next"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, where a browser gives passkeys."""
        if passkeys.obstacle(request):
            return redirect("sign-in")
        return self.render_to_response(self.get_context_data())

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the page again."""
        return self.render_to_response(self.get_context_data(form=form))

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; the key has proved who has it and who its owner is, so no other step follows."""
        key = form.cleaned_data["credential"]
        login = Login(user=key.user, redirect_url=get_next_redirect_url(self.request))
        return perform_passwordless_login(self.request, key, login)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        next_ = get_next_redirect_url(self.request)
        options = {"request_options": begin_authentication(user=None)}
        return {**super().get_context_data(**kwargs), "js_data": options, "redirect_field_value": next_}


class SecondStep(AuthenticateView):
    """A code or a passkey, after the password."""

    template_name = "web/account/second_step.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Finish the sign-in; a recovery code that served is recorded, since it may have been stolen."""
        used = getattr(form, "authenticator", None)
        if used is not None and used.type == Authenticator.Type.RECOVERY_CODES:
            user: User = self.stage.login.user
            factors.note_change(user, clock.now(), user.username, "recovery code used")
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows: the passkey only where the user has one and this address allows it."""
        held = factors.kinds(self.stage.login.user)
        shown = super().get_context_data(**kwargs)
        return {**shown, "has_app": "totp" in held, **passkeys.describe(self.request, has_key="webauthn" in held)}


class PasswordAgain(ReauthenticateView):
    """The password again, before something important."""

    template_name = "web/account/again.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on with what was begun."""
        access.note_proof(self.request)
        return super().form_valid(form)


class CodeAgain(CodeAgainView):
    """The same by a code."""

    template_name = "web/account/again.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on with what was begun."""
        access.note_proof(self.request)
        return super().form_valid(form)


class PasskeyAgain(ReauthenticateWebAuthnView):
    """The same by a passkey."""

    template_name = "web/account/again_passkey.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on with what was begun."""
        access.note_proof(self.request)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        return {**super().get_context_data(**kwargs), **passkeys.describe(self.request, has_key=True)}


sign_in = SignIn.as_view()
by_passkey = PasskeySignIn.as_view()
second_step = SecondStep.as_view()
password_again = arriving(PasswordAgain.as_view())
code_again = arriving(CodeAgain.as_view())
passkey_again = arriving(PasskeyAgain.as_view())


# docs/spec/counters.md §5.3: "Signing out asks a clerk who still sits at a counter what is to become of it"
@post_only
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and delete the session; who still sits at a counter is asked first, and answers by `counter`."""
    who, now, wish = request.user.get_username(), clock.now(), request.POST.get("counter", "")
    seats = seat.seats_of(who) if request.user.is_authenticated else []
    if seats and wish not in {"close", "pause", "keep"}:
        return render(request, "web/account/leaving.html", {"seats": seats})
    for left in seats:
        if wish == "close" and isinstance(seat.stand_up(left.office_id, who, now), Busy):
            return render(request, "web/account/leaving.html", {"seats": seats, "busy": left})
        if wish == "pause":
            seat.pause(left.office_id, who, now, paused=True)
    auth.logout(request)
    if seats:
        seat.leave_signed_out(who, now)
    return redirect("sign-in")
