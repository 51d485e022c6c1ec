"""The page of the desk with forty people waiting: it fits, says what is special, and renews itself or says why not."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from prepazka.core.booking.book import Book
from prepazka.core.booking.outcomes import Booked
from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import Destination, TicketRef
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import models
from prepazka.web.desk.keys import list_keys
from tests.web.browsing import assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.desk.test_two_clerks import desk_of, press
from tests.web.serving import serve
from tests.web.staff import SignedIn


@pytest.fixture
def address(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}"


def fill(office: Office) -> None:
    """Forty people wait: booked, with priority, parked, handed over, late, and others; one is served elsewhere."""
    for place in range(36):
        came = NOW - timedelta(minutes=59 - place)
        arrive.walk_in(office.id, ("ZOP", "ZCD", "PTP")[place % 3], came, priority=place % 9 == 0)
    for place, at in enumerate((time(9), time(9, 15), time(8, 30), time(8))):
        book = Book("ZOP", NOW.date(), at, f"Nováková-Dvořáčková {'ABCD'[place]}")
        outcome = submit(office.id, BookingRequest(book, "desk", f"+42060455211{place}"), NOW - timedelta(days=2))
        assert isinstance(outcome, Booked)
        assert outcome.booking.id is None
    for booking in models.Booking.objects.all():
        arrive.check_in_booking(office.id, booking.id, NOW, "clerk")
    seat.sit_down(office.id, office.counters[1].id, "manager", NOW)
    for number, handed in ((2, False), (4, True)):
        ticket = models.Ticket.objects.get(prefix="D", number=number)
        ref = TicketRef(ticket.id, ticket.version)
        if handed:
            to = Destination(counter=office.counters[1].id)
            call.transfer(office.id, "manager", ref, NOW, to)
        else:
            call.park(office.id, "manager", ref, NOW, NOW + timedelta(minutes=15))


@pytest.mark.parametrize("width", [320, 640, 768, 1280])
def test_the_bar_never_reaches_up_to_the_menu(
    browser: Browser, address: str, signed_in: SignedIn, office: Office, width: int
) -> None:
    page = desk_of(browser, address, signed_in, "clerk", viewport={"width": width, "height": 900})
    menu = page.locator("header.top").bounding_box()
    assert menu
    for part in (".bar h1", ".bar input:visible", ".bar button:visible"):
        box = page.locator(part).first.bounding_box()
        assert box
        assert box["y"] >= menu["y"] + menu["height"] + 4, part
    page.context.close()


def fits(page: Page) -> bool:
    """Whether nothing but the queue scrolls, on a page that was just come to."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollHeight <= window.innerHeight"))


def test_forty_people_fit_on_a_small_screen(
    browser: Browser, address: str, signed_in: SignedIn, office: Office, tmp_path: Path
) -> None:
    fill(office)
    page = desk_of(browser, address, signed_in, "clerk", viewport={"width": 1280, "height": 720})
    press(page, "Obsadit přepážku: Přepážka 1")
    for step in ("Zavolat dalšího", "Klient je tu"):
        assert fits(page), step
        press(page, step)
    expect(page.locator(".client .label")).to_contain_text("obsluhujete")
    assert fits(page)
    for part in ("#live-client", "#live-next", ".issue", "#live-others", "#live-queue"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720, part
    page.screenshot(path=tmp_path / "wide.png")
    assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert_nothing_is_cut(page)
    page.screenshot(path=tmp_path / "narrow.png", full_page=True)
    page.context.close()


def test_what_is_special_is_a_word_and_the_order_is_that_of_calling(signed_in: SignedIn, office: Office) -> None:
    fill(office)
    clerk = signed_in("clerk")
    clerk.post("/demo/desk/sit", {"counter": office.counters[0].id})
    page = clerk.get("/demo/desk/")
    text = page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "obj. 9:00",
        "pozdě",
        "přednost",
        "Odložení (",
        "do 9:15",
        "→ přepážka 2",
        "Čekají (40)",
        "nejdéle 59 min",
    ):
        assert words in text, words
    first = [line.ticket.label for line in page.context["next"]]
    called = []
    for _ in range(3):
        clerk.post("/demo/desk/act", {"act": "next"})
        ticket = models.Ticket.objects.get(state="called", counter_id=office.counters[0].id)
        called.append(f"{ticket.prefix}{ticket.number}")
        for act in ("serve", "done"):
            ticket.refresh_from_db()
            clerk.post("/demo/desk/act", {"act": act, "ticket": ticket.id, "version": ticket.version})
    assert first == called
    assert "<title>(" in text


