"""The week of free times on a telephone: the days in a row, and the times of one of them, also without scripts."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.store import models
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_nothing_is_cut
from tests.web.conftest import HandIn, message

TIMES = "/demo/book/PTP/"
DAY = re.compile(r"^středa 5\. 8\. 2026, volných časů: \d+$")


def days_shown(page: Page) -> list[str]:
    return [one.replace("\N{NO-BREAK SPACE}", " ") for one in page.locator(".week h3:visible").all_inner_texts()]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_telephone_shows_the_times_of_one_day(
    office: Office, browser: Browser, live_server: LiveServer, *, scripts: bool
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": NARROW, "height": 740}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(TIMES)
    assert days_shown(page) == ["pondělí 3. 8. 2026"]
    page.get_by_role("link", name=DAY).click()
    assert days_shown(page) == ["středa 5. 8. 2026"]
    if scripts:
        assert_accessible(page)
    assert_nothing_is_cut(page)
    page.get_by_role("link", name="13:00 středa 5. 8. 2026").click()
    expect(page.get_by_label("Příjmení")).to_be_visible()
    page.go_back()
    assert days_shown(page) == ["středa 5. 8. 2026"]
    context.close()


def test_a_wide_screen_shows_the_whole_week(office: Office, browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url, viewport={"width": WIDE, "height": 740})
    page = context.new_page()
    page.goto(f"{TIMES}#on-3")
    assert len(days_shown(page)) == 7
    expect(page.locator(".days")).to_be_hidden()
    context.close()


def test_so_does_moving_a_booking(hand_in: HandIn, client: Client) -> None:
    assert hand_in(message(text="OBJ PTP 5.8. 13:00 ZEMANOVA")).status_code == 202
    code = models.Booking.objects.get().code
    page = client.post("/demo/move/", {"code": code, "day": "5. 8. 2026"}).content.decode()
    assert page.count('<li class="chosen"><a href="#on-1">') == 1
    assert page.count('" class="chosen" aria-labelledby="day-1">') == 1
