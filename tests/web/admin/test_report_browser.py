"""The pages of reports in a browser: at two widths, for everybody, and on paper."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, TicketGiven
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import offices, queue
from tests.flows.counters.working_day import book
from tests.web.browsing import assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

PAGES = (
    "/demo/admin/report/?month=2026-07",
    "/demo/admin/forecast/",
    "/demo/admin/what-if/?try=1&month=2026-07&closed=4&closes=15:00",
    "/demo/desk/figures",
)


def ticket(outcome: object) -> Ticket:
    assert isinstance(outcome, Acted | TicketGiven), outcome
    return outcome.ticket


@pytest.fixture
def lived_in(office: Office, officials: object) -> Office:
    """Four weeks of July: eight people a day, served by the manager one after another; some booked and stayed away."""
    offices.keep(replace(office, settings=replace(office.settings, clerk_figures=True)), NOW)
    for back in range(28, 0, -1):
        opens = NOW.replace(hour=6) - timedelta(days=back)
        if opens.weekday() < 5:
            work(office, opens, back)
    return office


def work(office: Office, begin: datetime, back: int) -> None:
    seat.sit_down(office.id, office.counters[1].id, "manager", begin)
    book(office, begin + timedelta(hours=2), f"9{back:05}", channel=("sms", "web", "desk")[back % 3])
    for place in range(8):
        arrive.add_walk_in(office.id, ("ZOP", "PTP")[place % 2], begin + timedelta(minutes=3 * place), "manager")
    for place in range(7):
        at = begin + timedelta(minutes=11 * place)
        one = ticket(call.call_next(office.id, "manager", at))
        one = ticket(call.serve(office.id, "manager", one.ref, at))
        call.done(office.id, "manager", one.ref, at + timedelta(minutes=6 + back % 5))
    [left] = queue.active(office.id, begin.date())
    call.take_out(office.id, "manager", left.ref, begin + timedelta(hours=2), mistake=False)


@pytest.fixture
def manager(page: Page, lived_in: Office, signed_in: SignedIn, live_server: LiveServer) -> Page:
    page.set_default_timeout(90_000)  # each page draws its charts
    session = signed_in("manager").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return page


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_is_for_everybody(manager: Page, width: int) -> None:
    manager.set_viewport_size({"width": width, "height": 720})
    for path in PAGES:
        manager.goto(path)
        assert manager.locator("table").count() > 0, path
        assert_nothing_is_cut(manager)
        assert_accessible(manager)


def test_on_paper_there_is_the_signature_and_no_menu(manager: Page) -> None:
    manager.goto(PAGES[0])
    assert not manager.get_by_text("Podpis:").is_visible()
    manager.emulate_media(media="print")
    assert manager.get_by_text("Podpis:").is_visible()
    expect(manager.locator("nav.side:visible")).to_have_count(0)
    assert not manager.get_by_role("button", name="Zobrazit").is_visible()
    assert manager.pdf(prefer_css_page_size=True).startswith(b"%PDF")
