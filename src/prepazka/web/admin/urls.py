"""Addresses of the administration, under `/<slug>/admin/`."""

from django.urls import path

from prepazka.web.admin import closures, gateways, home, lists, manual, messages, settings, texts, trail, users
from prepazka.web.admin.parts import AGENDAS, COUNTERS, EXTRA_DAYS, NUMBERS, RULES, SERVICES, edit

urlpatterns = [
    path("", home.home, name="admin"),
    path("manual", manual.manual, name="admin-manual"),
    path("office", lists.office, name="admin-office"),
    path("numbers/new", edit(NUMBERS), name="admin-number-new"),
    path("numbers/<str:name>", edit(NUMBERS), name="admin-number"),
    path("agendas/", lists.agendas, name="admin-agendas"),
    path("agendas/new", edit(AGENDAS), name="admin-agenda-new"),
    path("agendas/<slug:name>", edit(AGENDAS), name="admin-agenda"),
    path("agendas/<slug:agenda>/hours/new", edit(RULES), name="admin-hours-new"),
    path("agendas/<slug:agenda>/hours/<str:name>", edit(RULES), name="admin-hours"),
    path("agendas/<slug:agenda>/extra-days/new", edit(EXTRA_DAYS), name="admin-extra-day-new"),
    path("agendas/<slug:agenda>/extra-days/<str:name>", edit(EXTRA_DAYS), name="admin-extra-day"),
    path("services/", lists.services, name="admin-services"),
    path("services/new", edit(SERVICES), name="admin-service-new"),
    path("services/<slug:name>", edit(SERVICES), name="admin-service"),
    path("counters/", lists.counters, name="admin-counters"),
    path("counters/new", edit(COUNTERS), name="admin-counter-new"),
    path("counters/<slug:name>", edit(COUNTERS), name="admin-counter"),
    path("closures/", closures.closures, name="admin-closures"),
    path("closures/new", closures.closure, name="admin-closure-new"),
    path("closures/<int:number>", closures.closure, name="admin-closure"),
    path("texts/", texts.texts, name="admin-texts"),
    path("texts/<slug:language>/<slug:name>", texts.text, name="admin-text"),
    path("rules", settings.rules, name="admin-rules"),
    path("users/", users.users, name="admin-users"),
    path("new-user", users.new, name="admin-user-new"),
    path("users/<str:username>", users.user, name="admin-user"),
    path("users/<str:username>/password", users.password, name="admin-user-password"),
    path("messages/", messages.messages, name="admin-messages"),
    path("messages/of", messages.of_number, name="admin-messages-of"),
    path("messages/<int:message>/again", messages.again, name="admin-message-again"),
    path("audit", trail.audit, name="admin-audit"),
    path("gateways/", gateways.listing, name="admin-gateways"),
    path("gateways/new/<slug:kind>", gateways.new, name="admin-gateway-new"),
    path("gateways/<slug:name>", gateways.edit, name="admin-gateway"),
]
