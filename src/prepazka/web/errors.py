"""Errors: pages for people, problem+json for programs."""

import sys
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext_lazy as _

from prepazka.store.database_errors import DATABASE_AWAY
from prepazka.store.office_rows import UnreadableOffice
from prepazka.store.offices import MovedOffice
from prepazka.web import clock, form_owner, sent_again, ways_back
from prepazka.web.first_steps import NotPublic
from prepazka.web.headers import GetResponse
from prepazka.web.problems import PREFIX, Problem, problem_of_status
from prepazka.web.untold_https import untold_https

_WORDS = {
    HTTPStatus.BAD_REQUEST: (
        _("Požadavku nerozumíme"),
        _("Prohlížeč nám poslal něco, co neumíme přečíst. Vraťte se prosím na předchozí stránku a zkuste to znovu."),
    ),
    HTTPStatus.FORBIDDEN: (
        _("Na tuto stránku nemáte oprávnění"),
        _("Stránku vidí jen vyšší role, než jakou máte. Přidělit vám ji může správce vašeho úřadu."),
    ),
    HTTPStatus.NOT_FOUND: (
        _("Stránka tu není"),
        _("Adresa je možná napsaná s překlepem, nebo jsme stránku přesunuli."),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        _("Sem se formulář poslat nedá"),
        _("Nic jsme neudělali. Otevřete prosím stránku znovu a vyplňte formulář, který na ní je."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        _("Posíláte příliš mnoho najednou"),
        _("Tolik dat od vás přijmout nemůžeme. Zkraťte prosím text, nebo vyberte menší soubor."),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        _("Omlouváme se, stránku teď nelze zobrazit"),
        _("Chyba je na naší straně. Zkuste to prosím za chvíli znovu; objednat se můžete i zprávou SMS."),
    ),
}


# Seconds after which a client should try again while the database is away.
_RETRY_AFTER = 30

# The program that shows the pages also answers the messages: no SMS is promised here.
_UNAVAILABLE = (
    _("Omlouváme se, stránku teď nelze zobrazit"),
    _("Chyba je na naší straně. Zkuste to prosím za chvíli znovu."),
    # Nobody can be known as the operator now, and the reason is nobody else's.
    _("Správce serveru: příčinu i nápravu vypíše příkaz prepazka check."),
)

_WRONG_HOST = (
    _("Na této adrese stránky úřadu nejsou"),
    _(
        "Použijte prosím adresu, kterou úřad zveřejnil. Správce serveru tuto adresu povolí v nastavení PREPAZKA_HOSTS; "
        "odmítnuté adresy vypíše příkaz prepazka check."
    ),
)

_BUSY = (
    _("Právě se přihlašuje mnoho lidí"),
    _("Heslo teď nemůžeme ověřit. Zkuste to prosím za několik vteřin znovu."),
)
# Seconds after which a password can be tried again.
_BUSY_RETRY_AFTER = 5

_NOT_PUBLIC = (
    _("Úřad se teprve připravuje"),
    _("Objednávání přes tyto stránky ještě nezačalo. Obraťte se prosím na úřad osobně nebo telefonem."),
)

_MOVED = (
    _("Objednávky tohoto úřadu jsou jinde"),
    _("Úřad přešel na jinou adresu a tady už nic nepřijímá ani neruší. Novou adresu najdete na jeho webu."),
)

_SOMEBODY_ELSES = (
    _("Formulář patří někomu jinému"),
    _(
        "Stránku s formulářem otevřel jiný uživatel, než kdo je teď v tomto prohlížeči přihlášen. Nic se neuložilo a "
        "vyplněný formulář jsme zahodili. Chcete-li ho odeslat pod svým jménem, vyplňte ho prosím znovu."
    ),
)

_EXPIRED = (
    _("Platnost stránky vypršela"),
    _("Stránka platí jen po určitou dobu. Vraťte se prosím, načtěte ji znovu a odešlete ještě jednou."),
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 400."""
    return _error_page(request, HTTPStatus.BAD_REQUEST)


def wrong_host(request: HttpRequest) -> HttpResponse:
    """Return 400 for a host name that pages do not answer to."""
    if request.path.startswith(PREFIX):
        detail = "This host name is not answered here; the operator allows it by PREPAZKA_HOSTS."
        return Problem(HTTPStatus.BAD_REQUEST, detail).response
    # No link: it would lead to the very address that is not answered.
    return _render(request, HTTPStatus.BAD_REQUEST, _WRONG_HOST, stands={"looks": "web/base.html"})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 403: the user is known, but may not do this, or not by a form that was somebody else's."""
    if isinstance(exception, form_owner.SomebodyElsesForm):
        return _render(request, HTTPStatus.FORBIDDEN, _SOMEBODY_ELSES)
    return _error_page(request, HTTPStatus.FORBIDDEN)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return 403 for a form whose token has expired; of a page of ours it can be sent again as it is."""
    untold_https.look_at(request, clock.now())
    with suppress(*DATABASE_AWAY):  # then it is found out when the form is sent again
        if request.user.is_authenticated and form_owner.is_somebody_elses(request):
            return _render(request, HTTPStatus.FORBIDDEN, _SOMEBODY_ELSES)
    if sent_again.can_be(request):
        return sent_again.page(request, ways_back.find(request), form_owner.of_form(request))
    return _render(request, HTTPStatus.FORBIDDEN, _EXPIRED)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 404; or lead a reader who typed a slash too many to the page without it.

    `APPEND_SLASH` helps only those who left one out.
    """
    if isinstance(exception, NotPublic):
        return _render(request, HTTPStatus.NOT_FOUND, _NOT_PUBLIC)
    if request.method in {"GET", "HEAD"} and request.path_info.endswith("/"):
        without = request.path_info.rstrip("/")
        if is_valid_path(without) and not is_valid_path(request.path_info):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(escape_leading_slashes(without) + (f"?{query}" if query else ""))
    return _error_page(request, HTTPStatus.NOT_FOUND)


def explain_methods(get_response: GetResponse) -> GetResponse:
    """Middleware: say in words that an address does not take a method, to people and to programs of the API.

    The framework's answer is empty, a blank page in a browser. Programs other than those of the API get it as it is.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        people = "text/html" in request.headers.get("Accept", "")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not (people or request.path.startswith(PREFIX)):
            return response
        explained = _error_page(request, HTTPStatus.METHOD_NOT_ALLOWED)
        explained["Allow"] = response["Allow"]
        return explained

    return middleware


def too_large(request: HttpRequest) -> HttpResponse:
    """Return 413: the body is longer than its sender may send. The user is not known yet."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return _render(request, status, _WORDS[status], stands=ways_back.by_address(request))


def busy(request: HttpRequest) -> HttpResponse:
    """Return 503: too many passwords are being checked."""
    stands = ways_back.by_address(request)
    response = _render(request, HTTPStatus.SERVICE_UNAVAILABLE, _BUSY, stands=stands)
    response["Retry-After"] = str(_BUSY_RETRY_AFTER)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500; 503 while the database is away or the office unreadable, 410 for one that moved.

    The page of a fault needs neither the database nor a context processor.
    """
    if isinstance(sys.exc_info()[1], MovedOffice):
        return _render(request, HTTPStatus.GONE, _MOVED)
    stands = ways_back.by_address(request)
    if request.method == "GET":
        stands["again"] = request.get_full_path()
    if isinstance(sys.exc_info()[1], (*DATABASE_AWAY, UnreadableOffice)):
        response = _render(request, HTTPStatus.SERVICE_UNAVAILABLE, _UNAVAILABLE, stands=stands)
        response["Retry-After"] = str(_RETRY_AFTER)
        return response
    words = _WORDS[HTTPStatus.INTERNAL_SERVER_ERROR] if ways_back.is_citizens(request) else _UNAVAILABLE[:2]
    return _render(request, HTTPStatus.INTERNAL_SERVER_ERROR, words, stands=stands)


def _error_page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return _render(request, status, _WORDS[status])


def _render(
    request: HttpRequest, status: HTTPStatus, words: tuple[object, ...], stands: dict[str, Any] | None = None
) -> HttpResponse:
    """Return the page. words: its title, what it says, and perhaps a sentence for the operator.

    stands: where it stands, otherwise as `ways_back.find` finds.
    """
    if request.path.startswith(PREFIX):
        return problem_of_status(status).response
    context: dict[str, Any] = dict(zip(("title", "words", "for_operator"), words, strict=False))
    context |= ways_back.find(request) if stands is None else stands
    return render(request, "web/error.html", context, status=status)
