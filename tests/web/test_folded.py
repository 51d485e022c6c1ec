"""The office's page folded: every form with its example in sight, all of it found by a press, without scripts."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from tests.web.browsing import NARROW, WIDE, assert_nothing_is_cut


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_each_form_is_a_line_with_its_example_until_it_is_opened(
    office: Office, browser: Browser, live_server: LiveServer, width: int
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 740}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/demo/")
    forms = page.locator(".form")
    assert forms.count() > 12
    assert forms.locator("summary code:visible").count() == forms.count()
    assert page.locator(".pattern:visible").count() == 1, "the first form stands open"
    for closed in page.locator("main details:not([open]) > summary").all()[::-1]:
        closed.click()
    assert page.locator(".pattern:visible").count() == forms.count()
    assert_nothing_is_cut(page)
    context.close()
