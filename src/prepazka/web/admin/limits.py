"""The limits against guessing and flooding, a page of the administration: figures, and what they hold back now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from prepazka.core.rate_limits import DAY, HOUR, MINUTE
from prepazka.store import rate_limits
from prepazka.store.rate_limits import LimitNow
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page

TITLES = {
    "web_bookings": _("Objednávky přes web"),
    "wrong_codes": _("Chybné kódy na webu"),
    "wrong_codes_of_office": _("Chybné kódy na webu, všechny sítě dohromady"),
    "wrong_codes_of_program": _("Chybné kódy z jednoho programu (API)"),
    "kiosk_codes": _("Chybné kódy na jednom kiosku"),
    "pairing_codes": _("Chybné kódy pro připojení kiosku nebo obrazovky"),
    "sign_in": _("Chybná hesla k jednomu jménu z jedné adresy"),
    "sign_in_of_name": _("Chybná hesla k jednomu jménu ze všech adres"),
    "sign_in_of_address": _("Chybná hesla z jedné sítě"),
    "gateway_refusals": _("Odmítnutá volání bran"),
    "sms_replies_an_hour": _("Odpovědi na jedno číslo"),
    "sms_replies_a_day": _("Odpovědi na jedno číslo"),
    "messages_of_office": _("Zprávy úřadu"),
    "replies_to_other_countries": _("Odpovědi na čísla z jiných zemí"),
    "web_refusals": _("Odmítnuté formuláře na webu"),
}
"""What each limit counts, by its name without the kind of network."""
NETWORKS = {"_ipv4": _("adresa IPv4"), "_ipv6_64": _("síť IPv6 /64"), "_ipv6_48": _("síť IPv6 /48")}
PERIODS = {MINUTE: _("za minutu"), 10 * MINUTE: _("za 10 minut"), HOUR: _("za hodinu"), DAY: _("za den")}
THEN = {
    "ask": _("formulář požádá o potvrzení"),
    "wait": _("další pokus musí počkat"),
    "refuse": _("odmítneme až do konce období"),
    "silence": _("jednou to oznámíme a pak neodpovídáme"),
    "stop": _("nezačneme nové zprávy, odpovídáme dál"),
    "alarm": _("upozornění tady, formuláře požádají o potvrzení"),
}
# What concerns no office: only the operator sees it.
_OF_OPERATOR = ("sign_in", "gateway_refusals", "wrong_codes_of_program")


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit as the page shows it."""

    title: object
    network: object
    figure: int
    period: object
    then: object
    counted: int | None
    reached: int | None


@staff("manager")
@require_safe
def limits(request: StaffRequest) -> HttpResponse:
    """Show the limits of the office; to the operator, those of the installation too."""
    official = request.official
    rows = list(_rows(official.office.id, clock.now(), operator=official.operator))
    return office_page(request, "limits", "admin-limits", {"rows": rows})


def _rows(office_id: int, now: datetime, *, operator: bool) -> Iterator[LimitRow]:
    for one in rate_limits.all_limits(now, None if operator else office_id):
        if operator or not one.limit.name.startswith(_OF_OPERATOR):
            yield _row(one)


def _row(one: LimitNow) -> LimitRow:
    name, limit = one.limit.name, one.limit
    suffix = next((suffix for suffix in NETWORKS if name.endswith(suffix)), "")
    return LimitRow(
        title=TITLES[name.removesuffix(suffix)],
        network=NETWORKS.get(suffix, ""),
        figure=limit.figure,
        period=PERIODS[limit.period],
        then=THEN[limit.then],
        counted=one.counted,
        reached=one.reached,
    )
