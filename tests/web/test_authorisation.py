"""Access to pages: every address, requested by every kind of user. A new page cannot be forgotten here."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from prepazka.core.office.roles import ROLES, Role, enough
from prepazka.store import models
from prepazka.web.when_asked import Page
from tests.web.staff import FOREIGN, OPERATOR, SignedIn

# Everybody's: pages for citizens, doors for programs that prove themselves otherwise, and what watches the service.
PUBLIC = {
    "prepazka.web.board.views",
    "prepazka.web.board.screens",  # shows what the board shows; asks the device itself (tests/web/board)
    "prepazka.web.kiosk",  # asks for the device, not for the person (tests/web/kiosk)
    "prepazka.web.booking.views",
    "prepazka.web.booking.move",
    "prepazka.web.booking.done",  # its address is signed (tests/web/booking)
    "prepazka.web.pages",
    "prepazka.web.statements",
    "prepazka.web.phone",
    "prepazka.web.health",
    "prepazka.web.gateways",
    "prepazka.web.security_txt",
}
PUBLIC_VIEWS = {
    "prepazka.web.metrics.metrics",  # asks for its token or address (tests/web/test_metrics.py)
    "prepazka.web.account.sign_in.SignIn",
    "prepazka.web.account.sign_in.PasskeySignIn",
    "prepazka.web.account.sign_in.SecondStep",
    "prepazka.web.account.sign_in.sign_out",
    "prepazka.web.account.first_operator.first",  # asks for its link (tests/web/account/test_first_operator.py)
    "prepazka.web.account.single_sign_on.to_provider",
    "prepazka.web.account.single_sign_on.callback",
    "prepazka.web.account.single_sign_on.link",
}
# The office's administrator may open these only as the operator of the installation.
OPERATORS = {
    "admin-gateway",
    "admin-gateway-new",
    "admin-strays",
    "admin-token",
    "admin-token-new",
    "new-office",
    "admin-close-down",
    "closed-offices",
    "closed-office",
    "account-events",
    "account-register",
}
# There is none of these in the demo office: an official who may see one gets 404.
MISSING = {
    "admin-forecast-chart",  # nothing is known of last year
    "admin-screen-pair",
    "admin-screen-remove",
    "admin-gateway",
    "admin-token",
    "admin-extra-day",
    "admin-closure",
    "admin-kiosk",
    "admin-kiosk-pair",
    "admin-kiosk-test",
    "desk-cancel",
    "desk-person",
    "desk-move",
    "desk-note",
    "desk-service",
    "desk-take-out",
    "desk-check-in",
    "desk-slip",
    "desk-figures",  # measured only where the office wants it (tests/web/desk/test_own_figures.py)
    "desk-inbox",  # switched off there, until an office wants it (tests/web/desk/test_inbox.py)
    "desk-inbox-count",
    "desk-inbox-thread",
    "desk-inbox-answer",
    "desk-inbox-done",
    "desk-inbox-reopen",
    "admin-answer",
    "admin-synonym",
    "admin-user-link",  # there is no provider (tests/web/account/test_single_sign_on.py)
    "admin-invitation-withdraw",
    "join",
}
# What stands in an address, by its name or where that differs by the page's.
VALUES = {
    "slug": "demo",
    "number": "0",
    "message": "0",
    "language": "cs",
    "kind": "hosted",
    "username": "clerk",
    "booking": "0",
    "kiosk": "0",
    "screen": "0",
    "slide": "0",
    "key": "prepazka-1",
    "invitation": "0",
    "code": "ZOP",
    "day": "2026-08-10",
    "at": "14-00",
    "token": "none",
    "signed": "none",
    "session": "0",
    "pk": "0",
}
VALUES_OF = {
    "closed-office": {"name": "none"},
    "admin-number": {"name": "+420739547765"},
    "admin-agenda": {"name": "doklady"},
    "admin-hours": {"agenda": "doklady", "name": "0"},
    "admin-hours-new": {"agenda": "doklady"},
    "admin-hours-copy": {"agenda": "doklady"},
    "admin-extra-day": {"agenda": "doklady", "name": "0"},
    "admin-extra-day-new": {"agenda": "doklady"},
    "admin-service": {"name": "ZOP"},
    "admin-service-move": {"name": "ZOP"},
    "admin-agenda-move": {"name": "doklady"},
    "admin-answer": {"name": "0"},
    "admin-counter": {"name": "prepazka-1"},
    "admin-counter-move": {"name": "prepazka-1"},
    "admin-token": {"name": "modem"},
    "admin-text": {"name": "booked"},
    "admin-gateway": {"name": "modem"},
    "admin-chart": {"name": "booked"},
    "admin-table": {"name": "booked"},
    "admin-forecast-chart": {"name": "doklady"},
    "admin-report-chart": {"name": "capacity"},
    "admin-report-raw": {"name": "visits"},
}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with its view."""
    for pattern in resolver.url_patterns:
        here = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, here)
        else:
            yield here, pattern


