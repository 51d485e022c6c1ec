"""Addresses of the kiosk, below the office's."""

from django.urls import path

from prepazka.web.kiosk import devices, views

urlpatterns = [
    path("", views.start, name="kiosk"),
    path("pair", devices.pair_code, name="kiosk-pair-code"),
    path("pair/<slug:token>", devices.pair, name="kiosk-pair"),
    path("walk-in", views.walk_in, name="kiosk-walk-in"),
    path("code/", views.code, name="kiosk-code"),
    path("late", views.late, name="kiosk-late"),
    path("ticket/<str:signed>", views.ticket, name="kiosk-ticket"),
]
