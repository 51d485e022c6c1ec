"""A counter stands on every page with its word: a number alone says nothing, and the word is not said twice."""

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, expect

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import models, offices
from tests.waiting import DEADLINE
from tests.web.conftest import NOW
from tests.web.serving import serve
from tests.web.staff import SignedIn

ALONE = re.compile(r">\s*(?:→ )?(?:7|12)\s*<|[:–] ?(?:7|12)[.<]|U přepážky [Pp]řepážka \d")


@pytest.fixture
def numbered(office: Office) -> Office:
    """Counters as offices really name them: by a number alone, by a number with our word, by a name."""
    titles = ("7", "přepážka 12", "Matrika – kancelář 4")
    counters = tuple(replace(one, title=title) for one, title in zip(office.counters, titles, strict=True))
    return offices.load(offices.keep(replace(office, counters=counters), NOW))


def text_of(client: Client, path: str) -> str:
    page = client.get(path, follow=True).content.decode().replace("\u00a0", " ")
    return re.sub(r"<b>(?:7|12)</b>|<dd[^>]*>\d+</dd>|<option[^>]*>\d+</option>", "", page)


def test_a_number_is_told_with_its_word_on_every_page(client: Client, signed_in: SignedIn, numbered: Office) -> None:
    for place, who in enumerate(("clerk", "manager")):
        arrive.walk_in(numbered.id, "ZCD", NOW)
        seat.sit_down(numbered.id, numbered.counters[place].id, who, NOW)
        call.call_next(numbered.id, who, NOW)
    clerk, administrator = signed_in("clerk"), signed_in("administrator")
    for visitor, path, told in (
        (client, "/demo/board/", ("Přepážka 7", "Přepážka 12")),
        (client, "/demo/screen/", ("přepážka 7", "přepážka 12")),
        (client, "/demo/screen/counter/prepazka-1/", ("Přepážka 7",)),
        (clerk, "/demo/desk/", ("Přepážka 7", "Přepážka 12")),
        (administrator, "/demo/desk/", ("Přepážka 7", "Přepážka 12")),
        (administrator, "/demo/admin/hall/", ("Přepážka 7", "Přepážka 12")),
        (administrator, "/demo/admin/what-if/", ("Přepážka 7: kolik takových",)),
    ):
        page = text_of(visitor, path)
        for words in told:
            assert words in page, (path, words)
        assert not (found := ALONE.search(page)), (path, found)


def test_so_do_sentences(client: Client, signed_in: SignedIn, numbered: Office) -> None:
    clerk = signed_in("clerk")
    outcome = submit(
        numbered.id, BookingRequest(Book("ZOP", NOW.date(), NOW.time().replace(hour=9), "Líba Horká"), "web"), NOW
    )
    assert outcome.outcome == "booked"
    code = {"code": models.Booking.objects.get().code, "go": "1"}
    client.post("/demo/kiosk/code/", code | {"key": str(uuid4())})
    seat.sit_down(numbered.id, numbered.counters[1].id, "manager", NOW)
    call.call_next(numbered.id, "manager", NOW)
    kiosk = client.post("/demo/kiosk/code/", code | {"key": str(uuid4())}, follow=True).content.decode()
    assert "Lístek D1 volá přepážka 12." in kiosk.replace("\u00a0", " ")
    taken = clerk.post("/demo/desk/sit", {"counter": numbered.counters[1].id}, follow=True).content.decode()
    assert "<h1>Přepážka 12</h1>" in taken
    arrive.walk_in(numbered.id, "ZCD", NOW)
    seat.sit_down(numbered.id, numbered.counters[0].id, "clerk", NOW)
    call.call_next(numbered.id, "clerk", NOW)
    left = clerk.post("/account/sign-out", {"counter": "close"}, follow=True).content.decode().replace("\u00a0", " ")
    assert "Přepážka 7: je tu lístek D2." in left


@pytest.fixture
def address(numbered: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}/demo/board/"


def test_so_does_a_call_that_comes_while_the_page_is_open(
    numbered: Office, context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#reload")).to_have_count(0, timeout=DEADLINE * 1000)
    arrive.walk_in(numbered.id, "ZCD", NOW)
    seat.sit_down(numbered.id, numbered.counters[0].id, "clerk", NOW)
    call.call_next(numbered.id, "clerk", NOW)
    expect(page.locator("#calling td").first).to_have_text("Přepážka 7", timeout=DEADLINE * 1000)
    expect(page.locator("#said")).to_have_text("Lístek D1: Přepážka 7.")
