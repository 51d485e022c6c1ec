"""An office that has moved to another installation says so at every address, and takes down nothing of the others."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.flows import moving
from prepazka.store import models, offices
from tests.offices import demo_office
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW, HandIn, message
from tests.web.staff import SignedIn

OTHER = "+420739000017"
SAYS = "Objednávky tohoto úřadu jsou jinde"


@pytest.fixture
def administrator(office: Office, signed_in: SignedIn) -> Client:
    """One who was signed in before the office moved."""
    found = signed_in("administrator")
    found.raise_request_exception = False
    return found


@pytest.fixture(autouse=True)
def moved(office: Office, administrator: Client, hand_in: HandIn, tmp_path: Path) -> None:
    """Beside the office of these tests, which moved away, another one works; one gateway serves both."""
    other = replace(demo_office(), slug="hlinsko", name="Město Hlinsko", numbers=(OTHER,), gateways={OTHER: "first"})
    offices.keep(other, NOW)
    moving.export_office(office.id, tmp_path / "away.zip", NOW, "test", close=True)


@pytest.fixture
def client(client: Client) -> Client:
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("page", ["", "move/", "cancel/", "board/", "kiosk/", "privacy/"])
def test_citizens_are_told_where_to_ask(client: Client, page: str) -> None:
    answer = client.get(f"/demo/{page}")
    assert (answer.status_code, SAYS in answer.content.decode()) == (410, True)
    client.cookies["language"] = "en"
    assert "The appointments of this office are elsewhere" in client.get(f"/demo/{page}").content.decode()


@pytest.mark.parametrize("page", ["admin/", "admin/report/", "desk/"])
def test_so_are_its_officials(administrator: Client, page: str) -> None:
    answer = administrator.get(f"/demo/{page}")
    assert (answer.status_code, SAYS in answer.content.decode()) == (410, True)
    assert administrator.get("/account/").status_code == 200


def test_nothing_is_booked_or_cancelled_there(client: Client) -> None:
    before = models.Booking.objects.count()
    form = {"service": "ZOP", "start": "2026-08-10 14:00", "name": "Lhotová", "code": "123456", "day": "2026-08-10"}
    for page in ("ZOP/book/", "cancel/", "move/"):
        assert client.post(f"/demo/{page}", form).status_code in {404, 410}
    assert models.Booking.objects.count() == before


def test_programs_are_told_too_and_its_messages_are_refused(client: Client, hand_in: HandIn) -> None:
    answer = client.get("/api/v1/offices/demo/slots?service=ZOP&date=2026-08-10")
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    assert "moved to another installation" in answer.json()["detail"]
    assert hand_in([message("a")]).status_code == 403
    assert [one["outcome"] for one in hand_in([message("b", to=OTHER)]).json()] == ["booked"]


def test_the_others_go_on(client: Client) -> None:
    listed = client.get("/")
    assert (listed.status_code, "Město Hlinsko" in listed.content.decode()) == (200, True)
    assert client.get("/hlinsko/").status_code == 200


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_page_is_for_everybody(browser: Browser, live_server: LiveServer, width: int) -> None:
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 720})
    page = context.new_page()
    page.goto("/demo/")
    expect(page.get_by_role("heading", name=SAYS)).to_be_visible()
    assert_accessible(page)
    assert_nothing_is_cut(page)
    context.close()
