"""A real browser for tests of the pages, the machine's Chromium, and checks that every page must pass."""

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

WIDE, NARROW = 1100, 320

# The same browser without its windows costs half the time; the others are for machines that have only those.
_CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox",  # tests also run as root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module."""
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    # Playwright keeps an event loop in this thread, where the tests also use the database synchronously.
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": WIDE, "height": 800})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console stays empty: nothing blocked, nothing missing, no error."""
    errors: list[str] = []

    def record(message: ConsoleMessage) -> None:
        # The test's own server has no event streams (tests/web/streams has one that does).
        if "404" not in message.text or not re.search(r"/nowhere/|/board/stream$", message.location["url"]):
            errors.append(f"{message.text} {message.location['url']}")

    page = context.new_page()
    page.on("console", record)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == [], errors


def assert_focus_is_always_seen(page: Page) -> None:
    """Walk the page by keyboard: every focused element shows its focus."""
    for _ in range(page.locator("a, button, input:not([type=hidden]), select, textarea").count()):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(focused => focused.matches('a, button, input, select, textarea, [tabindex=\"0\"]') "
            "? getComputedStyle(focused).outlineStyle : 'none of ours')(document.activeElement)"
        )
        assert outline in {"solid", "none of ours"}, page.evaluate("document.activeElement.outerHTML")


def assert_nothing_is_cut(page: Page) -> None:
    """The page does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("window.innerWidth"), page.url


def assert_accessible(page: Page) -> None:
    """Axe finds no violations."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
