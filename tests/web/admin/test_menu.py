"""The menu of the administration: in groups, with the page marked, one line on a telephone, also without scripts."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.web.admin.menu import MENU
from tests.web.browsing import NARROW, assert_accessible, assert_nothing_is_cut
from tests.web.staff import SignedIn
from tests.web.test_authorisation import OF_OFFICE, address


def menus(client: Client, path: str) -> list[str]:
    page = client.get(path).content.decode()
    return re.findall(r'<nav class="side.*?</nav>', page, re.DOTALL)


def test_every_entry_stands_once_and_leads_somewhere(signed_in: SignedIn) -> None:
    client = signed_in("operator")
    addresses = [entry.address for _group, entries in MENU for entry in entries]
    assert len(addresses) == len(set(addresses))
    [menu] = menus(client, "/demo/admin/")
    links = re.findall(r'href="([^"]+)"', menu)
    assert len(links) == len(set(links)) == len(addresses)
    assert {client.get(link).status_code for link in links} == {200}


def test_every_page_of_the_administration_marks_its_entry(signed_in: SignedIn) -> None:
    client = signed_in("operator")
    unmarked = []
    for route, pattern in OF_OFFICE:
        path = address(route, pattern)
        if not path.startswith("/demo/admin/"):
            continue
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        found = menus(client, path)
        if [one.count('aria-current="page"') for one in found] != [1]:
            unmarked.append(path)
        assert len(re.findall(r"<details open>", found[0])) <= 1
    assert unmarked == []


@pytest.mark.parametrize(
    ("who", "seen", "not_seen"),
    [
        ("manager", ["Dnes", "Výkazy", "Uzavření"], ["Činnosti", "Objednávání"]),
        ("administrator", ["Objednávání", "Sál", "Činnosti"], []),
        ("officer", ["Registr nahlížení"], ["Výkazy", "Statistiky", "<h2>Výkazy"]),
    ],
)
def test_who_may_less_sees_less(signed_in: SignedIn, who: str, seen: list[str], not_seen: list[str]) -> None:
    for menu in menus(signed_in(who), "/demo/admin/register" if who == "officer" else "/demo/admin/hall/"):
        assert [words for words in seen if words not in menu] == []
        assert [words for words in not_seen if words in menu] == []


def test_on_a_telephone_it_is_one_line_until_it_is_touched(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, office: Office
) -> None:
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": NARROW, "height": 740}
    )
    session = signed_in("administrator").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/demo/admin/services/")
    menu = page.locator("nav.side:visible")
    expect(menu).to_have_count(1)
    box = menu.bounding_box()
    assert box
    assert box["height"] <= 56
    expect(page.get_by_role("link", name="Kiosky")).to_be_hidden()
    menu.get_by_text("Správa: Činnosti").click()
    expect(menu.get_by_role("link", name="Pravidla")).to_be_visible()  # its group is open
    expect(menu.get_by_role("link", name="Kiosky")).to_be_hidden()
    menu.get_by_text("Sál", exact=True).click()
    menu.get_by_role("link", name="Kiosky").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiosky")
    context.close()


def test_beside_the_page_all_of_it_is_open_and_its_headings_are_no_buttons(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, office: Office
) -> None:
    """What a reader's program finds, without scripts: every link, the names of the groups as headings, no fold."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    session = signed_in("administrator").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/demo/admin/services/")
    menu = page.get_by_role("navigation", name="Správa úřadu")
    entries = [entry for _group, entries in MENU for entry in entries]
    expect(menu.get_by_role("link")).to_have_count(len(entries))
    for title, _entries in MENU:
        expect(menu.get_by_role("heading", name=str(title), exact=True)).to_be_visible()
    expect(menu.locator("summary:visible")).to_have_count(0)
    menu.get_by_role("heading", name="Sál").dispatch_event("click")
    expect(menu.get_by_role("link", name="Kiosky")).to_be_visible()
    reached = []
    menu.get_by_role("link", name="Přehled", exact=True).focus()
    for _entry in entries[1:]:
        page.keyboard.press("Tab")
        reached.append(page.locator(":focus").inner_text().replace("\xa0", " "))
    assert reached == [str(entry.title) for entry in entries[1:]]
    context.close()


def test_it_is_for_everybody_at_both_widths(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, office: Office
) -> None:
    context = browser.new_context(base_url=live_server.url)
    session = signed_in("administrator").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    for width in (NARROW, 1280):
        page.set_viewport_size({"width": width, "height": 720})
        page.goto("/demo/admin/counters/")
        if width == NARROW:
            page.locator("nav.side:visible summary").first.click()
        assert_accessible(page)
        assert_nothing_is_cut(page)
    context.close()
