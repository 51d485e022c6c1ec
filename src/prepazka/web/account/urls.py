"""Addresses of the account's pages. The names with underscores are those django-allauth leads to."""

from django.urls import path

from prepazka.web.access import arriving
from prepazka.web.account import (
    closed_offices,
    events,
    factors,
    first_operator,
    joining,
    offices,
    sessions,
    sign_in,
    single_sign_on,
    views,
)
from prepazka.web.account.single_sign_on import PROVIDER

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey", sign_in.PasskeySignIn.as_view(), name="sign-in-passkey"),
    path("sign-in/code", sign_in.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("events", events.events, name="account-events"),
    path("first/<str:token>", first_operator.first, name="first-operator"),
    path("closed-offices", closed_offices.listing, name="closed-offices"),
    path("closed-offices/<str:name>", closed_offices.archive, name="closed-office"),
    path("join/<str:token>", joining.join, name="join"),
    path("register", events.register, name="account-register"),
    path("new-office", offices.new, name="new-office"),
    path("password", views.password, name="password"),
    path("again", arriving(sign_in.PasswordAgain.as_view()), name="account_reauthenticate"),
    path("again/code", arriving(sign_in.CodeAgain.as_view()), name="mfa_reauthenticate"),
    path("again/passkey", arriving(sign_in.PasskeyAgain.as_view()), name="mfa_reauthenticate_webauthn"),
    path("again/provider", single_sign_on.again, name="again-provider"),
    path("sign-ins", sessions.sessions, name="sign-ins"),
    path("sign-ins/<int:session>/end", sessions.end, name="sign-in-end"),
    path("second-step", factors.overview, name="second-step"),
    path("second-step", factors.overview, name="mfa_index"),
    path("second-step/app", arriving(factors.AddApp.as_view()), name="mfa_activate_totp"),
    path("second-step/app/remove", arriving(factors.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("second-step/passkey", arriving(factors.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("second-step/passkey/<int:pk>/remove", arriving(factors.RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("second-step/codes", arriving(factors.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("second-step/codes/new", arriving(factors.NewRecoveryCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("provider", single_sign_on.to_provider, name="to-provider"),
    path("provider/callback", single_sign_on.callback, {"provider_id": PROVIDER}, name="openid_connect_callback"),
    path("link/<str:token>", single_sign_on.link, name="sign-in-link"),
]
