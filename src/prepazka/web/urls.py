"""The addresses of all pages."""

from django.urls import include, path

from prepazka.web import errors
from prepazka.web.when_asked import Addresses, Pages

gateways = Pages("prepazka.web.gateways")
health = Pages("prepazka.web.health")
metrics = Pages("prepazka.web.metrics")
pages = Pages("prepazka.web.pages")
phone = Pages("prepazka.web.phone")
security_txt = Pages("prepazka.web.security_txt")
statements = Pages("prepazka.web.statements")

urlpatterns = [
    path("", pages.home, name="home"),
    path(".well-known/security.txt", security_txt.security_txt),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("account/", include("prepazka.web.account.urls")),
    Addresses("api/", "prepazka.web.api.urls", app_name="ninja", namespace="api"),
    path("gateways/<slug:name>", gateways.receive_webhook),
    path("gateways/<slug:name>/", gateways.receive_webhook),
    path("gateways/<slug:name>/<path:path>", gateways.receive_webhook),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("phone/", phone.phone),
    path("phone/<slug:slug>/", phone.office_phone, name="phone"),
    path("phone/<slug:slug>/number", phone.choose_number, name="phone-number"),
    path("<slug:slug>/admin/", include("prepazka.web.admin.urls")),
    path("<slug:slug>/", pages.office, name="office"),
    path("<slug:slug>/accessibility/", statements.accessibility, name="accessibility"),
    path("<slug:slug>/privacy/", statements.privacy, name="privacy"),
    path("<slug:slug>/", include("prepazka.web.booking.urls")),
    path("<slug:slug>/", include("prepazka.web.board.urls")),
    path("<slug:slug>/desk/", include("prepazka.web.desk.urls")),
    path("<slug:slug>/kiosk/", include("prepazka.web.kiosk.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