def test_the_filter_shows_the_counters_own_agendas(signed_in: SignedIn, office: Office) -> None:
    fill(office)
    clerk = signed_in("clerk")
    clerk.post("/demo/desk/sit", {"counter": office.counters[2].id})
    only = clerk.get("/demo/desk/?only=ours", follow=True).context
    everything = clerk.get("/demo/desk/?only=all", follow=True).context
    assert len(everything["waiting"]) == 40
    assert 0 < len(only["waiting"]) == only["ours_count"] < 40


def test_twenty_four_keys_each_belong_to_something(signed_in: SignedIn, office: Office) -> None:
    listed = [key.key.lower() for subject in list_keys() for key in subject.keys]
    assert (len(listed), len(set(listed))) == (24, 24)
    clerk = signed_in("clerk")
    arrive.walk_in(office.id, "ZOP", NOW)
    for _ in range(3):
        arrive.walk_in(office.id, "ZOP", NOW)
    clerk.post("/demo/desk/sit", {"counter": office.counters[0].id})
    pages = [clerk.get("/demo/desk/").content.decode()]
    clerk.post("/demo/desk/act", {"act": "next"})
    pages.append(clerk.get("/demo/desk/").content.decode())
    ticket = models.Ticket.objects.get(state="called")
    clerk.post("/demo/desk/act", {"act": "serve", "ticket": ticket.id, "version": ticket.version})
    pages.append(clerk.get("/demo/desk/").content.decode())
    for key in listed:
        assert key == "?" or any(f'data-key="{key}"' in page for page in pages), key


def test_the_page_says_that_it_waits_for_a_choice_or_cannot_renew_itself(
    browser: Browser, address: str, signed_in: SignedIn, office: Office
) -> None:
    arrive.walk_in(office.id, "ZOP", NOW)
    page = desk_of(browser, address, signed_in, "clerk", viewport={"width": 1280, "height": 720})
    press(page, "Obsadit přepážku: Přepážka 1")
    press(page, "Zavolat dalšího")
    expect(page.get_by_text("D1 voláte")).to_be_visible()
    page.get_by_label("Odložit na").focus()
    call.recall(office.id, "clerk", ref(), NOW)
    expect(page.locator("#frozen")).to_be_visible()
    arrive.walk_in(office.id, "ZOP", NOW)
    expect(page.get_by_role("heading", name="Čekají (1)")).to_be_visible()  # the rest of the page goes on
    page.locator("h1").click()
    expect(page.locator("#frozen")).to_be_hidden()
    expect(page.locator("#recall")).to_have_text("Volat znovu (1)")
    page.route("**/desk/?live", lambda route: route.fulfill(status=500))
    arrive.walk_in(office.id, "ZOP", NOW)
    expect(page.locator("#failing")).to_be_visible()
    page.unroute("**/desk/?live")
    expect(page.locator("#failing")).to_be_hidden()
    expect(page.get_by_role("heading", name="Čekají (2)")).to_be_visible()
    expect(page).to_have_title("(2) Přepážka 1 – Městský úřad")
    page.context.close()


def ref() -> TicketRef:
    ticket = models.Ticket.objects.get(number=1)
    return TicketRef(ticket.id, ticket.version)


# --- presses counted -------------------------------------------------------------------------------


class Hand:
    """Counts the presses of a clerk."""

    def __init__(self, client: Client) -> None:
        self.client, self.presses = client, 0

    def press(self, path: str, **fields: Any) -> Any:
        """Press a button of a page."""
        self.presses += 1
        return self.client.post(path, fields, follow=True)

    def act(self, act: str) -> Any:
        """Press a button about the client at the counter."""
        ticket = models.Ticket.objects.filter(state__in=["called", "serving"]).first()
        seen = {"ticket": ticket.id, "version": ticket.version} if ticket else {}
        return self.press("/demo/desk/act", act=act, **seen)


