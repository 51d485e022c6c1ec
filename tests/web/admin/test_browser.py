"""The administration in a real browser: accessible, on a telephone, by keyboard and without scripts."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.credentials import PURPOSES, scope_of
from prepazka.core.office.office import Closure, ExtraDay, Hours, Office
from prepazka.flows.inbound.intake import store
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import memberships, models, offices, tokens
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_focus_is_always_seen, assert_nothing_is_cut
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.staff import OPERATOR, PASSWORD, SignedIn

# What the administrator, who sees less than the operator, sees otherwise, and what no address of the program shows by
# itself: tests/web/test_every_page.py goes through all the others.
PAGES = ["", "agendas/doklady/hours/copy?day=&agendas=evidence", "users/clerk", "delivery/", "rules"]


@pytest.fixture
def lived_in(officials: object, office: Office) -> Office:
    """The demo office with something on every page."""
    agenda = replace(office.agendas[0], extra_days=(ExtraDay(date(2026, 8, 15), Hours(time(9), time(12), 15, 1)),))
    closure = Closure(date(2026, 8, 24), date(2026, 8, 25), "Sanitární den")
    office = replace(office, agendas=(agenda, *office.agendas[1:]), closures=(closure,))
    offices.keep(office, NOW, "administrator")
    receive([Inbound("phone", "1", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    receive([Inbound("phone", "2", ME, NUMBER, "x" * 160)], NOW)
    models.Outbound.objects.filter(kind="reply").update(state="failed", due_at=None)
    return offices.load(office.id)


def sign_in(page: Page, name: str = "administrator") -> None:
    page.goto("/account/sign-in?next=/demo/admin/")
    page.get_by_label("Přihlašovací jméno").fill(name)
    page.get_by_label("Heslo").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Přehled")).to_be_visible()


@pytest.mark.usefixtures("lived_in")
def test_every_page_is_for_everybody(page: Page) -> None:
    page.goto("/account/sign-in")
    assert_for_everybody(page)
    sign_in(page)
    for path in ["/account/", "/account/password", *(f"/demo/admin/{path}" for path in PAGES)]:
        page.goto(path)
        assert_for_everybody(page)


@pytest.mark.usefixtures("lived_in")
def test_so_are_the_pages_of_credentials(
    page: Page, office: Office, signed_in: SignedIn, live_server: LiveServer
) -> None:
    tokens.issue("brana", scope_of(PURPOSES, [NUMBER]), NOW, "test")
    store([Inbound("brana", number, ME, number, "x" * 300, NOW) for number in ("+420739000111", NUMBER)], NOW)
    memberships.invite(office.id, "manager", "token-of-the-link", NOW, "administrator")
    session = signed_in(OPERATOR).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    under_admin = ("gateways/", "gateways/strays/", "gateways/tokens/new", "gateways/tokens/of/brana", "users/")
    for path in ["/account/join/token-of-the-link", *(f"/demo/admin/{path}" for path in under_admin)]:
        page.goto(path)
        assert_for_everybody(page)


def assert_for_everybody(page: Page) -> None:
    """On a wide screen and on a telephone."""
    expect(page.locator("h1")).to_have_count(1)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        assert_nothing_is_cut(page)
        assert_accessible(page)


@pytest.mark.usefixtures("lived_in")
def test_a_closure_shows_whom_it_hits_before_anything_happens_without_scripts(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "manager")
    page.goto("/demo/admin/closures/new")
    page.get_by_label("První den").fill("2026-08-10")
    page.get_by_label("Důvod", exact=True).fill("Porucha")
    page.get_by_role("button", name="Uložit").click()
    expect(page.get_by_role("row", name="NOVAK")).to_contain_text("14:00")
    assert_nothing_is_cut(page)
    assert models.Booking.objects.get().state == "booked"
    page.get_by_role("button", name="Zavřít a objednávky zrušit").click()
    message = "Uloženo. Objednávky jsme zrušili a zprávy o tom právě posíláme."
    expect(page.get_by_role("status")).to_have_text(message)
    assert models.Booking.objects.get().state == "cancelled"
    sent = models.Outbound.objects.get(kind="called_off")
    assert (sent.recipient, "ZOP pon 10.8. 14:00" in sent.text, "Porucha" in sent.text) == (ME, True, True)
    context.close()


@pytest.mark.usefixtures("lived_in")
def test_mistakes_are_reported_at_their_field_and_read_out(page: Page) -> None:
    sign_in(page)
    page.goto("/demo/admin/agendas/doklady/hours/0")
    page.get_by_label("Do", exact=True).fill("07:00")
    page.get_by_role("button", name="Uložit").click()
    closes = page.get_by_label("Do", exact=True)
    expect(closes).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_closes_error")).to_have_text("Konec musí být později než začátek.")
    assert_accessible(page)


@pytest.mark.usefixtures("lived_in")
def test_a_service_is_made_by_keyboard_alone(page: Page) -> None:
    sign_in(page)
    page.goto("/demo/admin/services/new")
    page.get_by_label("Zkratka do SMS").focus()
    page.keyboard.type("RYB")
    page.keyboard.press("Tab")
    page.keyboard.type("rybářský lístek")
    for _ in ("the title in English", "the agenda", "the minutes"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="RYB")).to_be_visible()
    assert_focus_is_always_seen(page)
