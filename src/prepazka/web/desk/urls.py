"""Addresses of the desk, below the office's."""

from django.urls import path

from prepazka.web.when_asked import Pages

bookings = Pages("prepazka.web.desk.bookings")
day_list = Pages("prepazka.web.desk.day_list")
inbox = Pages("prepazka.web.desk.inbox")
manual = Pages("prepazka.web.desk.manual")
own_figures = Pages("prepazka.web.desk.own_figures")
person = Pages("prepazka.web.desk.person")
undoing = Pages("prepazka.web.desk.undoing")
views = Pages("prepazka.web.desk.views")

urlpatterns = [
    path("", views.desk, name="desk"),
    path("sit", views.sit, name="desk-sit"),
    path("act", views.act, name="desk-act"),
    path("undo", undoing.undo, name="desk-undo"),
    path("manual", manual.manual, name="desk-manual"),
    path("figures", own_figures.own_figures, name="desk-figures"),
    path("bookings/", bookings.day, name="desk-bookings"),
    path("bookings/list", day_list.listing, name="desk-day-list"),
    path("bookings/list/deliver", day_list.send, name="desk-day-list-send"),
    path("bookings/paper-numbers", day_list.paper_numbers, name="desk-paper-numbers"),
    path("bookings/arrivals", day_list.arrivals, name="desk-arrivals"),
    path("bookings/find", bookings.find, name="desk-find"),
    path("bookings/new/", bookings.new, name="desk-book"),
    path("bookings/<int:booking>", person.person, name="desk-person"),
    path("bookings/<int:booking>/move", person.move, name="desk-move"),
    path("bookings/<int:booking>/note", person.note, name="desk-note"),
    path("bookings/<int:booking>/service", person.service, name="desk-service"),
    path("bookings/<int:booking>/take-out", person.take_out, name="desk-take-out"),
    path("bookings/<int:booking>/cancel", bookings.cancel, name="desk-cancel"),
    path("bookings/<int:booking>/check-in", bookings.check_in, name="desk-check-in"),
    path("bookings/<int:booking>/slip", bookings.slip, name="desk-slip"),
    path("inbox/", inbox.listing, name="desk-inbox"),
    path("inbox/count", inbox.count, name="desk-inbox-count"),
    path("inbox/<int:message>", inbox.thread, name="desk-inbox-thread"),
    path("inbox/<int:message>/answer", inbox.answer, name="desk-inbox-answer"),
    path("inbox/<int:message>/done", inbox.done, name="desk-inbox-done"),
    path("inbox/<int:message>/reopen", inbox.reopen, name="desk-inbox-reopen"),
]