ALL = list(patterns(get_resolver()))
STAFF = [(route, pattern) for route, pattern in ALL if hasattr(pattern.callback, "least_role")]
OF_OFFICE = [(route, pattern) for route, pattern in STAFF if route.startswith("<slug:slug>/")]


def address(route: str, pattern: URLPattern) -> str:
    values = VALUES | VALUES_OF.get(str(pattern.name), {})
    for piece in [piece.split(">")[0] for piece in route.split("<")[1:]]:
        name = piece.split(":")[-1]
        assert name in values, f"say in VALUES_OF what {name} of {route} may be"
        route = route.replace(f"<{piece}>", values[name])
    return f"/{route}"


def least(pattern: URLPattern) -> Role:
    role: Role = pattern.callback.least_role  # type: ignore[attr-defined]  # those of STAFF have it
    return role


def suffices(who: str, needed: Role) -> bool:
    return who == OPERATOR or enough(next(role for role in ROLES if role == who), needed)


def unguarded() -> Iterator[str]:
    for route, pattern in ALL:
        view = pattern.callback.view() if isinstance(pattern.callback, Page) else pattern.callback
        view = getattr(view, "func", view)
        public = route.startswith("api/") or any(view.__module__.startswith(public) for public in PUBLIC)
        named = f"{view.__module__}.{getattr(getattr(view, 'view_class', view), '__name__', '')}"
        if not (hasattr(view, "least_role") or public or named in PUBLIC_VIEWS):
            yield route


def test_every_page_is_everybodys_or_asks_who_is_there() -> None:
    assert list(unguarded()) == []
    assert len(OF_OFFICE) > 30


def test_nobody_is_sent_to_sign_in(officials: object, client: Client) -> None:
    for route, pattern in STAFF:
        for method in ("get", "post"):
            answer = getattr(client, method)(address(route, pattern))
            redirect = (answer.status_code, answer.headers.get("Location", "").split("?")[0])
            assert redirect == (302, "/account/sign-in"), (method, route)


@pytest.mark.parametrize("who", [*ROLES, FOREIGN, OPERATOR])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_opens_to_those_whose_role_suffices_and_to_no_others(signed_in: SignedIn, who: str, method: str) -> None:
    client = signed_in(who)
    for route, pattern in OF_OFFICE:
        status = getattr(client, method)(address(route, pattern)).status_code
        if who == FOREIGN:
            expected = {404}
        elif not suffices(who, least(pattern)) or (pattern.name in OPERATORS and who != OPERATOR):
            expected = {403}
        elif pattern.name in MISSING:
            expected = {302, 404} if hasattr(pattern.callback, "post_only") and method == "get" else {404, 405}
        else:
            expected = {200, 302, 405}
        assert status in expected, (route, status)


@pytest.mark.parametrize("who", ["clerk", "administrator", FOREIGN])
def test_only_the_operator_founds_offices(signed_in: SignedIn, who: str) -> None:
    fields = {"slug": "mine", "name": "Můj úřad", "administrator": who}
    assert signed_in(who).get("/account/new-office").status_code == 403
    assert signed_in(who).post("/account/new-office", fields).status_code == 403
    assert not models.Office.objects.filter(slug="mine").exists()


def test_an_office_that_is_not_there_looks_like_a_foreign_one(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    for route, pattern in OF_OFFICE:
        page = address(route, pattern).replace("/demo/", "/nowhere/", 1)
        assert client.get(page).status_code == 404, route


def test_no_form_is_taken_from_elsewhere(signed_in: SignedIn) -> None:
    client = signed_in(OPERATOR, enforce_csrf_checks=True)
    for route, pattern in STAFF:
        assert client.post(address(route, pattern)).status_code == 403, route
