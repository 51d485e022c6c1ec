"""Two clerks and a board in a real browser, with event streams: each sees what the others do without reloading."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive
from tests.web.browsing import (
    NARROW,
    PATIENCE,
    WIDE,
    assert_accessible,
    assert_focus_is_always_seen,
    assert_nothing_is_cut,
)
from tests.web.conftest import NOW
from tests.web.serving import serve
from tests.web.staff import SignedIn


@pytest.fixture
def address(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def outside(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser of nobody in particular."""
    context = browser.new_context(base_url=address, viewport={"width": WIDE, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def desk_of(browser: Browser, address: str, signed_in: SignedIn, who: str, **options: object) -> Page:
    """The desk of an official, in a browser of their own."""
    context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]  # java_script_enabled and the like
    context.set_default_timeout(PATIENCE)
    cookie = signed_in(who).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto("/demo/desk/")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_what_one_clerk_does_the_other_and_the_board_see(
    browser: Browser, outside: BrowserContext, address: str, signed_in: SignedIn, office: Office
) -> None:
    board, screen = outside.new_page(), outside.new_page()
    board.goto("/demo/board/")
    screen.goto("/demo/screen/")
    one, two = (desk_of(browser, address, signed_in, who) for who in ("clerk", "manager"))
    press(one, "Obsadit přepážku: Přepážka 1")
    press(two, "Obsadit přepážku: Přepážka 2")
    arrive.walk_in(office.id, "ZOP", NOW)
    for page in (one, two):
        expect(page.get_by_role("heading", name="Čekají (1)")).to_be_visible()
    press(one, "Zavolat dalšího")
    expect(two.get_by_text("D1 Přepážka 1")).to_be_visible()
    expect(two.get_by_role("heading", name="Čekají (0)")).to_be_visible()
    expect(board.locator("#calling")).to_contain_text("D1")
    expect(board.locator("#said")).to_have_text("Lístek D1: Přepážka 1.")
    expect(screen.locator("#calling li")).to_contain_text("D1")
    press(one, "Klient je tu")
    expect(board.locator("#calling tr")).to_have_count(0)
    expect(board.get_by_text("Teď nevoláme nikoho.")).to_be_visible()
    expect(board.locator("#last")).to_contain_text("D1")
    for page in (one, two):
        page.context.close()


def test_a_lost_line_is_said_and_heals_itself(outside: BrowserContext, office: Office) -> None:
    page = outside.new_page()
    page.clock.install()
    page.goto("/demo/board/")
    expect(page.locator("#reload")).to_have_count(0)
    page.route("**/board/stream", lambda route: route.abort())
    outside.set_offline(True)
    page.clock.run_for(40_000)
    expect(page.get_by_text("Spojení je přerušené")).to_be_visible()
    arrive.walk_in(office.id, "ZOP", NOW)
    page.unroute("**/board/stream")
    outside.set_offline(False)
    page.clock.run_for(40_000)
    expect(page.locator("[data-agenda] [data-of=waiting]").first).to_have_text("1")
    page.clock.run_for(2_000)
    expect(page.get_by_text("Spojení je přerušené")).to_be_hidden()


def test_the_desk_works_without_scripts(browser: Browser, address: str, signed_in: SignedIn, office: Office) -> None:
    arrive.walk_in(office.id, "ZOP", NOW)
    page = desk_of(browser, address, signed_in, "clerk", java_script_enabled=False)
    press(page, "Obsadit přepážku: Přepážka 1")
    press(page, "Zavolat dalšího")
    press(page, "Klient je tu")
    press(page, "Hotovo")
    expect(page.get_by_text("Nikdo nečeká.")).to_be_visible()
    page.context.close()


def listening_to_keys(page: Page) -> None:
    """Wait for the script of a page that was just come to."""
    expect(page.locator("#help")).to_be_visible()


def test_keys_work_for_those_who_want_them(browser: Browser, address: str, signed_in: SignedIn, office: Office) -> None:
    arrive.walk_in(office.id, "ZOP", NOW)
    page = desk_of(browser, address, signed_in, "clerk")
    press(page, "Obsadit přepážku: Přepážka 1")
    listening_to_keys(page)
    page.keyboard.press("d")
    expect(page.get_by_role("button", name="Zavolat dalšího", exact=True)).to_be_visible()
    page.keyboard.press("?")
    page.get_by_label("Používat zkratky na tomto počítači").check()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.get_by_text("D1 voláte")).to_be_visible()
    listening_to_keys(page)
    page.get_by_label("Odložit na").focus()
    page.keyboard.press("o")
    expect(page.get_by_text("D1 voláte")).to_be_visible()
    page.locator("main").focus()
    page.keyboard.press("o")
    expect(page.get_by_text("D1 obsluhujete")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_suits_everybody(
    browser: Browser, outside: BrowserContext, address: str, signed_in: SignedIn, office: Office, width: int
) -> None:
    for service in ("ZOP", "PTP"):
        arrive.walk_in(office.id, service, NOW, priority=True)
    public = outside.new_page()
    staff = desk_of(browser, address, signed_in, "clerk", reduced_motion="reduce")
    for page in (public, staff):
        page.set_viewport_size({"width": width, "height": 800})

    def suits(page: Page) -> None:
        page.wait_for_load_state()
        assert_nothing_is_cut(page)
        assert_accessible(page)
        assert_focus_is_always_seen(page)

    suits(staff)
    press(staff, "Obsadit přepážku: Přepážka 1")
    suits(staff)
    press(staff, "Zavolat dalšího")
    expect(staff.get_by_text("D1 voláte")).to_be_visible()
    suits(staff)
    for path in ("/demo/board/", "/demo/screen/"):
        public.goto(path)
        suits(public)
    staff.goto("/demo/desk/bookings/new/?service=ZOP&day=2026-08-10")
    suits(staff)
    staff.get_by_label("14:00").check()
    press(staff, "Objednat")
    staff.get_by_label("Jméno a příjmení").fill("Jan Novák")
    press(staff, "Objednat")
    expect(staff.get_by_role("heading", name="Potvrzení objednávky")).to_be_visible()
    suits(staff)
    staff.get_by_role("link", name="Objednávky toho dne").click()
    expect(staff.get_by_role("heading", level=1)).to_contain_text("10. 8. 2026".replace(" ", "\u00a0"))
    suits(staff)
    staff.context.add_cookies([{"name": "language", "value": "en", "url": address}])
    staff.goto("/demo/desk/bookings/?day=2026-09-30")
    expect(staff.get_by_role("heading", level=1)).to_contain_text("Wednesday")
    assert_nothing_is_cut(staff)
    staff.context.close()
