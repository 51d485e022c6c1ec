"""A press without a connection: held back and told, at the desk and on its other pages, and done once later."""

from collections.abc import Iterator
from datetime import time

import pytest
from playwright.sync_api import Browser, Page, expect

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive
from prepazka.store import models
from tests.web.conftest import NOW
from tests.web.desk.test_two_clerks import desk_of, press
from tests.web.serving import serve
from tests.web.staff import SignedIn

NOTHING_CHANGED = "stisk neodešel a nic se nezměnilo"


@pytest.fixture
def address(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def desk(browser: Browser, address: str, signed_in: SignedIn, office: Office) -> Iterator[Page]:
    """A clerk who calls somebody."""
    arrive.walk_in(office.id, "ZOP", NOW)
    page = desk_of(browser, address, signed_in, "clerk")
    press(page, "Obsadit přepážku: Přepážka 1")
    press(page, "Zavolat dalšího")
    expect(page.locator(".client .label")).to_contain_text("D1 voláte")
    page.wait_for_load_state()  # without the page's scripts nothing holds a press back
    yield page
    page.context.close()


def acts() -> list[str]:
    return list(models.TicketEvent.objects.order_by("id").values_list("act", flat=True))


def test_a_press_without_a_connection_is_held_back_and_done_once_later(desk: Page, office: Office) -> None:
    desk.context.set_offline(True)
    for _ in range(2):
        press(desk, "Klient je tu")
        expect(desk.locator("#unsent")).to_contain_text(NOTHING_CHANGED)
    expect(desk.locator(".client .label")).to_contain_text("D1 voláte")
    assert acts() == ["arrive", "call"]
    desk.context.set_offline(False)
    expect(desk.locator("#unsent")).to_be_hidden()
    press(desk, "Klient je tu")
    expect(desk.locator(".client .label")).to_contain_text("D1 obsluhujete")
    assert acts() == ["arrive", "call", "serve"]


def test_so_is_one_that_the_computer_believes_could_be_sent(desk: Page, office: Office) -> None:
    """The office cannot be reached, while the computer's own cable is plugged in."""
    desk.clock.install()
    desk.route("**/board/stream", lambda route: route.abort())
    desk.reload()
    desk.clock.run_for(5_000)
    expect(desk.locator("#old")).to_be_visible()
    for lost in ("**/healthz", "**/desk/act"):
        desk.route(lost, lambda route: route.abort())
    press(desk, "Klient je tu")
    expect(desk.locator("#unsent")).to_contain_text(NOTHING_CHANGED)
    assert acts() == ["arrive", "call"]
    for found in ("**/healthz", "**/desk/act"):
        desk.unroute(found)
    press(desk, "Klient je tu")
    expect(desk.locator(".client .label")).to_contain_text("D1 obsluhujete")
    assert acts() == ["arrive", "call", "serve"]


def test_what_was_typed_on_another_page_stays_until_the_connection_is_back(desk: Page, office: Office) -> None:
    booked = submit(office.id, BookingRequest(Book("ZOP", NOW.date(), time(14), "Běta Lhotová"), "desk"), NOW)
    assert booked.outcome == "booked"
    desk.goto(f"/demo/desk/bookings/{models.Booking.objects.get().id}")
    desk.get_by_label("Poznámka", exact=True).fill("přijde s dcerou")
    desk.context.set_offline(True)
    press(desk, "Uložit")
    expect(desk.locator("#unsent")).to_contain_text(NOTHING_CHANGED)
    expect(desk.get_by_label("Poznámka", exact=True)).to_have_value("přijde s dcerou")
    desk.context.set_offline(False)
    press(desk, "Uložit")
    expect(desk.get_by_text("Poznámka je uložená.")).to_be_visible()
    assert models.Booking.objects.get().note == "přijde s dcerou"
