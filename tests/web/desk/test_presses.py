"""A clerk's day in a browser, its presses counted: what is done eighty times a day takes as few as can be."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive
from prepazka.store import models, offices
from tests.waiting import DEADLINE
from tests.web.conftest import NOW
from tests.web.desk.test_two_clerks import desk_of
from tests.web.serving import serve
from tests.web.staff import SignedIn

CLIENTS, A_FEW = 80, 8
WITHIN = DEADLINE * 1000
MOST = {"serve and take the next": 2, "without a code": 2, "at once": 3, "for a caller": 6, "not here, a call": 1}
"""What the work may take, in presses: a button, a link, a key that sends a form, or a choice in a list."""


@pytest.fixture
def address(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}"


class CountedClerk:
    """A clerk whose presses are counted, each for the work it is a part of."""

    def __init__(self, page: Page) -> None:
        self.page, self.work = page, ""
        self.presses: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def begin(self, work: str) -> None:
        self.work = work
        self.done[work] += 1

    def press(self, name: str, role: Any = "button") -> None:
        self.presses[self.work] += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def choose(self, label: str, value: str) -> None:
        self.presses[self.work] += 1
        self.page.get_by_label(label, exact=True).select_option(value)

    def enter(self, label: str) -> None:
        self.presses[self.work] += 1
        self.page.get_by_label(label, exact=True).press("Enter")

    def shows(self, words: str) -> None:
        expect(self.page.locator(".client .label")).to_contain_text(words, timeout=WITHIN)


def day_of(office: Office, clients: int) -> None:
    """As many people wait as are served, and one booked client comes without the code."""
    for place in range(clients + 2):
        arrive.walk_in(office.id, ("ZOP", "POP", "ZCD")[place % 3], NOW - timedelta(seconds=40 * (clients + 2 - place)))
    booked = Book("ZOP", NOW.date(), time(9), "Anežka Lhotová")
    requested = BookingRequest(booked, "desk", "+420604552119")
    assert submit(office.id, requested, NOW - timedelta(days=2)).outcome == "booked"


def test_a_day_of_eighty_clients_takes_few_presses(
    browser: Browser, address: str, signed_in: SignedIn, office: Office, *, whole: bool
) -> None:
    """In its short form eight clients; `make test-long` serves all of them."""
    clients = CLIENTS if whole else A_FEW
    day_of(office, clients)
    clerk = CountedClerk(desk_of(browser, address, signed_in, "clerk", viewport={"width": 1280, "height": 720}))
    clerk.press("Obsadit přepážku: Přepážka 1")
    clerk.press("Zavolat dalšího")
    for _ in range(clients):
        clerk.begin("serve and take the next")
        clerk.shows("voláte")
        clerk.press("Klient je tu")
        clerk.shows("obsluhujete")
        clerk.press("Hotovo a další")
    not_here(clerk)
    without_a_code(clerk)
    at_once(clerk)
    for_a_caller(clerk)
    a_press = {work: clerk.presses[work] / count for work, count in clerk.done.items()}
    assert a_press == MOST
    assert models.Ticket.objects.filter(state="done").count() == clients + 1


def not_here(clerk: CountedClerk) -> None:
    clerk.begin("not here, a call")
    clerk.shows("voláte")
    clerk.press("Klient tu není")
    clerk.shows("Nikdo")


def without_a_code(clerk: CountedClerk) -> None:
    clerk.begin("without a code")
    clerk.page.get_by_label("Najít klienta", exact=True).fill("lhot")
    clerk.enter("Najít klienta")
    clerk.press("Klient je tu: Anežka Lhotová")
    expect(clerk.page.get_by_role("row", name="Anežka Lhotová")).to_contain_text("lístek")
    clerk.page.goto("/demo/desk/")


def at_once(clerk: CountedClerk) -> None:
    """Somebody who stands at the counter: the third press is the one that ends it."""
    clerk.begin("at once")
    clerk.choose("Činnost", "ZCD")
    clerk.press("Vydat a obsloužit")
    clerk.shows("obsluhujete")
    clerk.press("Hotovo")
    clerk.shows("Nikdo")


def for_a_caller(clerk: CountedClerk) -> None:
    page = clerk.page
    clerk.begin("for a caller")
    clerk.press("Objednat klienta", "link")
    clerk.choose("Činnost", "ZOP")
    clerk.presses[clerk.work] += 1
    page.get_by_label("Den", exact=True).fill("2026-08-11")
    clerk.press("Zobrazit volné časy")
    clerk.presses[clerk.work] += 1
    page.get_by_label("9:15", exact=True).check()
    page.get_by_label("Jméno a příjmení").fill("Běta Nováková")
    clerk.press("Objednat")
    expect(page.get_by_role("heading", name="Potvrzení objednávky")).to_be_visible()


def test_with_one_press_mode_the_next_client_is_one_press_away(
    browser: Browser, address: str, signed_in: SignedIn, office: Office
) -> None:
    offices.keep(replace(office, settings=replace(office.settings, one_press=True)), NOW)
    day_of(office, 3)
    clerk = CountedClerk(desk_of(browser, address, signed_in, "clerk"))
    clerk.press("Obsadit přepážku: Přepážka 1")
    clerk.press("Zavolat dalšího")
    for number in ("D1", "D2", "D3"):
        clerk.begin("serve and take the next")
        clerk.shows(f"{number} voláte")
        clerk.press("Další")
    clerk.shows("D4 voláte")
    assert clerk.presses["serve and take the next"] == 3
