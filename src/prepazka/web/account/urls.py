"""Addresses of the account's pages. The names with underscores are those django-allauth leads to."""

from django.urls import path

from prepazka.web.account import PROVIDER
from prepazka.web.when_asked import Pages

closed_offices = Pages("prepazka.web.account.closed_offices")
events = Pages("prepazka.web.account.events")
factors = Pages("prepazka.web.account.factors")
first_operator = Pages("prepazka.web.account.first_operator")
joining = Pages("prepazka.web.account.joining")
offices = Pages("prepazka.web.account.offices")
sessions = Pages("prepazka.web.account.sessions")
sign_in = Pages("prepazka.web.account.sign_in")
single_sign_on = Pages("prepazka.web.account.single_sign_on")
views = Pages("prepazka.web.account.views")

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in", sign_in.sign_in, name="account_login"),
    path("sign-in/passkey", sign_in.by_passkey, name="sign-in-passkey"),
    path("sign-in/code", sign_in.second_step, name="mfa_authenticate"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("events", events.events, name="account-events"),
    path("first/<str:token>", first_operator.first, name="first-operator"),
    path("closed-offices", closed_offices.listing, name="closed-offices"),
    path("closed-offices/<str:name>", closed_offices.archive, name="closed-office"),
    path("join/<str:token>", joining.join, name="join"),
    path("register", events.register, name="account-register"),
    path("new-office", offices.new, name="new-office"),
    path("password", views.password, name="password"),
    path("again", sign_in.password_again, name="account_reauthenticate"),
    path("again/code", sign_in.code_again, name="mfa_reauthenticate"),
    path("again/passkey", sign_in.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("again/provider", single_sign_on.again, name="again-provider"),
    path("sign-ins", sessions.sessions, name="sign-ins"),
    path("sign-ins/<int:session>/end", sessions.end, name="sign-in-end"),
    path("second-step", factors.overview, name="second-step"),
    path("second-step", factors.overview, name="mfa_index"),
    path("second-step/app", factors.add_app, name="mfa_activate_totp"),
    path("second-step/app/remove", factors.remove_app, name="mfa_deactivate_totp"),
    path("second-step/passkey", factors.add_passkey, name="mfa_add_webauthn"),
    path("second-step/passkey/<int:pk>/remove", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("second-step/codes", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-step/codes/new", factors.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("provider", single_sign_on.to_provider, name="to-provider"),
    path("provider/callback", single_sign_on.callback, {"provider_id": PROVIDER}, name="openid_connect_callback"),
    path("link/<str:token>", single_sign_on.link, name="sign-in-link"),
]
