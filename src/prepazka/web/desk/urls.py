"""Addresses of the desk, below the office's."""

from django.urls import path

from prepazka.web.desk import bookings, manual, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("sit", views.sit, name="desk-sit"),
    path("act", views.act, name="desk-act"),
    path("manual", manual.manual, name="desk-manual"),
    path("bookings/", bookings.day, name="desk-bookings"),
    path("bookings/new/", bookings.new, name="desk-book"),
    path("bookings/<int:booking>/cancel", bookings.cancel, name="desk-cancel"),
    path("bookings/<int:booking>/slip", bookings.slip, name="desk-slip"),
]
