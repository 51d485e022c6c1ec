"""An office that is not ready: who sees it, at every door, and when it becomes public."""

from dataclasses import replace

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.store import accounts, models, offices
from prepazka.web import first_steps
from tests.web.conftest import NOW, bind, gateway
from tests.web.staff import FOREIGN, OPERATOR, SignedIn

DOORS = [
    "/demo/",
    "/demo/book/",
    "/demo/book/ZOP/",
    "/demo/book/ZOP/2026-08-10/14-00/",
    "/demo/cancel/",
    "/demo/move/",
    "/demo/board/",
    "/demo/privacy/",
    "/demo/accessibility/",
    "/api/v1/offices/demo/services",
    "/api/v1/offices/demo/slots?service=ZOP&date=2026-08-10",
    "/api/v1/offices/demo/board",
]


@pytest.fixture
def unfinished(office: Office) -> Office:
    """An office that says nothing, and lacks a gateway and a clerk."""
    settings = replace(office.settings, public_unfinished=False)
    return offices.load(offices.keep(replace(office, settings=settings), NOW, "test"))


@pytest.mark.parametrize("door", DOORS)
def test_the_public_sees_nothing_of_it(client: Client, unfinished: Office, door: str) -> None:
    answer = client.get(door)
    assert answer.status_code == 404
    if not door.startswith("/api/"):
        assert "Úřad se teprve připravuje" in answer.content.decode().replace("\xa0", " ")


def test_the_first_page_does_not_name_it(client: Client, unfinished: Office) -> None:
    page = client.get("/")
    assert (page.status_code, unfinished.name in page.content.decode()) == (200, False)


@pytest.mark.parametrize(
    ("who", "sees"), [("clerk", True), ("administrator", True), (OPERATOR, True), (FOREIGN, False)]
)
def test_who_works_there_sees_its_pages(signed_in: SignedIn, unfinished: Office, who: str, sees: bool) -> None:
    assert signed_in(who).get("/demo/").status_code == (200 if sees else 404)


def test_it_is_public_once_its_steps_are_done(client: Client, unfinished: Office) -> None:
    gateway("brana", "token-of-this-gateway")
    bind(unfinished.numbers[0], "brana")
    assert client.get("/demo/").status_code == 404
    clerk = accounts.open_account("ujcova", make_password(None), NOW, "test")
    accounts.appoint(clerk, unfinished.id, "clerk", NOW, "test")
    assert first_steps.is_public(offices.load(unfinished.id))
    assert [client.get(door).status_code for door in DOORS if "14-00" not in door] == [200] * (len(DOORS) - 1)


def test_it_is_public_when_it_says_so(client: Client, office: Office) -> None:
    assert office.settings.public_unfinished
    assert models.Official.objects.count() == 0
    assert client.get("/demo/").status_code == 200