@pytest.fixture
def hand(signed_in: SignedIn, office: Office) -> Hand:
    client = signed_in("clerk")
    client.post("/demo/desk/sit", {"counter": office.counters[0].id})
    return Hand(client)


def called(now: datetime = NOW) -> None:
    arrive.walk_in(models.Office.objects.get(slug="demo").id, "ZOP", now)


@pytest.mark.parametrize(("one_press", "presses"), [(True, 1), (False, 2)])
def test_serving_and_taking_the_next_takes_one_or_two_presses(
    hand: Hand, office: Office, *, one_press: bool, presses: int
) -> None:
    models.Office.objects.filter(slug="demo").update(one_press=one_press, version=99)
    for _ in range(2):
        called()
    hand.client.post("/demo/desk/act", {"act": "next"})
    for act in ["next"] if one_press else ["serve", "next"]:
        hand.act(act)
    assert [one.state for one in models.Ticket.objects.order_by("id")] == ["done", "called"]
    assert hand.presses == presses


def test_a_client_without_a_code_takes_two_presses(hand: Hand, office: Office) -> None:
    book = Book("ZOP", NOW.date(), time(9), "Zdena Lhotová")
    submit(office.id, BookingRequest(book, "desk", "+420604552118"), NOW - timedelta(days=2))
    booking = models.Booking.objects.get()
    found = hand.press("/demo/desk/bookings/find", find="lhot").content.decode()
    assert f"/demo/desk/bookings/{booking.id}/check-in" in found
    hand.press(f"/demo/desk/bookings/{booking.id}/check-in")
    assert (models.Ticket.objects.get().booking_id, hand.presses) == (booking.id, 2)


def test_a_walk_in_served_at_once_takes_three_presses(hand: Hand, office: Office) -> None:
    hand.press("/demo/desk/act", act="walk_in", service="ZOP")
    hand.act("next")
    hand.act("serve")
    assert (models.Ticket.objects.get().state, hand.presses) == ("serving", 3)


def test_a_no_show_takes_one_press_a_call(hand: Hand, office: Office) -> None:
    called()
    hand.client.post("/demo/desk/act", {"act": "next"})
    hand.act("not_here")
    assert (models.Ticket.objects.get().state, hand.presses) == ("waiting", 1)


def test_booking_for_a_caller_takes_at_most_six_presses(
    browser: Browser, address: str, signed_in: SignedIn, office: Office
) -> None:
    page = desk_of(browser, address, signed_in, "clerk")
    presses = 0

    def count(name: str, role: Any = "button") -> None:
        nonlocal presses
        presses += 1
        page.get_by_role(role, name=name, exact=True).click()

    count("Objednat klienta", "link")
    page.get_by_label("Činnost").select_option("ZCD")
    presses += 1
    page.get_by_label("Den").fill("2026-08-10")
    presses += 1
    count("Zobrazit volné časy")
    page.get_by_label("14:00", exact=True).check()
    presses += 1
    page.get_by_label("Jméno a příjmení").fill("Zdena Lhotová")
    count("Objednat")
    expect(page.get_by_role("heading", name="Potvrzení objednávky")).to_be_visible()
    assert presses <= 6
    page.context.close()


def test_the_seconds_to_take_a_press_back_stand_apart_from_its_word(
    browser: Browser, address: str, signed_in: SignedIn, office: Office
) -> None:
    arrive.walk_in(office.id, "PCD", NOW)
    page = desk_of(browser, address, signed_in, "clerk", viewport={"width": 1280, "height": 720})
    press(page, "Obsadit přepážku: Přepážka 1")
    press(page, "Zavolat dalšího")
    expect(page.locator("#undo-press")).to_have_text(re.compile(r"^\s*Vrátit \d+ s\s*$"), use_inner_text=True)
    page.context.close()
