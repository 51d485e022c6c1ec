"""The kiosk in the hall: what is touched is in sight and apart, and it stands while the office cannot be reached."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from prepazka.core.office.office import Office
from prepazka.store import models
from tests.web.browsing import assert_accessible

TOUCHED = ".touch a, .touch button, .touch input:not([type=hidden])"


@pytest.mark.parametrize("path", ["", "code/"])
@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1280, 720), (1366, 768)])
def test_on_a_lying_screen_nothing_to_touch_is_below_its_edge(
    page: Page, office: Office, path: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"/demo/kiosk/{path}")
    for button in page.locator(TOUCHED).all():
        box = button.bounding_box()
        assert box
        assert box["y"] + box["height"] <= height, button.inner_text()
        assert box["height"] >= 44, button.inner_text()
    assert_accessible(page)


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1280, 800), (820, 1180)])
def test_nothing_to_touch_stands_close_to_another(page: Page, office: Office, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for path in ("", "code/"):
        page.goto(f"/demo/kiosk/{path}")
        boxes = [box for button in page.locator(TOUCHED).all() if (box := button.bounding_box())]
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                beside = max(one["x"], other["x"]) - min(one["x"] + one["width"], other["x"] + other["width"])
                below = max(one["y"], other["y"]) - min(one["y"] + one["height"], other["y"] + other["height"])
                assert max(beside, below) >= 8, (path, one, other)


@pytest.mark.parametrize("gone", ["cable", "office"])
def test_a_touch_without_a_connection_leaves_the_kiosk_standing(
    context: BrowserContext, office: Office, gone: str
) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto("/demo/kiosk/")
    lost = page.get_by_text("Spojení je přerušené a nic se nestalo.")
    if gone == "cable":
        context.set_offline(True)
    else:
        page.route("**/*", lambda route: route.abort())
    page.get_by_role("button", name="Převzetí cestovního dokladu").click()
    expect(lost).to_be_visible()
    page.get_by_role("link", name="Mám objednávku").click()
    page.clock.run_for(61_000)  # nobody touches anything: the browser's page of errors would never lead back
    expect(page.get_by_role("heading", name="Vyberte, co potřebujete")).to_be_visible()
    assert not models.Ticket.objects.exists()
    if gone == "cable":
        context.set_offline(False)
    else:
        page.unroute("**/*")
    page.clock.run_for(5_000)
    expect(lost).to_be_hidden()
    page.get_by_role("button", name="Převzetí cestovního dokladu").click()
    expect(page.locator(".ticket strong")).to_have_text("D1")
    assert models.Ticket.objects.count() == 1
    page.close()


def test_a_lost_connection_is_told_beside_what_was_touched(context: BrowserContext, office: Office) -> None:
    """On a standing screen its upper edge is two metres high."""
    page = context.new_page()
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto("/demo/kiosk/")
    context.set_offline(True)
    page.get_by_role("button", name="Žádost o vydání cestovního dokladu").click()
    lost = page.get_by_text("Spojení je přerušené a nic se nestalo.")
    expect(lost).to_be_visible()
    told, first = lost.bounding_box(), page.locator(TOUCHED).first.bounding_box()
    assert told
    assert first
    assert 500 < told["y"] + told["height"] <= first["y"]
    context.set_offline(False)
    page.close()
