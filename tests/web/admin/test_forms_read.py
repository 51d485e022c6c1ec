"""How forms of the administration read: what a button deletes is named, and a tick is followed by what it means."""

import re
from dataclasses import replace
from datetime import date, time

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import ExtraDay, Hours, Office
from prepazka.store import offices
from tests.web.conftest import NOW
from tests.web.staff import SignedIn
from tests.web.test_every_page import signed_in_page


@pytest.fixture
def client(signed_in: SignedIn, office: Office) -> Client:
    first = replace(office.agendas[0], extra_days=(ExtraDay(date(2026, 9, 5), Hours(time(9), time(11), 20, 1)),))
    offices.keep(replace(office, agendas=(first, *office.agendas[1:])), NOW)
    return signed_in("administrator")


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("agendas/doklady/hours/1", "Smazat tyto hodiny"),
        ("agendas/doklady/extra-days/0", "Smazat tento mimořádný den"),
        ("agendas/evidence", "Smazat „Evidence obyvatel“"),
        ("counters/prepazka-2", "Smazat „Přepážka 2“"),
    ],
)
def test_a_button_names_what_it_deletes_and_nothing_greater(client: Client, path: str, button: str) -> None:
    page = client.get(f"/demo/admin/{path}").content.decode().replace("\u00a0", " ")
    assert re.findall(r'<button class="danger"[^>]*>([^<]*)</button>', page) == [button]


def test_a_tick_comes_before_what_it_means(client: Client) -> None:
    page = client.get("/demo/admin/rules").content.decode()
    found = re.search(r'<input (?P<box>[^>]*id="id_proof_of_work"[^>]*)>(?P<after>.*?)</div>', page, re.DOTALL)
    assert found
    assert found["after"].index("<label") < found["after"].index("Bez obrázků")
    assert 'aria-describedby="id_proof_of_work_helptext"' in found["box"]


def test_what_deletes_stands_apart_from_what_saves(
    client: Client, browser: Browser, live_server: LiveServer, signed_in: SignedIn
) -> None:
    page = signed_in_page(browser, live_server, signed_in, "cs", scripts=False)
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto("/demo/admin/agendas/evidence")
    expect(page.locator("button.danger")).to_be_visible()
    deleting, before = page.locator("button.danger").bounding_box(), page.locator(".actions a.quiet").bounding_box()
    assert deleting
    assert before
    assert deleting["x"] - (before["x"] + before["width"]) >= 32
    page.context.close()
