"""Addresses of the account's pages."""

from django.urls import path

from prepazka.web.account import events, joining, offices, views

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("events", events.events, name="account-events"),
    path("join/<str:token>", joining.join, name="join"),
    path("new-office", offices.new, name="new-office"),
    path("password", views.password, name="password"),
]
