"""Addresses of booking on the web, below the office's."""

from django.urls import path, register_converter

from prepazka.web.booking import converters
from prepazka.web.when_asked import Pages

done = Pages("prepazka.web.booking.done")
move = Pages("prepazka.web.booking.move")
views = Pages("prepazka.web.booking.views")

register_converter(converters.DayConverter, "day")
register_converter(converters.TimeConverter, "at")

urlpatterns = [
    path("book/", views.services, name="book"),
    path("book/done/", done.booked, name="booked"),
    path("book/done/confirm", done.confirm, name="booked-confirm"),
    path("book/done/state", done.state, name="booked-state"),
    path("book/<str:code>/", views.times, name="book-times"),
    path("book/<str:code>/<day:day>/<at:at>/", views.person, name="book-person"),
    path("cancel/", views.cancel, name="cancel"),
    path("move/", move.move, name="move"),
]
