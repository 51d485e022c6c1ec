"""The pages in a real browser, with a mouse, a keyboard or a screen reader."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.store import models
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_focus_is_always_seen, assert_nothing_is_cut
from tests.web.conftest import ME

pytestmark = pytest.mark.usefixtures("office")

PAGES = ["/", "/phone/demo/", "/nowhere/"]


def write(page: Page, text: str) -> str:
    """Send a message by the button; the reply."""
    replies = page.locator("#conversation .office p")
    before = replies.count()
    page.get_by_label("Zpráva").fill(text)
    page.get_by_role("button", name="Odeslat").click()
    expect(replies).to_have_count(before + 1)
    return replies.last.inner_text()


def test_a_citizen_books_asks_and_cancels_on_the_phone(page: Page) -> None:
    page.goto("/phone/")
    confirmed = write(page, "OBJ ZOP 10.8. 14:00 NOVAK")
    booking = models.Booking.objects.get()
    assert booking.code in confirmed
    assert "8:00" in write(page, "TERMIN ZOP 10.8.")
    assert "OBJ" in write(page, "POMOC")
    assert "ZOP" in write(page, "HELP ZKR")
    (code,) = set(re.findall(r"\b\d{6}\b", confirmed))
    write(page, f"STORNO {code} 10.8.")
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert booking.sender == ME
    page.reload()
    expect(page.locator("#conversation .citizen")).to_have_count(5)
    expect(page.locator("#conversation .office")).to_have_count(5)


def test_the_phone_works_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/phone/")
    page.get_by_role("link", name="OBJ ZOP PRIJMENI", exact=True).click()
    page.get_by_label("Zpráva").fill("OBJ ZOP NOVAK")
    page.get_by_role("button", name="Odeslat").click()
    expect(page.locator("#conversation .office")).to_have_count(1)
    assert models.Booking.objects.get().sender == ME
    context.close()


def test_a_suggestion_waits_to_be_sent(page: Page) -> None:
    page.goto("/phone/")
    page.get_by_role("link", name="OBJ ZOP PRIJMENI", exact=True).click()
    expect(page.get_by_label("Zpráva")).to_have_value("OBJ ZOP PRIJMENI")
    expect(page.get_by_label("Zpráva")).to_be_focused()
    assert models.Inbound.objects.count() == 0


def test_another_number_has_another_conversation(page: Page) -> None:
    page.goto("/phone/")
    write(page, "MOJE")
    page.get_by_role("button", name="+420 602 111 222").click()
    expect(page.locator("#conversation .citizen")).to_have_count(0)
    write(page, "ZKR")
    page.get_by_label("Vaše číslo").fill(ME)
    page.get_by_role("button", name="Použít").click()
    expect(page.locator("#conversation .citizen")).to_have_count(1)
    expect(page.locator("#conversation .citizen p")).to_have_text("MOJE")


def test_the_last_message_is_in_sight(page: Page) -> None:
    page.goto("/phone/")
    for text in ("POMOC", "ZKR", "MOJE", "TERMIN ZOP 10.8."):
        write(page, text)
    expect(page.locator("#conversation .office").last).to_be_in_viewport(ratio=1)


def test_the_number_leads_to_the_telephones_own_messages(page: Page, office: Office) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="+420 739 547 765")).to_have_attribute("href", f"sms:{office.numbers[0]}")


def test_the_phone_is_operated_by_keyboard_alone(page: Page) -> None:
    page.goto("/phone/demo/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Přejít k obsahu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("log")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Zpráva")).to_be_focused()
    page.keyboard.type("POMOC")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation .office")).to_have_count(1)
    expect(page.get_by_label("Zpráva")).to_be_focused()
    for name in ("Odeslat", "Vaše číslo", "Použít"):
        page.keyboard.press("Tab")
        focused = page.get_by_label(name) if name == "Vaše číslo" else page.get_by_role("button", name=name)
        expect(focused).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
def test_focus_is_always_seen(page: Page, path: str) -> None:
    page.goto(path)
    assert_focus_is_always_seen(page)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_scrolled_sideways_or_cut(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    if path.startswith("/phone/"):
        page.goto(path)
        write(page, "OBJ ZOP 10.8. 14:00 " + "Nováková-" * 6 + "X")
        write(page, "x" * 300)
    page.goto(path)
    assert_nothing_is_cut(page)
    page_end = page.evaluate("document.querySelector('footer').getBoundingClientRect().bottom + scrollY")
    assert page.evaluate("document.documentElement.scrollHeight") <= max(page_end, 640) + 1


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_against_accessibility(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(path)
    if path.startswith("/phone/"):
        write(page, "OBJ ZOP 10.8. 14:00 NOVAK")
    assert_accessible(page)


def test_axe_finds_nothing_against_a_form_that_is_wrong(page: Page) -> None:
    page.goto("/phone/demo/")
    page.locator("#write").evaluate("form => { form.noValidate = true; form.submit(); }")
    expect(page.get_by_role("alert")).to_have_text("Napište zprávu.")
    assert_accessible(page)
