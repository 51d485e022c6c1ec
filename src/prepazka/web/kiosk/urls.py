"""Addresses of the kiosk, below the office's."""

from django.urls import path

from prepazka.web.when_asked import Pages

devices = Pages("prepazka.web.kiosk.devices")
views = Pages("prepazka.web.kiosk.views")

urlpatterns = [
    path("", views.start, name="kiosk"),
    path("pair", devices.pair_code, name="kiosk-pair-code"),
    path("pair/<slug:token>", devices.pair, name="kiosk-pair"),
    path("walk-in", views.walk_in, name="kiosk-walk-in"),
    path("code/", views.code, name="kiosk-code"),
    path("late", views.late, name="kiosk-late"),
    path("ticket/<str:signed>", views.ticket, name="kiosk-ticket"),
]
