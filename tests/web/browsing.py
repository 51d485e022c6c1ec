"""A real browser for tests of the pages, the machine's Chromium, and checks that every page must pass."""

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

WIDE, TABLET, NARROW = 1100, 768, 320
PATIENCE = 120_000
"""Milliseconds for anything to appear on a page; long enough for a loaded machine, and only a failing test waits so."""

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
        expect.set_options(timeout=PATIENCE)
        yield browser
        expect.set_options(timeout=None)
        browser.close()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": WIDE, "height": 800})
    context.set_default_timeout(PATIENCE)
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


# Focus that comes from a script shows as that of the keyboard once a key was pressed, and a page need not be asked
# after each press.
_FOCUS_UNSEEN = """() => [...document.querySelectorAll('a, button, input, select, textarea, [tabindex="0"]')]
    .filter(one => {
        one.focus();
        return document.activeElement === one && getComputedStyle(one).outlineStyle !== 'solid';
    }).map(one => one.outerHTML)"""


def assert_focus_is_always_seen(page: Page) -> None:
    """Whatever can have the focus shows it to who works by keyboard."""
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS_UNSEEN) == [], page.url


# What only readers of screens hear stands aside, and so does the link over the menu until it has the focus.
_OUT_OF_SIGHT = """() => [...document.querySelectorAll('a, button, input, select, textarea')]
    .filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && !one.matches('.skip') && (box.left < -1 || box.right > innerWidth + 1);
    }).map(one => one.outerHTML)"""


def assert_nothing_is_cut(page: Page) -> None:
    """The page does not scroll sideways, and nothing to press is out of sight at the side of a table that does."""
    assert page.evaluate(_OUT_OF_SIGHT) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("window.innerWidth"), page.url


def assert_accessible(page: Page) -> None:
    """Axe finds no violations."""
    if page.evaluate("typeof axe === 'undefined'"):  # not yet looked at, such as at another width
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    assert violations == [], AxeResults({"violations": violations}).generate_report()
